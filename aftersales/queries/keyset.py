"""Pages of a long list, by where the last one ended rather than by number: page 900 costs what page 1 does."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from string import Template
from typing import Any, Final, Generic, NoReturn, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DateTimeField, DecimalField, Q, QuerySet
from django.utils.dateparse import parse_datetime

SIZE: Final = 25
CAP: Final = 1000
NOTHING: Final = "none"
COUNTED: Final = Template("SELECT %s::text, count(*) FROM ($rows) AS part")

Row = TypeVar("Row")
Mark = Sequence[datetime | int | Decimal | None]
AMOUNT: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,4})?", re.ASCII)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows of one page and the marks of its neighbours; no mark, no neighbour."""

    rows: list[Row]
    after: str = ""
    before: str = ""


def page(
    rows: QuerySet[Any, Row],
    *keys: str,
    parts: Sequence[QuerySet[Any]] = (),
    after: str = "",
    before: str = "",
    size: int = SIZE,
) -> Page[Row]:
    """The rows behind a mark, or those in front of it; `keys` are all ascending or all descending ("-id").

    The first key is a moment or a number, the last one unique. Where keys ascend, rows without the first come last.
    Where `parts` are given, which share no row, the rows are those of all parts, each read in its own order.
    A mark that cannot be read is the beginning.
    """
    names, is_falling = [key.removeprefix("-") for key in keys], keys[0].startswith("-")
    mark = _read(before or after, [rows.model._meta.get_field(name) for name in names])
    backwards = bool(before and mark)
    window = list(_window(rows, parts, names, mark, falls=is_falling != backwards, limit=size + 1))
    if backwards and len(window) < size:
        return page(rows, *keys, parts=parts, size=size)
    return _page(window, names, size, mark, backwards=backwards)


def head(
    rows: QuerySet[Any, Row], *keys: str, parts: Sequence[QuerySet[Any]] = (), size: int = SIZE
) -> QuerySet[Any, Row]:
    """What the first page is made of by `first_page`, for those who keep the statement."""
    names, is_falling = [key.removeprefix("-") for key in keys], keys[0].startswith("-")
    return _window(rows, parts, names, None, falls=is_falling, limit=size + 1)


def first_page(window: list[Row], *keys: str, size: int = SIZE) -> Page[Row]:
    """The first page, made of what `head` gave."""
    return _page(window, [key.removeprefix("-") for key in keys], size, None, backwards=False)


def _page(window: list[Row], names: Sequence[str], size: int, mark: Mark | None, *, backwards: bool) -> Page[Row]:
    shown = window[:size][::-1] if backwards else window[:size]
    has_more = len(window) > size
    return Page(
        shown,
        after=_mark(shown[-1], names) if shown and (has_more or backwards) else "",
        before=_mark(shown[0], names) if shown and (has_more if backwards else mark) else "",
    )


def capped(rows: QuerySet[Any, Any], cap: int = CAP) -> int:
    """How many rows, counted no further than one beyond the cap."""
    return rows.order_by()[: cap + 1].count()


def capped_each(named: Mapping[str, QuerySet[Any, Any]], cap: int = CAP) -> dict[str, int]:
    """How many rows of each, none counted further than one beyond the cap; one query for all."""
    return count_each({name: rows.order_by()[: cap + 1] for name, rows in named.items()})


def count_each(named: Mapping[str, QuerySet[Any, Any]]) -> dict[str, int]:
    """How many rows of each, in one query for all."""
    parts, values = [], list[Any]()
    for name, rows in named.items():
        with suppress(EmptyResultSet):  # the database need not be asked for what nobody can see
            statement, given = rows.values_list("pk").query.sql_with_params()
            parts.append(COUNTED.substitute(rows=statement))
            values += [name, *given]
    found = dict.fromkeys(named, 0)
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), values)
            found.update(cursor.fetchall())
    return found


def capped_text(number: int, cap: int = CAP) -> str:
    """A capped count as it is shown: 312, or 1000+."""
    return f"{cap}+" if number > cap else str(number)


def _window(
    rows: QuerySet[Any, Row],
    parts: Sequence[QuerySet[Any]],
    names: Sequence[str],
    mark: Mark | None,
    *,
    falls: bool,
    limit: int,
) -> QuerySet[Any, Row]:
    order = [f"-{name}" if falls else name for name in names]
    may_be_empty = bool(rows.model._meta.get_field(names[0]).null)
    conditions = _beyond(names, mark, "lt" if falls else "gt", may_be_empty) if mark else [Q()]
    if not parts and len(conditions) == 1:
        return rows.filter(conditions[0]).order_by(*order)[:limit]
    # Each head starts at its place in an index and stops at the limit; only what is shown is joined to the rest.
    heads = [
        part.filter(each).order_by(*order).values_list("pk")[:limit] for part in parts or [rows] for each in conditions
    ]
    return rows.filter(pk__in=heads[0].union(*heads[1:], all=True)).order_by(*order)[:limit]


def _beyond(names: Sequence[str], mark: Mark, side: str, may_be_empty: bool) -> list[Q]:
    """Conditions that together hold beyond the mark; PostgreSQL sorts the empty after everything."""
    empty = Q(**{f"{names[0]}__isnull": True})
    if mark[0] is None:
        rest = empty & _further(names[1:], mark[1:], side)
        return [rest] if side == "gt" else [rest, ~empty]
    further = _further(names, mark, side)
    return [further, empty] if may_be_empty and side == "gt" else [further]


def _further(names: Sequence[str], mark: Mark, side: str) -> Q:
    if len(names) == 1:
        return Q(**{f"{names[0]}__{side}": mark[0]})
    tied = Q(**{names[0]: mark[0]}) & _further(names[1:], mark[1:], side)
    return Q(**{f"{names[0]}__{side}e": mark[0]}) & (Q(**{f"{names[0]}__{side}": mark[0]}) | tied)


def _mark(row: Any, names: Sequence[str]) -> str:
    return "~".join(_written(row[name] if isinstance(row, dict) else getattr(row, name)) for name in names)


def _written(value: object) -> str:
    if value is None:
        return NOTHING
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _read(text: str, fields: Sequence[Any]) -> Mark | None:
    parts = text.split("~") if text else []
    if len(parts) != len(fields) or parts[-1] == NOTHING:
        return None
    try:
        return [_value(part, field) for part, field in zip(parts, fields, strict=True)]
    except ValueError:
        return None


def _value(text: str, field: Any) -> datetime | int | Decimal | None:
    if text == NOTHING:
        return None
    if isinstance(field, DecimalField):
        return Decimal(text) if AMOUNT.fullmatch(text) else _refuse(text)
    if not isinstance(field, DateTimeField):
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else _refuse(text)
    moment = parse_datetime(text)
    return moment if moment and moment.tzinfo else _refuse(text)


def _refuse(text: str) -> NoReturn:
    raise ValueError(text)
