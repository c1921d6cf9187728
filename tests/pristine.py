"""The tables as migrations leave them, kept beside themselves: after a test that commits they are as they were."""

from django.core.management.commands import flush
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations

COLUMNS = """
SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'
"""
RESTORED: list[str] = []


def keep():
    """Copy what migrations have put into tables: roles, reasons, the first policy."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS pristine CASCADE; CREATE SCHEMA pristine")
        for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table})")
            if cursor.fetchone()[0]:
                cursor.execute(COLUMNS, [table])
                columns = cursor.fetchone()[0]
                cursor.execute(f"CREATE TABLE pristine.{table} AS SELECT {columns} FROM {table}")
                RESTORED.append(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM pristine.{table};")


def restored_by_flushing(patch):
    """What empties tables brings them back to that; append-only ones let it, as a superuser tells their triggers."""
    execute = DatabaseOperations.execute_sql_flush

    def restoring(self, sql_list):
        within = ["SET session_replication_role = replica;", *sql_list, *RESTORED]
        execute(self, [*within, "SET session_replication_role = origin;"])

    patch.setattr(DatabaseOperations, "execute_sql_flush", restoring)
    patch.setattr(flush, "emit_post_migrate_signal", lambda *_args, **_options: None)
