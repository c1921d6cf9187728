"""What a transaction has locked: read once, handed on to all who ask again, forgotten when it is written."""

import functools
import re
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, NamedTuple, TypeVar

from django.db import connection
from django.db.models import Model

T = TypeVar("T")
READS: Final = ("SELECT", "SAVEPOINT", "RELEASE")


class _Kept(NamedTuple):
    tables: re.Pattern[str]
    value: Any


_HELD: ContextVar[dict[Hashable, _Kept] | None] = ContextVar("held", default=None)


@contextmanager
def scope() -> Iterator[None]:
    """Around one transaction: what `once` reads inside is kept until it is written, or the outermost scope ends."""
    if _HELD.get() is not None:
        yield
        return
    token = _HELD.set({})
    try:
        with connection.execute_wrapper(_forget_written):
            yield
    finally:
        _HELD.reset(token)


def once(key: Hashable, read: Callable[[], T], *models: type[Model]) -> T:
    """What `read` finds in the tables of the models, under locks that others respect; outside a scope it always reads.

    Never for rows that somebody else could change meanwhile.
    """
    held = _HELD.get()
    if held is None:
        return read()
    if key not in held:
        held[key] = _Kept(_names(models), read())
    result: T = held[key].value
    return result


# Every statement passes here, whoever sends it: nobody can forget to say that a row has changed.
def _forget_written(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    held = _HELD.get()
    if held and not sql.startswith(READS):
        if sql.startswith("ROLLBACK"):
            held.clear()
        for key in [key for key, kept in held.items() if kept.tables.search(sql)]:
            del held[key]
    return execute(sql, params, many, context)


@functools.cache
def _names(models: tuple[type[Model], ...]) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b{re.escape(model._meta.db_table)}\b" for model in models))
