"""Parcels that came without a case: recorded at the door, settled once."""

from datetime import datetime

from django.utils.translation import gettext as _

from logistics.models import LooseParcel, Parcel
from logistics.models.parcel import Direction, ParcelStatus
from logistics.models.unidentified import Outcome
from logistics.parcels import tracking
from orders.models import Order
from orders.refusals import Refused


def record(
    merchant_id: int,
    *,
    carrier: str,
    waybill: str,
    contents: str,
    note: str,
    at: datetime,
    recorded_by: str,
    by_id: int | None,
) -> LooseParcel:
    """A parcel is here and nobody knows why; Refused when this waybill is known already.

    One that we sent ourselves and that the carrier brings back knows its order.
    """
    known = Parcel.objects.filter(merchant_id=merchant_id, waybill=waybill)
    if back := known.filter(direction=Direction.RETURN).first():
        raise Refused(_already(back))
    sent = known.filter(direction=Direction.OUTBOUND, order__isnull=False).order_by("-pk").first()
    parcel = Parcel.objects.create(
        merchant_id=merchant_id,
        order=sent.order if sent else None,
        direction=Direction.RETURN,
        carrier=carrier,
        waybill=waybill,
    )
    tracking.scan(parcel, ParcelStatus.SIGNED, at=at, recorded_by=recorded_by, text=_("Arrived without a case"))
    return LooseParcel.objects.create(
        parcel=parcel, contents=contents, note=note, recorded_by=recorded_by, by_id=by_id, recorded_at=at
    )


def locked(loose_id: int) -> LooseParcel:
    """One that still waits, locked; Refused when somebody has settled it."""
    loose = LooseParcel.objects.select_for_update(of=("self",)).select_related("parcel__order").get(pk=loose_id)
    if not loose.is_waiting:
        raise Refused(_("This parcel is settled already: %(outcome)s.") % {"outcome": loose.get_outcome_display()})
    return loose


def settle(
    loose: LooseParcel, outcome: Outcome, *, note: str, at: datetime, settled_by: str, by_id: int | None
) -> LooseParcel:
    """Say what became of one that is locked."""
    loose.outcome, loose.outcome_note, loose.settled_at = outcome, note, at
    loose.settled_by, loose.settled_by_id = settled_by, by_id
    loose.save(update_fields=["outcome", "outcome_note", "settled_at", "settled_by", "settled_by_id"])
    return loose


def belongs_to(loose: LooseParcel, order: Order) -> None:
    """The parcel is about this order of its merchant; Refused for another merchant's."""
    if order.merchant_id != loose.parcel.merchant_id:
        raise Refused(_("That order belongs to another merchant."))
    Parcel.objects.filter(pk=loose.parcel_id).update(order=order)


def _already(parcel: Parcel) -> str:
    loose = LooseParcel.objects.filter(parcel=parcel).first()
    if loose is None:
        return _("Waybill %(waybill)s is announced: scan it to receive it.") % {"waybill": parcel.waybill}
    said = {"waybill": parcel.waybill, "outcome": loose.get_outcome_display()}
    return _("Waybill %(waybill)s was recorded already: %(outcome)s.") % said
