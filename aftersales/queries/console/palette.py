"""What the palette offers: cases and orders that fit a text, without one the cases somebody worked on last."""

from typing import Final, NamedTuple

from aftersales.models import Event, Message, User
from aftersales.queries import visibility
from aftersales.queries.console.search import reasons, search
from aftersales.queries.console.search.reasons import Reason
from aftersales.queries.console.search.ways import STRENGTH, Why
from orders.db import statements

CASES, ORDERS, RECENT = 7, 4, 6  # shown
LAST_DONE: Final = 40  # events, and messages
LOOKED_THROUGH: Final = 30  # candidates of each way, before open ones are put first
THESE_CASES: Final = """
SELECT c.id, c.closed_at, c.number, c.subject, m.name, c.status
FROM aftersales_case c JOIN orders_merchant m ON m.id = c.merchant_id WHERE c.id = ANY (%s::bigint[])
"""
THESE_ORDERS: Final = """
SELECT o.id, o.number, m.name, b.name FROM orders_order o JOIN orders_merchant m ON m.id = o.merchant_id
JOIN orders_buyer b ON b.id = o.buyer_id WHERE o.id = ANY (%s::bigint[])
"""


class FoundCase(NamedTuple):
    """A case as the palette shows it."""

    number: str
    subject: str
    merchant: str
    status: str
    reason: Reason | None = None


class FoundOrder(NamedTuple):
    """An order as the palette shows it."""

    number: str
    merchant: str
    buyer: str


class Both(NamedTuple):
    """Cases and orders that fit: by strength of the reason, open ones first, then the newest."""

    cases: list[FoundCase]
    orders: list[FoundOrder]


def find(user: User, text: str) -> Both:
    """Cases and orders that fit a text, among those the person may see."""
    found, of_orders = search.both(user, text, LOOKED_THROUGH)
    # Sorted here: by which way a case was found the database does not know any more.
    rows = statements.rows(THESE_CASES, [list(found.why)]) if found.why else []
    rows.sort(key=lambda row: (_tier(found.why[row[0]]), row[1] is not None, -row[0]))
    why = reasons.of(found, text, [row[0] for row in rows[:CASES]])
    orders = statements.rows(THESE_ORDERS, [list(of_orders)]) if of_orders else []
    orders.sort(key=lambda row: (_tier(of_orders[row[0]]), -row[0]))
    return Both(
        [FoundCase(row[2], row[3], row[4], row[5], why.get(row[0])) for row in rows[:CASES]],
        [FoundOrder(*row[1:]) for row in orders[:ORDERS]],
    )


def recent(user: User) -> list[FoundCase]:
    """The cases in which the person did or wrote something last, if they may still see them."""
    done = Event.objects.filter(user=user.pk).order_by("-id").values_list("case", "happened_at")[:LAST_DONE]
    said = Message.objects.filter(user=user.pk).order_by("-id").values_list("case", "sent_at")[:LAST_DONE]
    both = sorted(done.union(said, all=True), key=lambda row: row[1], reverse=True)
    last = list(dict.fromkeys(pk for pk, _at in both))
    mine = set(visibility.cases_for(user).filter(search.picked(last)).values_list("pk", flat=True))
    rows = sorted(statements.rows(THESE_CASES, [list(mine)]), key=lambda row: last.index(row[0]))
    return [FoundCase(*row[2:]) for row in rows[:RECENT]]


def _tier(why: Why) -> int:
    """The rank of a reason: numbers before people and goods, these before texts."""
    return min(STRENGTH[why], STRENGTH[Why.NAME]) if why != Why.TEXT else STRENGTH[why]
