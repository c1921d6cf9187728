"""Rows of the queue as they are drawn: cells that are cached, and the moments that are not."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from aftersales.models import User
from aftersales.queries.console import saved_views
from aftersales.queries.console.search.reasons import Reason
from aftersales.rules.console.moments import moment
from aftersales.rules.parties.masks import mask_name
from aftersales.rules.phrases import money_text
from aftersales.rules.vocabulary import WAITS_FOR, CaseType, DeadlineKind, Priority


class Cells(NamedTuple):
    """What a row says whatever the time is: its drawing is cached and shared by all who see the same."""

    columns: tuple[str, ...]
    pick: str
    is_boxed: bool
    number: str
    type: str
    subject: str
    merchant: str
    buyer: str
    status: str
    turn: str
    asked: str
    assignee: str
    is_mine: bool
    due_kind: str
    has_moment: bool
    opened: str
    reason: str
    team: str
    is_high: bool
    found: Reason | None  # why a search has found it


class Row(NamedTuple):
    """A row of the list: its cells, and the moments that are shown in them as a distance from now."""

    cells: Cells
    due_at: datetime | None
    closed_at: datetime | None


class RowContext(NamedTuple):
    """What all rows of a page need: who looks, the columns, whether cases can be selected, and words by their codes."""

    user: User
    columns: tuple[str, ...]
    may_pick: bool
    is_boxed: bool
    turn: dict[str, str]
    type: dict[str, str]
    due_kind: dict[str, str]
    is_chinese: bool


def row_context(user: User, columns: tuple[str, ...], *, may_pick: bool, is_boxed: bool) -> RowContext:
    """The context of the rows of a page; `is_boxed` draws a box in each, where no script does."""
    # Labels are translated once a page: forty rows would do it forty times.
    return RowContext(
        user,
        columns,
        may_pick,
        may_pick and is_boxed,
        {status: _("Turn: %(who)s") % {"who": role.label} for status, role in WAITS_FOR.items()},
        {kind.value: str(kind.label) for kind in CaseType},
        {kind.value: str(kind.label) for kind in DeadlineKind},
        (get_language() or "").startswith("zh"),
    )


def row_of(row: Mapping[str, Any], context: RowContext, found: Reason | None = None) -> Row:
    """A row of the query as the list shows it; `found` says why a search has found it."""
    cells = Cells(
        columns=context.columns,
        pick=f"{row['id']}.{row['version']}" if context.may_pick else "",
        is_boxed=context.is_boxed,
        found=found,
        **_case_cells(row, context),
        **_people_cells(row, context),
        **_time_cells(row, context),
        **saved_views.cells_of(row, context.is_chinese),
    )
    return Row(cells, None if row["closed_at"] else row["due_at"], row["closed_at"])


def _case_cells(row: Mapping[str, Any], context: RowContext) -> dict[str, Any]:
    return {
        "number": row["number"],
        "type": context.type[row["type"]],
        "subject": row["subject"],
        "status": row["status"],
        "turn": context.turn.get(row["status"], ""),
        "asked": money_text(row["requested_amount"] + row["freight_held"], row["currency"]),
        "is_high": row["priority"] == Priority.HIGH,
    }


def _people_cells(row: Mapping[str, Any], context: RowContext) -> dict[str, Any]:
    return {
        "merchant": row["merchant__name"],
        "buyer": mask_name(row["buyer__name"]),
        "assignee": row["assignee__display_name"] or row["assignee__username"] or "",
        "is_mine": row["assignee_id"] == context.user.pk,
    }


def _time_cells(row: Mapping[str, Any], context: RowContext) -> dict[str, Any]:
    return {
        "due_kind": "" if row["closed_at"] else context.due_kind.get(row["due_kind"], ""),
        "has_moment": bool(row["closed_at"] or row["due_at"]),
        "opened": moment(row["opened_at"]) if "opened" in context.columns else "",
    }
