"""The inbox read: messages become scans of parcels, one transaction a message, the outcome written on it."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from logistics.carriers import SOURCES, accounts
from logistics.carriers.base import Account, Reading, Told, Unreadable
from logistics.messages import subscriptions
from logistics.models import CarrierMessage, Parcel
from logistics.models.parcel import Direction, ParcelStatus
from logistics.parcels import tracking
from logistics.pickups import pickup_requests
from orders.models import retry

log = logging.getLogger(__name__)
AHEAD: Final = timedelta(hours=14)  # the most that a clock told without its zone can be ahead


def read_due(at: datetime, limit: int = 2000) -> int:
    """Read what has come; answers how many messages were looked at."""
    return next((number for number in range(limit) if not read_next(at)), limit)


@transaction.atomic
def read_next(at: datetime) -> bool:
    """Read one message; what fails is tried again later, after five tries by a person. False when none waits."""
    message = (
        CarrierMessage.objects.select_for_update(skip_locked=True)
        .filter(retry.due(at), status=CarrierMessage.Status.NEW)
        .order_by("pk")
        .first()
    )
    if message is None:
        return False
    try:
        with transaction.atomic():
            unknown = _read(message, at)
    except Unreadable as error:
        message.hold(error, at)
        message.status = CarrierMessage.Status.QUARANTINED
    except Exception as error:
        log.warning("message %s failed: %s", message.pk, error)
        message.hold(error, at)
    else:
        _end(message, unknown, at)
    message.save(update_fields=["status", "tries", "hold_until", "last_error"])
    return True


def parcels(account: Account, waybills: Sequence[str]) -> QuerySet[Parcel]:
    """Parcels that the account may speak of: those of its merchant; the default one of all who have none."""
    found = Parcel.objects.filter(waybill__in=waybills)
    if account.name == accounts.DEFAULT:
        return found.exclude(merchant__code__in=accounts.owners(account.source))
    return found.filter(merchant__code=account.name)


def _end(message: CarrierMessage, unknown: Sequence[str], at: datetime) -> None:
    if unknown:
        message.hold(f"No parcel has the waybill {', '.join(unknown)}.", at)
    else:
        message.status, message.hold_until = CarrierMessage.Status.DONE, None


def _read(message: CarrierMessage, at: datetime) -> list[str]:
    """Record what is told of each parcel; answers the waybills that nobody has announced."""
    account = accounts.find(message.source, message.account)
    if account is None:
        raise Unreadable(f"There is no account {message.account!r} at {message.source} any more.")
    reading = SOURCES[message.source].read(bytes(message.raw), account, message.received_at)
    by_waybill: dict[str, list[Told]] = defaultdict(list)
    for one in _scans(reading, account, at):
        if one.happened_at > message.received_at + AHEAD:
            raise Unreadable(f"The scan of {one.happened_at.isoformat()} lies in the future.")
        by_waybill[one.waybill].append(one)
    known = _meant(list(parcels(account, [*by_waybill, *reading.stopped]).order_by("pk")))
    for parcel in known:
        if parcel.waybill in by_waybill:
            tracking.hear(parcel.pk, by_waybill[parcel.waybill], at=at, recorded_by=message.source)
        if parcel.waybill in reading.stopped:
            subscriptions.stop(parcel, message.source, reading.stopped[parcel.waybill], at=at)
    return sorted(by_waybill.keys() - {parcel.waybill for parcel in known})


def _scans(reading: Reading, account: Account, at: datetime) -> list[Told]:
    """Scans of parcels; that a pickup of ours is off says nothing of the parcel, which another courier may have."""
    if reading.collected is None or not pickup_requests.hear(account, reading.collected, at=at):
        return list(reading.told)
    return [one for one in reading.told if one.status != ParcelStatus.CANCELLED]


def _meant(found: Sequence[Parcel]) -> list[Parcel]:
    """A waybill that went out and is then handed in as a return tells of the way out only: it proves no return."""
    out = {(parcel.merchant_id, parcel.waybill) for parcel in found if parcel.direction == Direction.OUTBOUND}
    return [
        parcel
        for parcel in found
        if parcel.direction == Direction.OUTBOUND or (parcel.merchant_id, parcel.waybill) not in out
    ]
