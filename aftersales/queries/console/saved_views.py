"""Saved views: which a person may use, which stand as tabs, how many cases each holds."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.db.models import OuterRef, Q, QuerySet, Subquery

from aftersales.models import SavedView, User, ViewPin
from aftersales.models.console.saved_view import USUAL, Column
from aftersales.moves import rights
from aftersales.queries import keyset
from aftersales.queries.console import filter_names, queue
from aftersales.queries.visibility import CompiledPersonQuery
from aftersales.rules.vocabulary import Role

Share = SavedView.Share
MOST_PINS: Final = 8  # each costs a count whenever the list is opened
# What a column needs beside what every row has.
FURTHER: Final[dict[str, tuple[str, ...]]] = {
    Column.REASON: ("reason__name_en", "reason__name_zh"),
    Column.TEAM: ("team__name",),
}


def visible_to(user: User) -> QuerySet[SavedView]:
    """The person's own views and those shared with them; merchants are shared none of the house's."""
    own = Q(owner=user.pk)
    if not user.roles - {Role.MERCHANT}:
        return SavedView.objects.filter(own)
    shared = Q(share=Share.ALL) | Q(share=Share.TEAM, team__in=user.team_ids)
    if rights.SHARE_VIEW_WITH_ALL.is_granted_to(user.roles):
        shared |= Q(share=Share.TEAM)
    return SavedView.objects.filter(own | shared)


def may_change(user: User, view: SavedView) -> bool:
    """Whether the person may edit or delete the view: the owner, and supervisors where it is shared."""
    return view.owner_id == user.pk or (
        view.share != Share.MINE and rights.SHARE_VIEW_WITH_ALL.is_granted_to(user.roles)
    )


def find(user: User, pk: int) -> SavedView | None:
    """The view with this id, if the person may use it."""
    return visible_to(user).filter(pk=pk).first() if pk < 2**63 else None


def pinned(user: User) -> list[SavedView]:
    """The person's tabs in their order, without views that are not shared with them any more."""
    return tabs(user)[0]


def tabs(user: User, wanted: str = "") -> tuple[list[SavedView], SavedView | None]:
    """The person's tabs, and the view whose id is `wanted` if they may use it; in one query."""
    pk = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 else 0
    views: list[Any] = TABS(user, pk)
    current = next((view for view in views if view.pk == pk), None)
    return [view for view in views if view.place is not None][:MOST_PINS], current


def _tabs(user: User, pk: int) -> QuerySet[SavedView]:
    place = ViewPin.objects.filter(user=user.pk, view=OuterRef("pk")).values("position")
    placed = visible_to(user).annotate(place=Subquery(place))
    return placed.filter(Q(place__isnull=False) | Q(pk=pk)).order_by("place")


TABS: Final[CompiledPersonQuery[SavedView]] = CompiledPersonQuery(_tabs, int)


def counts(user: User, views: Iterable[SavedView], at: datetime) -> dict[int, str]:
    """How many cases this person sees in each view, as text with a cap; one query for all views."""
    lists = {str(view.pk): queue.whole(user, params_of(view), at) for view in views}
    return {int(pk): keyset.capped_text(number) for pk, number in keyset.capped_each(lists).items()}


def params_of(view: SavedView) -> dict[str, str]:
    """The parameters of the view's list, as an address would hold them."""
    known = {name: str(text) for name, text in view.params.items() if name in queue.NAMES and text}
    return known | ({"sort": view.sort} if view.sort else {})


def columns_of(view: SavedView | None) -> tuple[str, ...]:
    """The columns of a view, or the usual ones; unknown names are skipped, since a column may be removed some day."""
    chosen = [name for name in view.columns if name in Column.values] if view else []
    return tuple(chosen) or tuple(column.value for column in USUAL)


def further(columns: Iterable[str]) -> list[str]:
    """Fields that these columns need beside those of every row."""
    return [name for column in columns for name in FURTHER.get(column, ())]


def invalid(params: Mapping[str, str], user: User, at: datetime) -> list[str]:
    """Filters of a view that make no sense, or name what does not exist any more."""
    wrong = queue.ignored(params, at, queue.view_of(user, params))
    return wrong + [name for name in filter_names.gone(params) if name not in wrong]


def cells_of(row: Mapping[str, Any], is_chinese: bool) -> dict[str, Any]:
    """The cells of columns that not every list has; empty where they were not read."""
    reason = row.get("reason__name_zh" if is_chinese else "reason__name_en")
    return {"reason": reason or "", "team": row.get("team__name") or ""}
