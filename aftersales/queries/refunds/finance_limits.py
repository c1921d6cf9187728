"""What finance has let go already and counts against a limit: of the order one by one, and today by a person."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from aftersales import moves
from aftersales.models import Case
from aftersales.rules.actor import Actor
from aftersales.rules.policies import shop_day
from aftersales.rules.refunds import finance_limits
from aftersales.rules.refunds.authority import Decided
from orders.db import statements

ALONE: Final = sorted(moves.where(lambda act: act.lets_money_go))


def above(case: Case, amount: Decimal, by: Actor, at: datetime) -> str | None:
    """Sentence when it is more than the person lets go alone; as it is now, where person and order are locked."""
    return finance_limits.above(amount, case, _decided(case, by, at))


def _decided(case: Case, by: Actor, at: datetime) -> Decided:
    midnight = shop_day.start(shop_day.of(at))
    mine, of_order = [by.user_id, midnight, ALONE], [case.order_id, ALONE]
    found = statements.rows(DECIDED, [*mine, *of_order, case.order_id, by.user_id, midnight, case.currency])
    return Decided(on_order=found[0][0], today=found[0][1])


DECIDED: Final = """
WITH chosen AS (
    SELECT id FROM aftersales_event WHERE user_id = %s AND happened_at >= %s AND action = ANY(%s)
    UNION
    SELECT e.id FROM aftersales_case c JOIN aftersales_event e ON e.case_id = c.id
    WHERE c.order_id = %s AND e.action = ANY(%s)
)
SELECT coalesce(sum(amount) FILTER (WHERE order_id = %s), 0),
    coalesce(sum(amount) FILTER (WHERE user_id = %s AND happened_at >= %s AND currency = %s), 0)
FROM (
    SELECT c.order_id, c.currency, e.user_id, e.happened_at, (e.data ->> 'alone')::numeric AS amount
    FROM chosen JOIN aftersales_event e USING (id) JOIN aftersales_case c ON c.id = e.case_id
    WHERE e.data ? 'alone'
) alone
"""
