"""Which constraint an error of the database is about, so that only an expected one becomes a sentence."""

from django.db import DatabaseError


def broken(error: DatabaseError) -> str:
    """Name of the constraint that refused a statement; empty when the server named none."""
    diagnostic = getattr(error.__cause__, "diag", None)
    return getattr(diagnostic, "constraint_name", None) or ""
