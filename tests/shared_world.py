"""A world built once for a whole module of tests: the transaction of each nests in the one it was built in."""

from contextlib import contextmanager

from django.db import transaction
from django.test import override_settings


@contextmanager
def world(blocker, places):
    """Make rows inside; afterwards none of them was ever there."""
    own = override_settings(SANDBOX_STORE=places / "sandbox.sqlite3", EVIDENCE_ROOT=places, WAKE_WORKERS=False)
    with blocker.unblock(), own, transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def undone():
    """Take back what happens inside, so that the next try finds the same rows."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
