"""Parcels to the buyers of the demo, with their scans."""

from datetime import datetime, timedelta
from random import Random

from aftersales.demo.catalogue import Shop
from logistics.models import Parcel, ParcelEvent
from logistics.models.event import digest_of
from logistics.models.parcel import Direction, ParcelStatus
from orders.models import Order

# status, when, where
Scan = tuple[ParcelStatus, datetime, str]


def send(order: Order, shop: Shop, shipped_at: datetime, signed_at: datetime | None, random: Random) -> None:
    """Record the parcel of an order with the scans that its carrier would have told."""
    parcel = Parcel(
        merchant=order.merchant,
        order=order,
        direction=Direction.OUTBOUND,
        carrier=random.choice(shop.carriers),
        waybill=waybill(random),
        shipped_at=shipped_at,
        signed_at=signed_at,
    )
    parcel.depart()
    if signed_at:
        parcel.sign()
    parcel.save()
    ParcelEvent.objects.bulk_create(
        _scan(parcel, status, at, place) for status, at, place in _scans(order, shop, shipped_at, signed_at)
    )


def _scans(order: Order, shop: Shop, shipped_at: datetime, signed_at: datetime | None) -> list[Scan]:
    scans = [(ParcelStatus.IN_TRANSIT, shipped_at, shop.address[3])]
    if signed_at:
        scans += [
            (ParcelStatus.DELIVERING, signed_at - timedelta(hours=3), order.receiver_region),
            (ParcelStatus.SIGNED, signed_at, order.receiver_region),
        ]
    return scans


def _scan(parcel: Parcel, status: ParcelStatus, at: datetime, place: str) -> ParcelEvent:
    return ParcelEvent(
        parcel=parcel,
        happened_at=at,
        status=status,
        text=str(status.label),
        place=place,
        recorded_by="carrier",
        recorded_at=at,
        # Processed already: the first sweep would otherwise take every scan of the demo for news.
        judged_at=at,
        digest=digest_of(status, at, False, str(status.label), place),
    )


def waybill(random: Random) -> str:
    """A waybill that looks like one."""
    return f"{random.choice(('SF', 'ZT', 'YT', 'JD'))}{random.randint(10**11, 10**12 - 1)}"
