"""What the state that a case has just reached brings with it: refunds, stockroom, coupons, a changed order."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from aftersales.actions import gate
from aftersales.actions.cases import compensations, holdings
from aftersales.actions.refunds import instant_recovery, intents, invoice_tasks
from aftersales.actions.replacements import reservations
from aftersales.actions.returns import lost_parcels, return_freight
from aftersales.models import Case
from aftersales.queries.replacements import outbound
from aftersales.rules.actor import CARRIER, Actor
from aftersales.rules.cases import chains
from aftersales.rules.vocabulary import GoodsState, Status
from orders import entitlement

ZERO = Decimal(0)
DELIVERY = ("receiver_name", "receiver_phone", "receiver_region", "receiver_address", "receiver_postcode")


def run(case: Case, *, by: Actor, at: datetime) -> Case:
    """Do what the new state begins; answers the case as it then stands."""
    if case.buyer_freight_amount:
        return_freight.owe_if_due(case, at=at)
    begin = BEGUN_IN.get(case.status)
    return begin(case, by, at) if begin else case


def _refunding(case: Case, _by: Actor, at: datetime) -> Case:
    # Money goes back instead of a replacement, or beside it: what was set aside in stock is free for others.
    reservations.free(case, at=at)
    return intents.begin_if_due(case, at=at)


def _awaiting_dispatch(case: Case, by: Actor, at: datetime) -> Case:
    reservations.prepare(case, by=by, at=at)
    return case


def _awaiting_return(case: Case, by: Actor, at: datetime) -> Case:
    if chains.exchanges(case):
        reservations.set_aside(case, by=by, at=at)
    return _given_up(case, at) if case.goods_state == GoodsState.SHIPPED else case


def _intercepting(case: Case, _by: Actor, at: datetime) -> Case:
    """The carrier may have stopped the parcel before anybody waited for it, and says so only once."""
    if not outbound.is_stopped(case.order_id):
        return _given_up(case, at)
    return run(gate.move(case.pk, "intercepted", by=CARRIER, at=at), by=CARRIER, at=at)


def _given_up(case: Case, at: datetime) -> Case:
    """What is lost is neither waited for nor asked back."""
    if not outbound.is_lost(case.order_id):
        return case
    return run(gate.move(case.pk, "lose_parcel", effect=lost_parcels.claim, by=CARRIER, at=at), by=CARRIER, at=at)


def _completed(case: Case, _by: Actor, at: datetime) -> Case:
    instant_recovery.recover_all(case, at=at)
    if chains.gives_in_kind(case):
        compensations.give_in_kind(case, at=at)
        return case
    if chains.changes_address(case):
        change_address(case, at=at)
    if chains.exchanges(case):
        invoice_tasks.goods_changed(case, at=at)
    # Nothing goes back along the payments, so nothing of the order stays reserved.
    holdings.let_go(case)
    Case.objects.filter(pk=case.pk).update(freight_held=ZERO, agreed_amount=ZERO)
    case.agreed_amount = ZERO
    return case


def change_address(case: Case, *, at: datetime) -> None:
    """Write the new address that the buyer asked for into the order."""
    new, order = case.delivery_change, entitlement.locked_order(case.order_id)
    for name in DELIVERY:
        setattr(order, name, getattr(new, name))
    # Search finds orders by the last digits of the phone; they belong to the address.
    order.phone_tail = "".join(sign for sign in new.receiver_phone if sign.isdigit())[-4:]
    order.save(update_fields=[*DELIVERY, "phone_tail"])
    new.changed_at = at
    new.save(update_fields=["changed_at"])


BEGUN_IN: dict[str, Callable[[Case, Actor, datetime], Case]] = {
    Status.REFUNDING: _refunding,
    Status.AWAITING_DISPATCH: _awaiting_dispatch,
    Status.AWAITING_RETURN: _awaiting_return,
    Status.INTERCEPTING: _intercepting,
    Status.COMPLETED: _completed,
}
