"""The parcels in which an order went to its buyer, and whether all of them were stopped."""

from logistics.models import Parcel
from logistics.models.parcel import STOPPED, Direction, ParcelStatus


def sent(order_id: int | None) -> list[Parcel]:
    """Outbound parcels of an order, without cancelled ones and replacements that a case has sent."""
    if order_id is None:
        return []
    parcels = Parcel.objects.filter(order_id=order_id, direction=Direction.OUTBOUND, sent_cases__isnull=True)
    return list(parcels.exclude(status=ParcelStatus.CANCELLED).order_by("pk"))


def is_stopped(order_id: int | None) -> bool:
    """Whether carriers report of every parcel of the order that the buyer will not get it."""
    parcels = sent(order_id)
    return bool(parcels) and all(parcel.status in STOPPED for parcel in parcels)
