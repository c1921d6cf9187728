"""The tiles of Now: each is a name and a filter of a list; its number counts what the list shows, as one queryset."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.models import User
from aftersales.queries import keyset
from aftersales.queries.console import queue
from aftersales.queries.console.queue import Params
from aftersales.queries.keyset import CAP
from aftersales.queries.oversight.dashboard import Board
from aftersales.queries.returns import goods_owed, stuck_parcels
from aftersales.rules.policies import shop_day
from aftersales.rules.vocabulary import CaseType, DeadlineKind, Status


@dataclass(frozen=True)
class Listing:
    """A page that lists rows: its route, and the rows that it shows a person for the parameters of an address."""

    route: str
    rows: Callable[[User, Params, datetime], QuerySet[Any, Any]]


CASES: Final = Listing("aftersales:cases", queue.whole)
GOODS: Final = Listing(
    "aftersales:goods-owed-list",
    lambda user, params, at: goods_owed.listed(user, params.get("list", "waiting"), at),
)
STUCK: Final = Listing("aftersales:stuck", lambda user, params, at: stuck_parcels.seen_by(user, at))


@dataclass(frozen=True, kw_only=True)
class Tile:
    """A number and the list that it opens.

    `of_today` names the parameter that is given the day. `rollup` reads the same number from the roll-up, at once.
    Without it the list is counted, no further than its cap unless `is_exact`.
    """

    name: Promise | str
    params: Params = field(default_factory=dict)
    listing: Listing = CASES
    of_today: str = ""
    rollup: Callable[[Board], int] | None = None
    is_exact: bool = False
    meaning: str = ""
    is_plain_at_zero: bool = False
    hint: Callable[[int, Board], str] = lambda number, board: ""

    @property
    def is_capped(self) -> bool:
        """Whether its number says no more than "more than the cap" once there are so many."""
        return not self.is_exact and self.rollup is None

    def params_on(self, today: date) -> Mapping[str, str]:
        """The parameters of the address that the tile opens."""
        return {**self.params, self.of_today: today.isoformat()} if self.of_today else self.params

    def rows(self, user: User, at: datetime) -> QuerySet[Any, Any]:
        """What the list shows that the tile opens."""
        return self.listing.rows(user, self.params_on(shop_day.of(at)), at)


def _share(number: int, board: Board) -> str:
    """How much of what is open; nothing where there is nothing to compare, or too many were found to be counted."""
    if not board.open or number > CAP:
        return ""
    return _("%(percent)d %% of what is open") % {"percent": 100 * number // board.open}


TILES: Final = (
    Tile(name=gettext_lazy("open"), params={"view": "open"}, rollup=lambda board: board.open),
    Tile(name=gettext_lazy("waiting on us"), params={"view": "waiting"}, rollup=lambda board: board.waiting_on_us),
    Tile(name=gettext_lazy("unassigned"), params={"view": "unassigned"}, rollup=lambda board: board.unassigned),
    Tile(name=gettext_lazy("due in 15 minutes"), params={"view": "open", "due": "15m"}, is_exact=True, meaning="warn"),
    Tile(name=gettext_lazy("due in 1 hour"), params={"view": "open", "due": "1h"}, is_exact=True, meaning="warn"),
    Tile(name=gettext_lazy("due in 4 hours"), params={"view": "open", "due": "4h"}, is_exact=True),
    Tile(name=gettext_lazy("past due"), params={"view": "open", "due": "overdue"}, is_exact=True, meaning="bad"),
    Tile(name=gettext_lazy("promise missed"), params={"view": "breached"}, meaning="bad"),
    Tile(
        name=gettext_lazy("agreed by the clock today"),
        params={"view": "all"},
        of_today="clock_approved",
        is_exact=True,
        meaning="bad",
        is_plain_at_zero=True,
        hint=lambda number, board: _("target: none"),
    ),
    Tile(name=gettext_lazy("the platform decides"), params={"view": "open", "state": Status.ARBITRATION.value}),
    Tile(
        name=gettext_lazy("decisions overdue"),
        params={"view": "open", "state": Status.ARBITRATION.value, "deadline": DeadlineKind.OVERDUE_DECISION.value},
        meaning="bad",
        is_plain_at_zero=True,
    ),
    Tile(name=gettext_lazy("repairs"), params={"view": "open", "type": CaseType.REPAIR.value}, hint=_share),
    Tile(name=gettext_lazy("stuck parcels"), listing=STUCK, meaning="warn"),
    Tile(name=gettext_lazy("goods to send back, overdue"), params={"list": "overdue"}, listing=GOODS, meaning="bad"),
)


def numbers(user: User, board: Board, at: datetime) -> list[tuple[Tile, int]]:
    """Every tile with its number; those that the roll-up does not know are counted in one query."""
    counted = {str(index): _counted(tile, user, at) for index, tile in enumerate(TILES) if tile.rollup is None}
    found = keyset.count_each(counted)
    return [(tile, tile.rollup(board) if tile.rollup else found[str(index)]) for index, tile in enumerate(TILES)]


def _counted(tile: Tile, user: User, at: datetime) -> QuerySet[Any, Any]:
    # Sorting is for the list; counted in order, the database would sort what it only counts.
    rows = tile.rows(user, at)
    return rows.order_by()[: CAP + 1] if tile.is_capped else rows.order_by()
