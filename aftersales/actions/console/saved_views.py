"""Saved views: stored, shared, copied, deleted, pinned as tabs and put in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from aftersales.models import SavedView, Team, User, ViewPin
from aftersales.moves import rights
from aftersales.queries.console import saved_views
from aftersales.queries.console.saved_views import MOST_PINS
from orders.refusals import Refused

MOST_VIEWS = 60
Share = SavedView.Share


@dataclass(frozen=True)
class Wanted:
    """The content of a view as somebody wants it stored."""

    name: str
    params: Mapping[str, str]
    columns: Sequence[str]
    sort: str = ""
    share: str = Share.MINE
    team: Team | None = None


@transaction.atomic
def save(wanted: Wanted, *, by: User, at: datetime, view: SavedView | None = None) -> SavedView:
    """Store a new view, or change one; Refused where the name is taken or the person may not share it so."""
    _refuse_sharing(wanted, by, view)
    if view is None:
        view = _new(by)
    elif not saved_views.may_change(by, view):
        raise Refused(_("Only who made this view, or a supervisor, can change it. Make a copy of your own instead."))
    if SavedView.objects.filter(owner=view.owner_id, name=wanted.name).exclude(pk=view.pk).exists():
        raise Refused(_("There is a view of this name already: choose another."))
    view.name, view.sort, view.share = wanted.name, wanted.sort, wanted.share
    view.team = wanted.team if wanted.share == Share.TEAM else None
    view.params, view.columns, view.changed_at = dict(wanted.params), list(wanted.columns), at
    view.save()
    return view


def _new(owner: User) -> SavedView:
    _lock(owner)
    if SavedView.objects.filter(owner=owner).count() >= MOST_VIEWS:
        raise Refused(_("You have %(most)d views: delete one that you do not need.") % {"most": MOST_VIEWS})
    return SavedView(owner=owner)


@transaction.atomic
def copy(view: SavedView, *, by: User, at: datetime) -> SavedView:
    """Copy a view to one's own, under a name that is free."""
    taken = set(SavedView.objects.filter(owner=by).values_list("name", flat=True))
    base = view.name if view.owner_id != by.pk else _("%(name)s (copy)") % {"name": view.name[:50]}
    numbered = (base if number == 1 else f"{base[:54]} {number}" for number in range(1, MOST_VIEWS + 2))
    name = next(name for name in numbered if name not in taken)
    return save(Wanted(name, view.params, view.columns, view.sort), by=by, at=at)


@transaction.atomic
def delete(view: SavedView, *, by: User) -> None:
    """Delete the view for all who see it."""
    if not saved_views.may_change(by, view):
        raise Refused(_("Only who made this view, or a supervisor, can delete it."))
    view.delete()


@transaction.atomic
def pin(view: SavedView, *, by: User) -> None:
    """Add the view to the person's tabs, as the last one; nothing changes where it is a tab already."""
    _lock(by)
    pins = ViewPin.objects.filter(user=by)
    if pins.filter(view=view).exists():
        return
    # Tabs of views that are not shared any more are invisible, and must not count.
    pins.exclude(view__in=saved_views.visible_to(by)).delete()
    if pins.count() >= MOST_PINS:
        raise Refused(_("You have %(most)d tabs: take one away first.") % {"most": MOST_PINS})
    last = pins.aggregate(last=Max("position"))["last"] or 0
    ViewPin.objects.create(user=by, view=view, position=last + 1)


@transaction.atomic
def unpin(view: SavedView, *, by: User) -> None:
    """Remove the tab; the view stays."""
    ViewPin.objects.filter(user=by, view=view).delete()


@transaction.atomic
def move(view: SavedView, step: int, *, by: User) -> None:
    """Move a tab one place on (1) or back (-1); at either end it stays."""
    _lock(by)
    pins = list(ViewPin.objects.filter(user=by).order_by("position"))
    here = next((place for place, one in enumerate(pins) if one.view_id == view.pk), None)
    if here is None or not 0 <= here + step < len(pins):
        return
    one, other = pins[here], pins[here + step]
    one.position, other.position = other.position, one.position
    ViewPin.objects.bulk_update([one, other], ["position"])


def _lock(person: User) -> None:
    """One change of a person's views at a time: two clicks must not find the same place free."""
    User.objects.select_for_update(of=("self",)).only("pk").get(pk=person.pk)


def _refuse_sharing(wanted: Wanted, by: User, view: SavedView | None) -> None:
    """Refused, unless a supervisor shares with anybody, or an agent with a team of their own."""
    if wanted.share == Share.MINE or (view and (view.share, view.team) == (wanted.share, wanted.team)):
        return
    if rights.SHARE_VIEW_WITH_ALL.is_granted_to(by.roles):
        return
    own = wanted.team is not None and wanted.team.pk in by.team_ids
    if wanted.share == Share.ALL or not rights.SHARE_VIEW.is_granted_to(by.roles) or not own:
        raise Refused(_("Supervisors share with everybody, agents with their own teams."))
