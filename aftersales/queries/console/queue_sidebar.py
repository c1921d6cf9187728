"""The list beside a case: the first rows of where the person's work begins."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from aftersales.models import User
from aftersales.queries.console import queue

SIZE: Final = 20


class Cells(NamedTuple):
    """What a row of the sidebar says whatever the time is: its drawing is cached."""

    number: str
    subject: str
    merchant: str
    status: str
    is_current: bool


class Row(NamedTuple):
    """A row of the sidebar."""

    cells: Cells
    due_at: datetime | None
    closed_at: datetime | None


def rows(user: User, at: datetime, current: str, limit: int = SIZE) -> list[Row]:
    """The first rows of the view in which the person's work begins; `current` is the number of the case on the page."""
    found = queue.page(user, {}, at, size=limit).rows
    return [Row(_cells(row, current), row["due_at"], row["closed_at"]) for row in found]


def _cells(row: Mapping[str, Any], current: str) -> Cells:
    number = row["number"]
    return Cells(number, row["subject"], row["merchant__name"], row["status"], number == current)
