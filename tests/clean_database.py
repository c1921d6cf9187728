"""The database as migrations leave it: made once for all workers, and brought back after each test that commits."""

import fcntl
import hashlib
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import flush
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations

COLUMNS = """
SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'
"""
DIGEST_OF = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
RESTORED: list[str] = []


def template():
    """A database with all migrations, from which each worker's is copied; made anew when a migration has changed."""
    name, digest = f"{connection.settings_dict['NAME']}_template", _digest()
    with (Path(settings.VAR_DIR).parent / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with connection.creation._nodb_cursor() as cursor:
            cursor.execute(DIGEST_OF, [name])
            if cursor.fetchone() != (digest,):
                cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
                cursor.execute(f"CREATE DATABASE {name}")
                _migrate(name)
                cursor.execute(f"COMMENT ON DATABASE {name} IS '{digest}'")
    connection.settings_dict["TEST"]["TEMPLATE"] = name


def _migrate(name):
    own = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    call_command("migrate", verbosity=0, interactive=False)
    connection.close()
    connection.settings_dict["NAME"] = own


def _digest():
    """A digest of every migration."""
    files = sorted(Path(settings.BASE_DIR).glob("*/migrations/*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def remember():
    """Copy what migrations have put into tables: roles, reasons, the first policy."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA pristine")
        for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table})")
            if cursor.fetchone()[0]:
                cursor.execute(COLUMNS, [table])
                columns = cursor.fetchone()[0]
                cursor.execute(f"CREATE TABLE pristine.{table} AS SELECT {columns} FROM {table}")
                RESTORED.append(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM pristine.{table};")


def restored_by_flushing(patch):
    """Let a flush bring the tables back to what migrations put into them.

    Rows are deleted where there are any: TRUNCATE of hundreds of files takes fifty times as long. The role of a
    replica switches off foreign keys and the triggers of append-only tables.
    """

    def restoring(self, style, tables, **_options):
        filled = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in map(self.quote_name, tables))
        with self.connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(filled))
            emptied = [f"DELETE FROM {table};" for (table,) in cursor.fetchall()]
        role = "SET session_replication_role = {};"
        return [role.format("replica"), *emptied, *RESTORED, role.format("origin")]

    patch.setattr(DatabaseOperations, "sql_flush", restoring)
    patch.setattr(flush, "emit_post_migrate_signal", lambda *_args, **_options: None)
