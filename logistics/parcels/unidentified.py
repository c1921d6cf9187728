"""Parcels that came without a case: recorded on arrival, settled once."""

from datetime import datetime

from django.utils.translation import gettext as _

from logistics.models import Parcel, UnidentifiedParcel
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
) -> UnidentifiedParcel:
    """Record a parcel that nobody announced; Refused when its waybill is known as a return.

    One that we sent ourselves, and that the carrier brings back, belongs to the order it was sent for.
    """
    parcel = _create_parcel(merchant_id, carrier, waybill)
    # Signed for, not received: goods are received by a case, or by whoever settles the parcel.
    tracking.scan(parcel, ParcelStatus.SIGNED, at=at, recorded_by=recorded_by, text=_("Arrived without a case"))
    return UnidentifiedParcel.objects.create(
        parcel=parcel, contents=contents, note=note, recorded_by=recorded_by, by_id=by_id, recorded_at=at
    )


def _create_parcel(merchant_id: int, carrier: str, waybill: str) -> Parcel:
    known = Parcel.objects.filter(merchant_id=merchant_id, waybill=waybill)
    if returned := known.filter(direction=Direction.RETURN).first():
        raise Refused(_known_already(returned))
    sent = known.filter(direction=Direction.OUTBOUND, order__isnull=False).order_by("-pk").first()
    order = sent.order if sent else None
    return Parcel.objects.create(
        merchant_id=merchant_id, order=order, direction=Direction.RETURN, carrier=carrier, waybill=waybill
    )


def _known_already(parcel: Parcel) -> str:
    unidentified = UnidentifiedParcel.objects.filter(parcel=parcel).first()
    if unidentified is None:
        return _("Waybill %(waybill)s is announced: scan it to receive it.") % {"waybill": parcel.waybill}
    facts = {"waybill": parcel.waybill, "outcome": unidentified.get_outcome_display()}
    return _("Waybill %(waybill)s was recorded already: %(outcome)s.") % facts


def locked(unidentified_id: int) -> UnidentifiedParcel:
    """Lock one that nobody has settled; Refused when somebody has."""
    unidentified = (
        UnidentifiedParcel.objects.select_for_update(of=("self",))
        .select_related("parcel__order")
        .get(pk=unidentified_id)
    )
    if not unidentified.is_waiting:
        raise Refused(
            _("This parcel is settled already: %(outcome)s.") % {"outcome": unidentified.get_outcome_display()}
        )
    return unidentified


def settle(
    unidentified: UnidentifiedParcel, outcome: Outcome, *, note: str, at: datetime, settled_by: str, by_id: int | None
) -> UnidentifiedParcel:
    """Write down what became of a parcel that the caller has locked."""
    unidentified.outcome, unidentified.outcome_note, unidentified.settled_at = outcome, note, at
    unidentified.settled_by, unidentified.settled_by_id = settled_by, by_id
    unidentified.save(update_fields=["outcome", "outcome_note", "settled_at", "settled_by", "settled_by_id"])
    return unidentified


def belongs_to(unidentified: UnidentifiedParcel, order: Order) -> None:
    """Assign the parcel to an order of its merchant; Refused for another merchant's order."""
    if order.merchant_id != unidentified.parcel.merchant_id:
        raise Refused(_("That order belongs to another merchant."))
    Parcel.objects.filter(pk=unidentified.parcel_id).update(order=order)
