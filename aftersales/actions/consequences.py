"""What the state that a case has just reached brings with it: refunds, stockroom, coupons, a changed order."""

from datetime import datetime
from decimal import Decimal

from aftersales.actions import advances, compensations, gate, holdings, refunds, stockroom
from aftersales.models import Case
from aftersales.queries import outbound
from aftersales.rules import chains
from aftersales.rules.actor import CARRIER, Actor
from aftersales.rules.vocabulary import Status
from orders import entitlement

ZERO = Decimal(0)


def follow(case: Case, *, by: Actor, at: datetime) -> Case:
    """Do what the new state begins; answers the case as it then stands."""
    if case.status == Status.REFUNDING:
        stockroom.free(case, at=at)
        return refunds.begin_if_due(case, at=at)
    if case.status == Status.AWAITING_DISPATCH:
        stockroom.prepare(case, by=by, at=at)
    elif case.status == Status.COMPLETED:
        _complete(case, at=at)
    elif case.status == Status.INTERCEPTING and outbound.is_stopped(case.order_id):
        return _stopped_already(case, at=at)
    elif case.status == Status.AWAITING_RETURN and chains.exchanges(case):
        stockroom.set_aside(case, by=by, at=at)
    return case


def _stopped_already(case: Case, *, at: datetime) -> Case:
    """The carrier said it before anybody waited for it, and says it only once."""
    with gate.move(case.pk, "intercepted", by=CARRIER, at=at) as stopped:
        pass
    return follow(stopped, by=CARRIER, at=at)


def _complete(case: Case, *, at: datetime) -> None:
    advances.leave(case, at=at)
    if chains.gives_in_kind(case):
        compensations.give_in_kind(case, at=at)
        return
    if chains.changes_address(case):
        change_address(case, at=at)
    holdings.let_go(case)
    Case.objects.filter(pk=case.pk).update(freight_held=ZERO, agreed_amount=ZERO)
    case.agreed_amount = ZERO


def change_address(case: Case, *, at: datetime) -> None:
    """The order goes to the new address."""
    new, order = case.delivery_change, entitlement.locked_order(case.order_id)
    for name in ("receiver_name", "receiver_phone", "receiver_region", "receiver_address", "receiver_postcode"):
        setattr(order, name, getattr(new, name))
    order.phone_tail = "".join(sign for sign in new.receiver_phone if sign.isdigit())[-4:]
    order.save(
        update_fields=["receiver_name", "receiver_phone", "receiver_region", "receiver_address", "receiver_postcode",
                       "phone_tail"]
    )  # fmt: skip
    new.changed_at = at
    new.save(update_fields=["changed_at"])
