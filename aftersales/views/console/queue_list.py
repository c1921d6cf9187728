"""The list of cases that an address asks for, its built-in views, and the people it can be narrowed to."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.models import SavedView, User
from aftersales.queries.console import queue, saved_views
from aftersales.queries.people import actors
from aftersales.rules.permissions import AGENTS
from aftersales.rules.vocabulary import Role
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


class QueueList(NamedTuple):
    """The list that an address asks for: filters that hold, those that make no sense, and the saved view it names."""

    params: dict[str, str]
    wrong: list[str]
    saved: SavedView | None
    pinned: list[SavedView]
    is_changed: bool
    is_missing: bool

    @property
    def address(self) -> dict[str, str]:
        """The parameters that ask for the same list again; an unchanged saved view needs only its id."""
        named = {"saved": str(self.saved.pk)} if self.saved else {}
        marks = {name: text for name, text in self.params.items() if name in lists.MARKS}
        return named | (self.params if self.is_changed or not self.saved else marks)


def read(user: User, given: Mapping[str, str], at: datetime) -> QueueList:
    """Read the parameters of an address; filters in it take the place of those of the saved view that it names."""
    pinned, saved = saved_views.tabs(user, given.get("saved", ""))
    own = {name: text for name, text in given.items() if name not in (*lists.MARKS, "saved")}
    stored = saved_views.params_of(saved) if saved else {}
    params = own or stored
    wrong = saved_views.invalid(params, user, at) if saved else queue.ignored(params, at, queue.view_of(user, params))
    marks = {name: given[name] for name in lists.MARKS if given.get(name)}
    right = {name: text for name, text in params.items() if name not in wrong or not saved}
    is_changed, is_missing = bool(own) and own != stored, bool(given.get("saved")) and saved is None
    return QueueList(right | marks, wrong, saved, pinned, is_changed, is_missing)


def tabs_of(user: User) -> Iterator[tuple[str, str | Promise]]:
    """The built-in views that the person has: name and label."""
    for name, label in TABS.items():
        if name not in OF_THE_DESK or user.roles & AGENTS:
            yield name, label


def people_of(user: User) -> list[tuple[str, str]]:
    """Whom the list can be narrowed to, by id: oneself, and for a supervisor everybody of the desk."""
    me = [(str(user.pk), _("me"))] if user.roles & AGENTS else []
    if Role.SUPERVISOR not in user.roles:
        return me
    return me + [(str(person.pk), str(person)) for person in actors.of_the_desk() if person.pk != user.pk]
