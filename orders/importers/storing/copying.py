"""Many rows at once: COPY straight into a table, or into a stage from which a table is brought up to date."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from django.db import connection, models
from psycopg import sql

from orders.importers.storing import rows as writing

_STAGE: Final = "CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA"
_FROM_STAGE: Final = "UPDATE {} AS target SET {} FROM {} AS stage WHERE target.id = stage.id"


def new_ids(model: type[models.Model], count: int) -> list[int]:
    """Take that many numbers from the table's sequence."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [number for (number,) in cursor.fetchall()]


def insert(model: type[models.Model], columns: tuple[str, ...], rows: Sequence[str]) -> None:
    """COPY new rows; columns that are not given take the model's defaults. IntegrityError, DataError."""
    if not rows:
        return
    more, values = _defaults(model, columns)
    _copy(_table(model), (*columns, *more), [writing.joined(row, values) for row in rows])


def update(model: type[models.Model], columns: tuple[str, ...], rows: Sequence[str]) -> None:
    """Set the columns after the first, which is the id, of rows that exist."""
    if not rows:
        return
    stage = sql.Identifier(f"stage_{model._meta.db_table}")
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    pairs = sql.SQL(", ").join(sql.SQL("{0} = stage.{0}").format(sql.Identifier(name)) for name in columns[1:])
    # Where several batches share a transaction, as in tests, the stage of the one before is still there.
    _execute(sql.SQL("DROP TABLE IF EXISTS {}").format(stage))
    _execute(sql.SQL(_STAGE).format(stage, names, _table(model)))
    _copy(stage, columns, rows)
    _execute(sql.SQL(_FROM_STAGE).format(_table(model), pairs, stage))


def _copy(table: sql.Identifier, columns: tuple[str, ...], rows: Sequence[str]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN {}").format(
        table, sql.SQL(", ").join(map(sql.Identifier, columns)), sql.SQL(writing.copy_options())
    )
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        copy.write("\n".join(rows) + "\n")


def _execute(statement: sql.Composed) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _table(model: type[models.Model]) -> sql.Identifier:
    return sql.Identifier(model._meta.db_table)


@lru_cache
def _defaults(model: type[models.Model], columns: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    # COPY knows no defaults of Django's: columns that are not given would be NULL.
    fields = {str(field.column): field for field in model._meta.concrete_fields if not field.primary_key}
    more = tuple(name for name in fields if name not in columns)
    return more, writing.text([fields[name].get_default() for name in more])
