"""Statements that run for every case: sent apart from their values, so that the server plans them once a session."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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


def rows(statement: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a constant statement with values; every parameter's type must follow from the statement."""
    connection.ensure_connection()
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with connection.wrap_database_errors, wrap(cast(Any, Prepared(connection.connection))) as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall() if cursor.description else []


def planned_once(statement: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a statement of so many parts that planning it takes ten times what running it takes.

    The server plans it without its values, once for the session, and it travels with what says so: one journey.
    """
    connection.ensure_connection()
    with connection.connection.pipeline(), connection.cursor() as cursor:
        with without_values():
            cursor.execute(statement, params)
        return cast(list[tuple[Any, ...]], cursor.fetchall())


@contextmanager
def without_values() -> Iterator[None]:
    """Within a pipeline: what is executed here is planned for any values, and by its name found planned."""
    connection.connection.execute(WITHOUT_VALUES)
    yield
    connection.connection.execute(AS_IT_SEES_FIT)
