"""What was decided already and counts against a limit: on the order without a second person, and today by a person."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Final

from aftersales import moves
from aftersales.models import Case, Event, Refund
from aftersales.models.refunds.refund import GIVEN
from aftersales.queries.refunds import outbound_freight
from aftersales.rules.actor import Actor
from aftersales.rules.policies import shop_day
from aftersales.rules.refunds import authority
from aftersales.rules.refunds.authority import Decided
from aftersales.rules.vocabulary import CloseReason, Role, Status
from orders.db import held, statements

ZERO: Final = Decimal(0)
DECIDING: Final = [move.name for move in moves.DECIDING]
# Nothing is decided in these; what was given before is.
UNDECIDED: Final = (Status.PENDING_MERCHANT, Status.REJECTED, Status.ARBITRATION, Status.SUSPENDED, Status.CLOSED)


def gives(case: Case) -> Decimal:
    """What agreeing to a case as it stands gives: goods by what was paid for them."""
    return given_by_many([case])(case)


def given_by_many(cases: Collection[Case]) -> Callable[[Case], Decimal]:
    """The same for any of the cases."""
    due = outbound_freight.of_many(cases)
    return lambda case: case.requested_amount + max(case.freight_held, due(case))


def above(amount: Decimal, case: Case, by: Actor, role: Role, at: datetime) -> str | None:
    """Sentence when the amount is above what the person may decide alone."""
    return authority.above(amount, case, role, decided(case, by, role, at)) if role in authority.LIMITED else None


def decided(case: Case, by: Actor, role: Role, at: datetime) -> Decided:
    """What counts besides what is now decided on the case; unread for a role without limits."""
    if role not in authority.LIMITED:
        return Decided()
    # Of a locked case and person it is read once: by the guard, and after the effect.
    read = partial(of_many, [case], by, at)
    return held.once(("decided", case.order_id, by.user_id, at), read, Case, Event, Refund)(case)


@dataclass(frozen=True)
class _Sums:
    """What was decided of a case of the order, or in `elsewhere` of all others by this person today, by currency.

    `kept` is what counts of a case once it is decided anew: what it has given.
    """

    case_id: int | None
    order_id: int | None
    currency: str
    mine: Decimal
    mine_kept: Decimal
    alone: Decimal
    alone_kept: Decimal
    given: Decimal


def of_many(cases: Iterable[Case], by: Actor, at: datetime) -> Callable[[Case], Decided]:
    """The same for any of the cases, in one statement: a row for each case of their orders, and one for the day.

    The most that was decided of a part counts, so that one agreed to twice counts once. Without a second person is all
    but what was allowed.
    """
    midnight = shop_day.start(shop_day.of(at))
    orders = sorted({case.order_id for case in cases})
    values = [by.user_id, midnight, DECIDING, ROLES, orders, DECIDING, ROLES, UNDECIDED_NAMES, MERGED, GIVEN_NAMES]
    found = statements.rows(DECIDED, [*values, by.user_id, midnight, orders, orders])
    rows = [_Sums(*row) for row in found]
    return lambda case: _decided(rows, case)


def _decided(rows: list[_Sums], case: Case) -> Decided:
    on_order = [row for row in rows if row.order_id == case.order_id]
    today = [row for row in rows if row.currency == case.currency]
    return Decided(
        on_order=sum((row.alone_kept if row.case_id == case.pk else row.alone for row in on_order), ZERO),
        today=sum((row.mine_kept if row.case_id == case.pk else row.mine for row in today), ZERO),
        of_case=next((row.given for row in on_order if row.case_id == case.pk), ZERO),
    )


ROLES: Final = sorted(authority.LIMITED)
UNDECIDED_NAMES: Final = [str(status) for status in UNDECIDED]
MERGED: Final = str(CloseReason.MERGED)
GIVEN_NAMES: Final = [str(status) for status in GIVEN]
# Of a case that stands all that was decided counts, of another one what it has given; merged ones live on. A case that
# was opened again after it had given a part is decided once more, about the rest: `before` tells the parts from each
# other, and of an earlier one counts what it has given.
DECIDED: Final = """
WITH chosen AS (
    SELECT id FROM aftersales_event
    WHERE user_id = %s AND happened_at >= %s AND action = ANY(%s) AND role = ANY(%s)
    UNION
    SELECT e.id FROM aftersales_case c JOIN aftersales_event e ON e.case_id = c.id
    WHERE c.order_id = ANY(%s) AND e.action = ANY(%s) AND e.role = ANY(%s)
), told AS (
    SELECT c.id AS case_id, c.order_id, c.currency, e.user_id, e.happened_at, e.action, given,
        c.status <> ALL(%s) OR c.close_reason = %s AS stands, before,
        coalesce((e.data ->> 'decided')::numeric, c.requested_amount + c.freight_held) - before AS amount
    FROM chosen JOIN aftersales_event e USING (id) JOIN aftersales_case c ON c.id = e.case_id
    CROSS JOIN LATERAL (SELECT coalesce((e.data ->> 'before')::numeric, 0) AS before) b
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(amount), 0) AS given FROM aftersales_refund WHERE case_id = c.id AND status = ANY(%s)
    ) r
), followed AS (
    SELECT *, user_id = %s AND happened_at >= %s AS is_mine, action <> 'allow' AS is_alone, min(before) OVER (
        PARTITION BY case_id ORDER BY before GROUPS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
    ) AS next FROM told
), counted AS (
    SELECT *, least(amount, greatest(coalesce(next, given) - before, 0)) AS kept FROM followed
), parts AS (
    SELECT case_id, order_id, currency, before, max(given) AS given,
        coalesce(max(CASE WHEN stands AND next IS NULL THEN amount ELSE kept END) FILTER (WHERE is_mine), 0) AS mine,
        coalesce(max(kept) FILTER (WHERE is_mine), 0) AS mine_kept,
        coalesce(max(CASE WHEN stands AND next IS NULL THEN amount ELSE kept END) FILTER (WHERE is_alone), 0) AS alone,
        coalesce(max(kept) FILTER (WHERE is_alone), 0) AS alone_kept
    FROM counted GROUP BY case_id, order_id, currency, before
)
SELECT case_id, order_id, currency, sum(mine), sum(mine_kept), sum(alone), sum(alone_kept), max(given)
FROM parts WHERE order_id = ANY(%s) GROUP BY case_id, order_id, currency
UNION ALL
SELECT NULL, NULL, currency, sum(mine), sum(mine), 0, 0, 0 FROM parts WHERE order_id <> ALL(%s) GROUP BY currency
"""
