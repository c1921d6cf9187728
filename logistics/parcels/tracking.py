"""What happens to parcels: announced, scanned, received. Facts only; cases judge them elsewhere."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from logistics.carriers.base import Told
from logistics.messages import subscriptions
from logistics.models import Parcel, ParcelEvent
from logistics.models.event import digest_of
from logistics.models.parcel import RANK, STEPS, Direction, ParcelStatus
from logistics.models.unidentified import Outcome
from orders.models import Order
from orders.refusals import Refused

# Only our people end a parcel; what is told of it afterwards is kept, and changes nothing.
ENDS = (ParcelStatus.RECEIVED, ParcelStatus.CANCELLED)


def announce_return(order: Order, *, carrier: str, waybill: str, at: datetime, recorded_by: str) -> Parcel:
    """The parcel with this waybill on its way back; known already, or here without a case, it is the same one."""
    return announce(order, Direction.RETURN, carrier=carrier, waybill=waybill, at=at, recorded_by=recorded_by)


def announce_outbound(order: Order, *, carrier: str, waybill: str, at: datetime, recorded_by: str) -> Parcel:
    """The parcel with this waybill on its way to the buyer."""
    return announce(order, Direction.OUTBOUND, carrier=carrier, waybill=waybill, at=at, recorded_by=recorded_by)


def announce(
    order: Order, direction: Direction, *, carrier: str, waybill: str, at: datetime, recorded_by: str
) -> Parcel:
    """The parcel with this waybill going that way; known already, it is the same one. Refused when it is done."""
    parcel = _waiting_here(order.merchant_id, waybill) if direction == Direction.RETURN else None
    is_new = False
    if parcel is None:
        parcel, is_new = Parcel.objects.get_or_create(
            merchant=order.merchant,
            carrier=carrier,
            waybill=waybill,
            direction=direction,
            defaults={"order": order, "shipped_at": at},
        )
    if parcel.status in ENDS:
        raise Refused(_("Waybill %(waybill)s was used before and that parcel is done.") % {"waybill": waybill})
    scan(parcel, ParcelStatus.IN_TRANSIT, at=at, recorded_by=recorded_by, text=_("Waybill handed in"))
    if is_new:
        subscriptions.ask_for(parcel, at=at)
    return parcel


def _waiting_here(merchant_id: int, waybill: str) -> Parcel | None:
    """A parcel that lies here without a case; whoever wrote it down may have called the carrier something else."""
    lying = Parcel.objects.filter(merchant_id=merchant_id, waybill=waybill, direction=Direction.RETURN)
    return lying.filter(unidentified__outcome=Outcome.WAITING).first()


def scan(
    parcel: Parcel, status: ParcelStatus, *, at: datetime, recorded_by: str, text: str = "", place: str = ""
) -> None:
    """Record what our people did or saw; whoever records it decides what follows, so it needs no judging."""
    told = Told(waybill=parcel.waybill, status=status, happened_at=at, text=text, place=place)
    _record(parcel.pk, [told], at=at, recorded_by=recorded_by, judged_at=at)


def hear(parcel_id: int, told: Sequence[Told], *, at: datetime, recorded_by: str) -> None:
    """Record what a carrier says, in any order and as often as it likes; what it means is judged later."""
    _record(parcel_id, told, at=at, recorded_by=recorded_by, judged_at=None)


def cancel(parcel: Parcel, *, at: datetime, recorded_by: str) -> None:
    """The courier never took it; Refused once it was handed over."""
    locked = Parcel.objects.select_for_update(of=("self",)).get(pk=parcel.pk)
    if locked.status not in (ParcelStatus.ANNOUNCED, ParcelStatus.IN_TRANSIT):
        raise Refused(_("The parcel has arrived: it can not be cancelled."))
    locked.call_off()
    locked.save()
    scan(locked, ParcelStatus.CANCELLED, at=at, recorded_by=recorded_by, text=_("Pickup cancelled"))


def _record(
    parcel_id: int, told: Sequence[Told], *, at: datetime, recorded_by: str, judged_at: datetime | None
) -> None:
    """Keep each scan once and take the parcel as far as they reach; rank never decreases."""
    locked = Parcel.objects.select_for_update(of=("self",)).get(pk=parcel_id)
    ParcelEvent.objects.bulk_create(
        (_event(locked, one, at=at, recorded_by=recorded_by, judged_at=judged_at) for one in told),
        ignore_conflicts=True,
    )
    before = _facts(locked)
    for one in told:
        scanned_at = min(one.happened_at, at)
        locked.heard_at = max(locked.heard_at or scanned_at, scanned_at)
        _advance(locked, one)
    if _facts(locked) != before:
        locked.save()


def _facts(parcel: Parcel) -> tuple[object, ...]:
    return parcel.status, parcel.shipped_at, parcel.signed_at, parcel.received_at, parcel.heard_at


def _event(parcel: Parcel, told: Told, *, at: datetime, recorded_by: str, judged_at: datetime | None) -> ParcelEvent:
    return ParcelEvent(
        parcel=parcel,
        happened_at=told.happened_at,
        status=told.status,
        is_problem=told.is_problem,
        text=told.text,
        place=told.place,
        digest=digest_of(told.status, told.happened_at, told.is_problem, told.text, told.place),
        recorded_by=recorded_by,
        recorded_at=at,
        judged_at=judged_at,
    )


def _advance(parcel: Parcel, told: Told) -> None:
    """The earliest scan of a kind dates it, the furthest one is the status: so their order does not matter."""
    if parcel.status in ENDS or told.status not in STEPS:
        return
    parcel.shipped_at = _earlier(parcel.shipped_at, told.happened_at)
    if told.status == ParcelStatus.SIGNED:
        parcel.signed_at = _earlier(parcel.signed_at, told.happened_at)
    if told.status == ParcelStatus.RECEIVED:
        parcel.received_at = told.happened_at
    if RANK[told.status] > RANK[ParcelStatus(parcel.status)]:
        getattr(parcel, STEPS[told.status])()


def _earlier(known: datetime | None, told: datetime) -> datetime:
    return min(known or told, told)
