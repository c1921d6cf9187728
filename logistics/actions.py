"""What happens to parcels: announced, scanned, received. Facts only; cases judge them elsewhere."""

from datetime import datetime

from django.utils.translation import gettext as _

from logistics.models import Parcel, ParcelEvent
from logistics.models.loose import Outcome
from logistics.models.parcel import UNDER_WAY, Direction, ParcelStatus
from orders.models import Order
from orders.refusals import Refused

RANK = {status: rank for rank, status in enumerate(ParcelStatus)}


def announce_return(order: Order, *, carrier: str, waybill: str, at: datetime, recorded_by: str) -> Parcel:
    """The parcel with this waybill on its way back; known already, or here without a case, it is the same one."""
    parcel = _waiting_here(order.merchant_id, waybill)
    if parcel is None:
        parcel, _new = Parcel.objects.get_or_create(
            merchant=order.merchant,
            carrier=carrier,
            waybill=waybill,
            direction=Direction.RETURN,
            defaults={"order": order, "shipped_at": at},
        )
    if parcel.status in (ParcelStatus.RECEIVED, ParcelStatus.CANCELLED):
        raise Refused(_("Waybill %(waybill)s was used before and that parcel is done.") % {"waybill": waybill})
    scan(parcel, ParcelStatus.IN_TRANSIT, at=at, recorded_by=recorded_by, text=_("Waybill handed in"))
    return parcel


def _waiting_here(merchant_id: int, waybill: str) -> Parcel | None:
    """A parcel that lies here without a case; whoever wrote it down may have called the carrier something else."""
    lying = Parcel.objects.filter(merchant_id=merchant_id, waybill=waybill, direction=Direction.RETURN)
    return lying.filter(loose__outcome=Outcome.WAITING).first()


def scan(
    parcel: Parcel, status: ParcelStatus, *, at: datetime, recorded_by: str, text: str = "", place: str = ""
) -> None:
    """Record a message about a parcel; the rank of its status never decreases, late scans are kept."""
    ParcelEvent.objects.create(
        parcel=parcel, happened_at=at, status=status, text=text, place=place, recorded_by=recorded_by, recorded_at=at
    )
    locked = Parcel.objects.select_for_update(of=("self",)).get(pk=parcel.pk)
    if (
        status == ParcelStatus.CANCELLED
        or RANK[status] <= RANK[ParcelStatus(locked.status)]
        or locked.status not in (*UNDER_WAY, ParcelStatus.SIGNED)
    ):
        return
    if status == ParcelStatus.IN_TRANSIT:
        locked.depart()
        locked.shipped_at = locked.shipped_at or at
    elif status == ParcelStatus.SIGNED:
        locked.sign()
        locked.signed_at = at
    elif status == ParcelStatus.RECEIVED:
        locked.receive()
        locked.received_at = at
    elif status == ParcelStatus.INTERCEPTED:
        locked.intercept()
    elif status == ParcelStatus.DELIVERING:
        locked.go_out()
    locked.save()


def cancel(parcel: Parcel, *, at: datetime, recorded_by: str) -> None:
    """The courier never took it; Refused once it was handed over."""
    locked = Parcel.objects.select_for_update(of=("self",)).get(pk=parcel.pk)
    if locked.status not in (ParcelStatus.ANNOUNCED, ParcelStatus.IN_TRANSIT):
        raise Refused(_("The parcel has arrived: it can not be cancelled."))
    locked.call_off()
    locked.save()
    ParcelEvent.objects.create(
        parcel=locked,
        happened_at=at,
        status=ParcelStatus.CANCELLED,
        text=_("Pickup cancelled"),
        recorded_by=recorded_by,
        recorded_at=at,
    )
