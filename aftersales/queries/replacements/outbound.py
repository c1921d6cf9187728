"""What an order has sent to its buyer, and whether that was stopped on its way."""

from logistics.models import Parcel
from logistics.models.parcel import STOPPED, Direction, ParcelStatus


def sent(order_id: int | None) -> list[Parcel]:
    """Parcels of an order to the buyer, without what was called off and what a case has sent."""
    if order_id is None:
        return []
    parcels = Parcel.objects.filter(order_id=order_id, direction=Direction.OUTBOUND, sent_cases__isnull=True)
    return list(parcels.exclude(status=ParcelStatus.CANCELLED).order_by("pk"))


def is_stopped(order_id: int | None) -> bool:
    """Whether the carrier said of everything that was sent that the buyer will not get it."""
    parcels = sent(order_id)
    return bool(parcels) and all(parcel.status in STOPPED for parcel in parcels)
