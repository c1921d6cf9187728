"""Prepared statements: sent apart from their values, so that the server plans them once in a session (ADR 9)."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, cast

import psycopg
from django.db import connection

# Starting parallel workers takes longer than such a statement runs.
GENERIC_PLAN: Final = """
SELECT set_config('plan_cache_mode', 'force_generic_plan', true),
    set_config('max_parallel_workers_per_gather', '0', true)
"""
SERVERS_CHOICE: Final = "SELECT set_config('plan_cache_mode', 'auto', true)"


class Prepared(psycopg.Cursor[Any]):
    """A cursor whose statements the server prepares; results come in binary, which takes half the time to read."""

    def execute(self, query: Any, params: Any = None, **_options: Any) -> "Prepared":
        """Run a statement with values, prepared at its first use."""
        # The connection may have preparing switched off (Django does that): only this statement is prepared.
        threshold = self.connection.prepare_threshold
        self.connection.prepare_threshold = 1
        try:
            super().execute(query, params, prepare=True, binary=True)
        finally:
            self.connection.prepare_threshold = threshold
        return self


class Numbered(psycopg.RawCursor[Any]):
    """A cursor for statements longer than psycopg caches parsed: their placeholders are numbered here, and cached."""

    def execute(self, query: Any, params: Any = None, **_options: Any) -> "Numbered":
        """Run a prepared statement, written with %s as everywhere."""
        super().execute(_numbered(query), params, prepare=True)
        return self


@lru_cache(256)
def _numbered(statement: str) -> bytes:
    first, *others = statement.split("%s")
    numbered = first + "".join(f"${number}{part}" for number, part in enumerate(others, 1))
    return numbered.replace("%%", "%").encode()


def cursor_of(kind: type[psycopg.Cursor[Any]]) -> Any:
    """A cursor of a kind on Django's connection, logged like its own."""
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    return wrap(cast(Any, kind(connection.connection)))


def rows(statement: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of a constant statement; the type of every parameter must follow from the statement."""
    connection.ensure_connection()
    with connection.wrap_database_errors, cursor_of(Prepared) as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall() if cursor.description else []


def planned_once(statement: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement that takes ten times longer to plan than to run.

    The server plans it without its values, once for the session. The settings for that travel in the same round trip.
    """
    connection.ensure_connection()
    with connection.connection.pipeline(), connection.wrap_database_errors, cursor_of(Numbered) as cursor:
        connection.connection.execute(GENERIC_PLAN)
        cursor.execute(statement, params)
        connection.connection.execute(SERVERS_CHOICE)
        return cast(list[tuple[Any, ...]], cursor.fetchall())
