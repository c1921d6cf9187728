"""A database from before the migrations began anew: it can not be carried over, so it is begun anew as well.

Only the embedded server's, and only after a sentence that says what is lost; any other is left alone.
"""

import os
import shutil
import sys

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from config.process import embedded

# Recorded in each database from before, and in none since: no migration has that name any more.
OUTDATED = ("orders", "0002_last_line")
LOST = (
    "The data in {var} come from an earlier development version and can not be carried over, so this start makes a new "
    "demo shop. Lost are the old one's cases, orders, policies, people and their logins, photos and imported files, "
    "and the sandbox bank's books."
)
LEFT_ALONE = (
    "The database named by DATABASE_URL comes from an earlier development version and can not be carried over. "
    "Nothing was changed; name an empty one."
)


def renew_outdated() -> None:
    """Empty an embedded database from before, with the files that belong to it; exit when it is not ours to empty."""
    if OUTDATED not in MigrationRecorder(connection).applied_migrations():
        return
    if os.environ.get("DATABASE_URL") != embedded.database_url():
        sys.exit(LEFT_ALONE)
    print(LOST.format(var=settings.VAR_DIR), flush=True)
    # Photos and imported files belong to rows that are gone, and the cache to cases with the same numbers.
    _remove_files()
    cache.clear()
    # Last: a start that is broken off before this says so and does it again.
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def _remove_files() -> None:
    for folder in (settings.EVIDENCE_ROOT, settings.VAR_DIR / "imports"):
        shutil.rmtree(folder, ignore_errors=True)
    if settings.SANDBOX_STORE.is_relative_to(settings.VAR_DIR):
        for file in settings.VAR_DIR.glob(f"{settings.SANDBOX_STORE.name}*"):
            file.unlink()
