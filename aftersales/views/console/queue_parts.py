"""What pages around the queue share: its built-in views, the people a case can be given to, rows as they are drawn."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from aftersales.models import SavedView, User
from aftersales.queries.console import queue, saved_views
from aftersales.queries.console.search_reasons import Reason
from aftersales.queries.people import actors
from aftersales.rules.permissions import AGENTS
from aftersales.rules.phrases import money_text
from aftersales.rules.vocabulary import WAITS_FOR, CaseType, DeadlineKind, Priority, Role
from aftersales.templatetags.desk import mask_name, moment
from aftersales.views import lists

LIST: Final = "aftersales:cases"
TABS: Final = {
    "desk": gettext_lazy("My desk"),
    "waiting": gettext_lazy("Waiting on us"),
    "mine": gettext_lazy("Mine"),
    "unassigned": gettext_lazy("Unassigned"),
    "open": gettext_lazy("All open"),
    "due": gettext_lazy("Due in 4 hours"),
    "breached": gettext_lazy("Promise missed"),
    "clock": gettext_lazy("Agreed by the clock"),
    "ended": gettext_lazy("Ended"),
    "all": gettext_lazy("All"),
}
OF_THE_DESK: Final = frozenset({"desk", "mine", "unassigned"})


class Cells(NamedTuple):
    """What a row says whatever the time is: drawn once for all who see it."""

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
    """A row of the list: its cells, and the moment that is told in them."""

    cells: Cells
    due_at: datetime | None
    closed_at: datetime | None


class Drawing(NamedTuple):
    """How the rows of one page are drawn: its columns, whether cases can be selected, words translated once."""

    user: User
    columns: tuple[str, ...]
    may_pick: bool
    is_boxed: bool
    turn: dict[str, str]
    type: dict[str, str]
    due_kind: dict[str, str]
    is_chinese: bool


def drawing(user: User, columns: tuple[str, ...], *, may_pick: bool, is_boxed: bool) -> Drawing:
    """What the codes in rows are called, translated once a page; a script draws the boxes itself."""
    return Drawing(
        user,
        columns,
        may_pick,
        may_pick and is_boxed,
        {status: _("Turn: %(who)s") % {"who": role.label} for status, role in WAITS_FOR.items()},
        {kind.value: str(kind.label) for kind in CaseType},
        {kind.value: str(kind.label) for kind in DeadlineKind},
        (get_language() or "").startswith("zh"),
    )


def row_of(row: Mapping[str, Any], how: Drawing, found: Reason | None = None) -> Row:
    """A lean row as the list shows it."""
    cells = Cells(
        columns=how.columns,
        pick=f"{row['id']}.{row['version']}" if how.may_pick else "",
        is_boxed=how.is_boxed,
        number=row["number"],
        type=how.type[row["type"]],
        subject=row["subject"],
        merchant=row["merchant__name"],
        buyer=mask_name(row["buyer__name"]),
        status=row["status"],
        turn=how.turn.get(row["status"], ""),
        asked=money_text(row["requested_amount"] + row["freight_held"], row["currency"]),
        assignee=row["assignee__display_name"] or row["assignee__username"] or "",
        is_mine=row["assignee_id"] == how.user.pk,
        due_kind="" if row["closed_at"] else how.due_kind.get(row["due_kind"], ""),
        has_moment=bool(row["closed_at"] or row["due_at"]),
        opened=moment(row["opened_at"]) if "opened" in how.columns else "",
        is_high=row["priority"] == Priority.HIGH,
        found=found,
        **saved_views.cells_of(row, how.is_chinese),
    )
    return Row(cells, None if row["closed_at"] else row["due_at"], row["closed_at"])


class Asked(NamedTuple):
    """The list that an address asks for: the filters that hold, those left out, and the saved view it began from."""

    params: dict[str, str]
    wrong: list[str]
    saved: SavedView | None
    pinned: list[SavedView]
    is_changed: bool
    is_missing: bool

    @property
    def address(self) -> dict[str, str]:
        """The parameters by which the same list is asked for again; a saved view as it was kept needs only its id."""
        named = {"saved": str(self.saved.pk)} if self.saved else {}
        marks = {name: text for name, text in self.params.items() if name in lists.MARKS}
        return named | (self.params if self.is_changed or not self.saved else marks)


def asked(user: User, given: Mapping[str, str], at: datetime) -> Asked:
    """Read the address; filters that stand in it go before those of the saved view that it names."""
    pinned, saved = saved_views.tabs(user, given.get("saved", ""))
    own = {name: text for name, text in given.items() if name not in (*lists.MARKS, "saved")}
    kept = saved_views.params_of(saved) if saved else {}
    params = own or kept
    wrong = saved_views.invalid(params, user, at) if saved else queue.ignored(params, at, queue.view_of(user, params))
    marks = {name: given[name] for name in lists.MARKS if given.get(name)}
    right = {name: text for name, text in params.items() if name not in wrong or not saved}
    return Asked(
        right | marks, wrong, saved, pinned, bool(own) and own != kept, bool(given.get("saved")) and saved is None
    )


def tabs_of(user: User) -> Iterator[tuple[str, str | Promise]]:
    """The built-in views that the person has, with their names."""
    for name, label in TABS.items():
        if name not in OF_THE_DESK or user.roles & AGENTS:
            yield name, label


def people_of(user: User) -> list[tuple[str, str]]:
    """Whom the list can be narrowed to: oneself, and for a supervisor everybody of the desk."""
    me = [(str(user.pk), _("me"))] if user.roles & AGENTS else []
    if Role.SUPERVISOR not in user.roles:
        return me
    return me + [(str(person.pk), str(person)) for person in actors.of_the_desk() if person.pk != user.pk]
