"""Compiled queries: querysets that every page asks again with other values. Django writes their SQL only once.

Django takes longer to write the SQL of such a queryset than the server takes to run it. So the SQL is written with
stand-ins for the values, which each run replaces; it returns what the queryset would return. See docs/adr/0010.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Generic, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet

from orders.db import statements

Row = TypeVar("Row")
Written = tuple[str, Sequence[Any]]

EPOCH = datetime.fromisoformat("0001-01-02T00:00:00+00:00")


def _stand_in(number: int, kind: type) -> Any:
    """A value that no queryset has as a constant: it is found again among the parameters of the SQL."""
    if kind is datetime:
        return EPOCH + timedelta(microseconds=number)
    return f"\N{NULL}{number}" if kind is str else 2**62 + number


class Statement:
    """SQL written once by `write`, which gets a stand-in for each value; `kinds` are the types of the values.

    `planned_once`: the server plans it once for the session, for statements whose plan costs more than their run.
    """

    def __init__(self, write: Callable[..., Written], *kinds: type, planned_once: bool = False) -> None:
        self.write, self.planned_once = write, planned_once
        self.stand_ins = [_stand_in(number, kind) for number, kind in enumerate(kinds)]

    @cached_property
    def _written(self) -> tuple[str, list[Any], list[tuple[int, int]]]:
        sql, params = self.write(*self.stand_ins)
        places = [(place, self.stand_ins.index(value)) for place, value in enumerate(params) if value in self.stand_ins]
        return sql, list(params), places

    def rows(self, *values: Any) -> list[tuple[Any, ...]]:
        """The rows for these values, one for each kind."""
        if self.planned_once:
            return statements.planned_once(*self.filled(values))
        with connection.cursor() as cursor:
            cursor.execute(*self.filled(values))
            return cursor.fetchall()

    def filled(self, values: Sequence[Any]) -> tuple[str, list[Any]]:
        """The SQL and its parameters, with these values in place of the stand-ins."""
        sql, params, places = self._written
        params = params.copy()
        for place, number in places:
            params[place] = values[number]
        return sql, params


class CompiledQuery(Generic[Row]):
    """A queryset compiled once; `build` gets a stand-in for each value. No prefetches, no value may decide a slice."""

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], *kinds: type, planned_once: bool = False) -> None:
        self.build = build
        self.statement = Statement(self._write, *kinds, planned_once=planned_once)

    def __call__(self, *values: Any) -> list[Row]:
        """The list of what the queryset returns for these values."""
        try:
            rows = self.statement.rows(*values)
        except EmptyResultSet:  # Django sees that nothing can match: for somebody without any right, say
            return []
        fetched: Any = _Fetched(self, rows)
        return list(cast(Iterable[Row], self.queryset._iterable_class(fetched)))

    def _write(self, *stand_ins: Any) -> Written:
        queryset = self.build(*stand_ins)
        compiler = queryset.query.get_compiler(using=queryset.db)
        sql, params = compiler.as_sql()
        converters = compiler.get_converters([column for column, *_names in compiler.select])
        # Set together at the end: another thread may run this query at the same moment.
        self.queryset, self.compiler, self.converters = queryset, compiler, converters
        return sql, params


def known(row: Model, name: str, others: Sequence[Model]) -> None:
    """Fill in rows that refer to this one by a reverse name, as prefetch_related would: `.all()` runs no statement."""
    rows: Any = getattr(row, name).all()
    rows._result_cache, rows._prefetch_done = list(others), True
    row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = rows


class _Fetched:
    """Stands in for queryset, query and compiler, as Django's iterables use them, with the rows fetched already."""

    def __init__(self, compiled: CompiledQuery[Any], rows: list[tuple[Any, ...]]) -> None:
        self._compiled, self._rows = compiled, rows
        self.db, self.query = compiled.queryset.db, self
        self._known_related_objects: dict[Any, Any] = {}

    def get_compiler(self, *_args: Any, **_options: Any) -> "_Fetched":
        return self

    def execute_sql(self, *_args: Any, **_options: Any) -> list[list[tuple[Any, ...]]]:
        return [self._rows]

    def results_iter(self, *_args: Any, **_options: Any) -> Iterator[Any]:
        converters = self._compiled.converters
        return iter(self._compiled.compiler.apply_converters(self._rows, converters) if converters else self._rows)

    def __getattr__(self, name: str) -> Any:
        compiler = self._compiled.compiler
        return getattr(compiler, name) if hasattr(compiler, name) else getattr(compiler.query, name)
