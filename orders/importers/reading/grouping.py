"""Rows of one order brought together, and orders read one by one. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from django.utils.translation import gettext as _

from orders.importers.facts import OrderFacts, Rejection
from orders.importers.reading import table_rows
from orders.importers.reading.table_rows import Row, RowError, Table


@dataclass
class Groups:
    """Rows by order number, and those whose number cannot be read."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    unidentified: list[Rejection] = field(default_factory=list)

    def add(self, row: Row, key: str) -> None:
        """Put a row to the others of its order, whose number stands in column `key`."""
        try:
            number = row.number(key)
        except RowError as error:
            self.unidentified.append(rejection(row, "", error.sentence))
            return
        # Dashes or dots where a number should be are none.
        if any(character.isalnum() for character in number):
            self.rows.setdefault(number, []).append(row)
        else:
            self.unidentified.append(rejection(row, "", row.problem or _("The row has no order number.")))


def by_number(tables: Iterable[Table], key: str) -> Groups:
    """Group the rows of some tables by the order number in column `key`."""
    groups = Groups()
    for row in chain.from_iterable(map(table_rows.of, tables)):
        groups.add(row, key)
    return groups


def rejection(row: Row, number: str, reason: str) -> Rejection:
    """Say of a row that it was not taken."""
    return Rejection(row.table.name, row.line, number, reason, row.shown())


class Orders:
    """A Reading: orders built from their rows; what cannot be built is a rejection."""

    def __init__(
        self, groups: Groups, build: Callable[[str, list[Row]], Sequence[OrderFacts]], *details: tuple[Groups, str]
    ) -> None:
        self._groups = groups
        self._build = build
        self._details = [detail for detail, _orphan in details]
        self._others = [*groups.unidentified, *(lost for detail in self._details for lost in detail.unidentified)]
        self._others += self._orphans(details)
        self.total = len(groups.rows) + len(self._others)

    def _orphans(self, details: Iterable[tuple[Groups, str]]) -> list[Rejection]:
        """One rejection for each order that only details know; the first of its files says why."""
        found: dict[str, Rejection] = {}
        for detail, orphan in details:
            for number in detail.rows.keys() - self._groups.rows.keys() - found.keys():
                found[number] = rejection(detail.rows[number][0], number, orphan)
        return list(found.values())

    def __iter__(self) -> Iterator[OrderFacts | Rejection]:
        """Yield each order, in the order of the file, then what belongs to none."""
        for number, rows in self._groups.rows.items():
            yield from self._reported(number, rows)
        yield from sorted(self._others, key=lambda lost: (lost.file, lost.line or 0))

    def _reported(self, number: str, rows: list[Row]) -> Sequence[OrderFacts | Rejection]:
        # One ragged row and the whole order is refused: its sums would not add up without it.
        for group in (rows, *(detail.rows.get(number, []) for detail in self._details)):
            for row in group:
                if row.problem:
                    return [rejection(row, number, row.problem)]
        try:
            return self._build(number, rows)
        except RowError as error:
            return [rejection(error.row or rows[0], number, error.sentence)]


def single(rows: Sequence[Row]) -> Row:
    """Take the one row of an order; an exact repetition is no harm, anything else is a RowError."""
    if any(row.same() != rows[0].same() for row in rows[1:]):
        raise RowError(_twice(rows))
    return rows[0]


def distinct(rows: Sequence[Row]) -> list[Row]:
    """Leave out exact repetitions of a row."""
    different = {row.same(): row for row in reversed(rows)}
    return sorted(different.values(), key=lambda row: (row.table.name, row.line))


def of_one_file(rows: Sequence[Row]) -> list[Row]:
    """Take the rows of one file where overlapping exports repeat an order; RowError if they differ."""
    # Within one file equal rows may be two equal items; from two files they are the same item twice.
    files: dict[str, list[Row]] = {}
    for row in rows:
        files.setdefault(str(row.table.path), []).append(row)
    first, *others = files.values()
    if any([row.same() for row in other] != [row.same() for row in first] for other in others):
        raise RowError(_twice(rows))
    return first


def _twice(rows: Sequence[Row]) -> str:
    lines = ", ".join(f"{row.table.name}:{row.line}" for row in rows[:4])
    return _("The order stands here more than once and not alike (%(lines)s). Import one file after the other.") % {
        "lines": lines
    }
