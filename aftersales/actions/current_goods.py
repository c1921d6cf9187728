"""Facts read when they are decided on: where the goods are by now, and what a case then holds and asks."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from aftersales.actions.refunds import freight
from aftersales.models import Case
from aftersales.queries import locking
from aftersales.queries.policies import item_policies
from aftersales.rules.cases import goods_moved, return_window
from aftersales.rules.cases.goods_moved import Before
from aftersales.rules.vocabulary import GoodsState
from orders import entitlement
from orders.models import Order


def read_anew(cases: Sequence[Case], at: datetime) -> tuple[dict[int, Order], dict[int, Before]]:
    """The orders of locked cases, locked too, and how those cases stood whose goods have moved; one statement."""
    orders = locking.orders({case.order_id for case in cases})
    item_policies.read_ahead(cases)
    moved: dict[int, Before] = {}
    for case in cases:
        case.order = orders[case.order_id]
        before = goods_moved.follow(case, return_window.goods_state(case.order, at))
        if before is not None:
            moved[case.pk] = before
    return orders, moved


def look(case: Case, at: datetime) -> Before | None:
    """Bring a case up to now for somebody who is about to decide it; nothing is written."""
    before = goods_moved.follow(case, return_window.goods_state(case.order, at))
    if before is not None and before.became_return(case):
        freight.renew(case)
    return before


def settle(case: Case, before: Before) -> None:
    """What a case no longer asks goes back to its order; who pays the way back is found anew."""
    if before.freight:
        entitlement.release(case.order_id, [], before.freight)
    if before.became_return(case):
        freight.renew(case)


def keep(case: Case, before: Before | None) -> None:
    """The buyer keeps what has arrived since it was asked for: no return after all."""
    if before is not None and before.became_return(case):
        goods_moved.keep(case, before)
        freight.renew(case)


def facts(case: Case, before: Before | None) -> dict[str, list[str]]:
    """What the event tells: where the goods were thought to be, and where they are."""
    return {"goods": [before.state, GoodsState(case.goods_state).value]} if before else {}


def asked(case: Case, at: datetime) -> Decimal:
    """All that is asked, with the freight only where nothing has left by now; case and order are locked."""
    told = return_window.goods_state(locking.orders({case.order_id})[case.order_id], at)
    is_moved = goods_moved.by_now(case, told) != case.goods_state
    return case.requested_amount + (Decimal(0) if is_moved else case.freight_held)
