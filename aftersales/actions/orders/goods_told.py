"""Where goods are, told by a person with proof: dates the order as a scan would, and what waits for it goes on."""

from datetime import datetime

from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.actions.disputes import evidence
from aftersales.actions.returns import interceptions
from aftersales.models import Case, GoodsRecord
from aftersales.moves import rights
from aftersales.rules.actor import Actor
from aftersales.rules.cases import goods_told
from aftersales.rules.disputes.photo import Photo
from aftersales.rules.vocabulary import GoodsWord, Role, Status
from orders import delivery, entitlement
from orders.models import Order
from orders.refusals import Refused


@gate.transactional
def tell(
    order_id: int,
    said: GoodsWord,
    happened_at: datetime | None,
    *,
    proof: str,
    photo: Photo | None,
    by: Actor,
    at: datetime,
) -> GoodsRecord:
    """Record what a person says and how they know; Refused where a scan says otherwise or it can not be.

    Cases are locked before their order, as everywhere: those that wait for an interception of what has arrived.
    """
    waiting = _intercepting(order_id) if said == GoodsWord.ARRIVED else []
    order = entitlement.locked_order(order_id)
    speaker = _speaker(by, order)
    if not proof.strip() and photo is None:
        raise Refused(_("Say how you know it, or add a photo."))
    against = goods_told.refusal(order, said, happened_at, at)
    if against:
        raise Refused(against)
    record = _record(order, said, happened_at, proof=proof, photo=photo, speaker=speaker, at=at)
    _date(order.pk, said, happened_at, at=at)
    for case_id in waiting:
        _go_on(case_id, by=by, at=at)
    return record


def _intercepting(order_id: int) -> list[int]:
    waiting = Case.objects.select_for_update(of=("self",)).filter(order_id=order_id, status=Status.INTERCEPTING)
    return [case.pk for case in waiting.order_by("pk")]


def _speaker(by: Actor, order: Order) -> tuple[Role, int]:
    """In which role somebody says it, and who it is."""
    role = by.role_for(rights.TELL_GOODS)
    is_stranger = by.merchant_id is not None and by.merchant_id != order.merchant_id
    if role is None or by.user_id is None or is_stranger:
        raise gate.Forbidden(_("Your role may not say where the goods of this order are."))
    return role, by.user_id


def _record(
    order: Order,
    said: GoodsWord,
    happened_at: datetime | None,
    *,
    proof: str,
    photo: Photo | None,
    speaker: tuple[Role, int],
    at: datetime,
) -> GoodsRecord:
    (role, user_id), moment = speaker, None if said == GoodsWord.WAITING else happened_at
    stored = evidence.written(photo) if photo else {}
    return GoodsRecord.objects.create(
        order=order,
        said=said,
        happened_at=moment,
        proof=proof.strip(),
        role=role,
        recorded_by_id=user_id,
        recorded_at=at,
        **stored,
    )


def _date(order_id: int, said: GoodsWord, happened_at: datetime | None, *, at: datetime) -> None:
    if said == GoodsWord.WAITING or happened_at is None:
        delivery.tell_waiting(order_id, at=at)
    elif said == GoodsWord.LEFT:
        delivery.tell_left(order_id, happened_at, at=at)
    else:
        delivery.tell_arrived(order_id, happened_at, at=at)


def _go_on(case_id: int, *, by: Actor, at: datetime) -> None:
    """Nothing is left to stop; a case that can not go on yet, for want of an address, waits for its deadline."""
    try:
        interceptions.miss_interception(case_id, by=by, at=at)
    except Refused:
        return
