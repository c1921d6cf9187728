"""Authority for every move that leads to money or goods: asked by the gate, from the move's record, once for all."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from aftersales import moves
from aftersales.actions.refusals import AboveLimit
from aftersales.models import ApprovalRequest, Case, Offer
from aftersales.queries import locking
from aftersales.queries.refunds import authority as decided_queries
from aftersales.rules.actor import Actor
from aftersales.rules.refunds import authority
from aftersales.rules.vocabulary import Role

ZERO: Final = Decimal(0)


def lock_person(action: str, by: Actor) -> None:
    """Before any case: what somebody decides at the same moment elsewhere counts against the same limit."""
    if moves.CHART[action].decides_sum and by.user_id is not None and by.roles & authority.LIMITED:
        locking.capacity(by.user_id)


def lock_order(action: str, case: Case, role: Role) -> None:
    """After the case: what others decide at the same moment on the order counts too."""
    if moves.CHART[action].decides_sum and role in authority.LIMITED:
        case.order = locking.orders({case.order_id})[case.order_id]


def ask(case: Case, action: str, by: Actor, role: Role, at: datetime) -> dict[str, Any]:
    """After the effect, by the terms it has set: Refused above the limit, else what the event tells was decided."""
    if not moves.CHART[action].decides_sum or role not in authority.LIMITED or by.user_id is None:
        return {}
    amount = _amount(case, action)
    before = decided_queries.decided(case, by, role, at)
    refusal = authority.above(amount, case, role, before)
    if refusal:
        raise AboveLimit(refusal)
    return {"decided": str(amount + before.of_case), "before": str(before.of_case)}


def _amount(case: Case, action: str) -> Decimal:
    """What the case gives on the terms that the move has set."""
    if action == "offer":
        return case.offers.get(status=Offer.Status.OPEN).amount
    # Under lock it was found to be what would happen.
    if action == "allow":
        return case.approval_requests.filter(status=ApprovalRequest.Status.APPROVED).latest("decided_at").amount
    # A quote that is accepted is paid by the buyer.
    if action == "accept_offer" and case.is_being_repaired:
        return ZERO
    if moves.CHART[action].sets_sum and case.agreed_amount is not None:
        return case.agreed_amount
    return decided_queries.gives(case)
