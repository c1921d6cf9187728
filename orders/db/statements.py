"""Statements that run for every case: sent apart from their values, so that the server plans them once a session."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, cast

import psycopg
from django.db import connection

# Starting further processes takes longer than what such statements take.
WITHOUT_VALUES: Final = """
SELECT set_config('plan_cache_mode', 'force_generic_plan', true),
    set_config('max_parallel_workers_per_gather', '0', true)
"""
AS_IT_SEES_FIT: Final = "SELECT set_config('plan_cache_mode', 'auto', true)"


class Prepared(psycopg.Cursor[Any]):
    """A cursor whose statements the server keeps; results come in binary, which costs half the reading."""

    def execute(self, query: Any, params: Any = None, **_options: Any) -> "Prepared":
        """Send values to a statement that the server knows, or make it known."""
        # A connection may have preparing switched off; what it does with other statements stays as it was.
        threshold = self.connection.prepare_threshold
        self.connection.prepare_threshold = 1
        try:
            super().execute(query, params, prepare=True, binary=True)
        finally:
            self.connection.prepare_threshold = threshold
        return self


class Numbered(psycopg.RawCursor[Any]):
    """A cursor for statements that are too long for psycopg to remember how it read them."""

    def execute(self, query: Any, params: Any = None, **_options: Any) -> "Numbered":
        """Send values to a statement, written with %s as everywhere."""
        super().execute(_numbered(query), params, prepare=True)
        return self


@lru_cache(256)
def _numbered(statement: str) -> bytes:
    first, *others = statement.split("%s")
    numbered = first + "".join(f"${number}{part}" for number, part in enumerate(others, 1))
    return numbered.replace("%%", "%").encode()


def cursor_of(kind: type[psycopg.Cursor[Any]]) -> Any:
    """A cursor of a kind on the connection at hand, with what Django does around each."""
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    return wrap(cast(Any, kind(connection.connection)))


def rows(statement: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a constant statement with values; every parameter's type must follow from the statement."""
    connection.ensure_connection()
    with connection.wrap_database_errors, cursor_of(Prepared) as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall() if cursor.description else []


def planned_once(statement: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a statement of so many parts that planning it takes ten times what running it takes.

    The server plans it without its values, once for the session, and it travels with what says so: one journey.
    """
    connection.ensure_connection()
    with connection.connection.pipeline(), connection.wrap_database_errors, cursor_of(Numbered) as cursor:
        connection.connection.execute(WITHOUT_VALUES)
        cursor.execute(statement, params)
        connection.connection.execute(AS_IT_SEES_FIT)
        return cast(list[tuple[Any, ...]], cursor.fetchall())
