"""The parcels in which an order went to its buyer, and whether all of them were stopped or lost."""

from datetime import datetime, timedelta

from django.conf import settings

from logistics.models import Parcel
from logistics.models.parcel import STOPPED, UNDER_WAY, Direction, ParcelStatus


def sent(order_id: int | None) -> list[Parcel]:
    """Outbound parcels of an order, without cancelled ones and those that a case has sent, as replacements or back."""
    if order_id is None:
        return []
    parcels = Parcel.objects.filter(order_id=order_id, direction=Direction.OUTBOUND, sent_cases__isnull=True)
    parcels = parcels.filter(goods_owed__isnull=True)
    return list(parcels.exclude(status=ParcelStatus.CANCELLED).order_by("pk"))


def is_stopped(order_id: int | None) -> bool:
    """Whether carriers report of every parcel of the order that the buyer will not get it."""
    parcels = sent(order_id)
    return bool(parcels) and all(parcel.status in STOPPED for parcel in parcels)


def is_lost(order_id: int | None) -> bool:
    """Whether a parcel of the order is lost, and no other one is still to reach the buyer."""
    return _none_comes(sent(order_id))


def stands_still(order_id: int | None, at: datetime) -> bool:
    """Whether every parcel of the order that was not stopped is lost, or moves no longer."""
    parcels = sent(order_id)
    return _none_comes([parcel for parcel in parcels if not _is_quiet(parcel, at)], is_any_lost=bool(parcels))


def _none_comes(parcels: list[Parcel], *, is_any_lost: bool = False) -> bool:
    lost = is_any_lost or any(parcel.status == ParcelStatus.LOST for parcel in parcels)
    return lost and all(parcel.status in (ParcelStatus.LOST, *STOPPED) for parcel in parcels)


def _is_quiet(parcel: Parcel, at: datetime) -> bool:
    last = parcel.heard_at or parcel.shipped_at or parcel.created_at
    quiet: timedelta = settings.PARCEL_QUIET_AFTER
    return parcel.status in UNDER_WAY and last <= at - quiet
