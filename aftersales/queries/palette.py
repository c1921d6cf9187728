"""What the palette offers: cases and orders that fit, and where nothing is typed the cases somebody was at last."""

from typing import Any, Final, NamedTuple

from aftersales.models import Case, Event, Message, User
from aftersales.queries import search, search_why, visibility
from aftersales.queries.search_ways import STRENGTH, Why
from aftersales.queries.search_why import Reason
from orders.models import Order

CASES, ORDERS, RECENT = 7, 4, 6  # shown
LAST_DONE: Final = 40  # events, and messages
LOOKED_THROUGH: Final = 30  # candidates of each way, before open ones are put first
COLUMNS: Final = ("id", "number", "subject", "status", "merchant__name", "closed_at")


class FoundCase(NamedTuple):
    """A case as the palette shows it."""

    number: str
    subject: str
    merchant: str
    status: str
    reason: Reason | None = None


def cases(user: User, text: str) -> list[FoundCase]:
    """Cases that fit: what a number names first, then open ones, the newest first."""
    found = search.cases(user, text, LOOKED_THROUGH)
    rows = list(Case.objects.filter(found.fits).values(*COLUMNS)) if found.why else []
    rows.sort(key=lambda row: (_tier(found.why[row["id"]]), row["closed_at"] is not None, -row["id"]))
    shown = rows[:CASES]
    reasons = search_why.of(found, text, [row["id"] for row in shown])
    return [_case(row, reasons.get(row["id"])) for row in shown]


def orders(user: User, text: str) -> list[dict[str, Any]]:
    """Orders that fit, the newest first."""
    found = search.orders(user, text, LOOKED_THROUGH)
    if not found:
        return []
    rows: Any = Order.objects.filter(search.picked(found)).values("id", "number", "merchant__name", "buyer__name")
    return sorted(rows, key=lambda row: (_tier(found[row["id"]]), -row["id"]))[:ORDERS]


def recent(user: User) -> list[FoundCase]:
    """The cases in which somebody did or wrote something last, those that they may still see."""
    done = Event.objects.filter(user=user.pk).order_by("-id").values_list("case", "happened_at")[:LAST_DONE]
    said = Message.objects.filter(user=user.pk).order_by("-id").values_list("case", "sent_at")[:LAST_DONE]
    both = sorted(done.union(said, all=True), key=lambda row: row[1], reverse=True)
    last = list(dict.fromkeys(pk for pk, _at in both))
    rows = visibility.cases_for(user).filter(search.picked(last)).values(*COLUMNS)
    return [_case(row) for row in sorted(rows, key=lambda row: last.index(row["id"]))[:RECENT]]


def _tier(why: Why) -> int:
    """Numbers before people and goods, these before texts."""
    return min(STRENGTH[why], STRENGTH[Why.NAME]) if why != Why.TEXT else STRENGTH[why]


def _case(row: dict[str, Any], reason: Reason | None = None) -> FoundCase:
    return FoundCase(row["number"], row["subject"], row["merchant__name"], row["status"], reason)
