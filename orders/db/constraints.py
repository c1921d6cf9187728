"""Which rule of the database an error is about, so that only the expected one becomes a sentence."""

from django.db import DatabaseError


def broken(error: DatabaseError) -> str:
    """Name of the constraint that refused a statement; empty when the server names none."""
    diagnostic = getattr(error.__cause__, "diag", None)
    return getattr(diagnostic, "constraint_name", None) or ""
