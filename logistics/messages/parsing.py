"""Messages of the inbox become scans of parcels: one transaction each, the outcome written on the message."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from logistics.carriers import SOURCES, accounts
from logistics.carriers.base import Account, Reading, ReportedScan, Unreadable
from logistics.messages import subscriptions
from logistics.models import CarrierMessage, Parcel
from logistics.models.parcel import Direction, ParcelStatus
from logistics.parcels import tracking
from logistics.pickups import pickup_requests
from orders.models import retry

log = logging.getLogger(__name__)
AHEAD: Final = timedelta(hours=14)  # UTC+14 is the zone furthest ahead: a time without its zone can be wrong by as much


def read_due(at: datetime, limit: int = 2000) -> int:
    """Parse what has come; returns how many messages were tried."""
    return next((number for number in range(limit) if not read_next(at)), limit)


@transaction.atomic
def read_next(at: datetime) -> bool:
    """Parse one message. False when none is due.

    1. Lock the oldest message that is due, skipping those of other workers.
    2. Record its scans in a savepoint, so that a failure leaves nothing half recorded.
    3. What can not be parsed is put aside at once; what fails otherwise is retried, after five tries by a person.
    4. Write the outcome on the message.
    """
    message = _next_due(at)
    if message is None:
        return False
    try:
        with transaction.atomic():
            unknown = _record(message, at)
    except Unreadable as error:
        message.hold(error, at)
        message.status = CarrierMessage.Status.QUARANTINED
    except Exception as error:
        log.warning("message %s failed: %s", message.pk, error)
        message.hold(error, at)
    else:
        _finish(message, unknown, at)
    message.save(update_fields=["status", "tries", "hold_until", "last_error"])
    return True


def _next_due(at: datetime) -> CarrierMessage | None:
    waiting = CarrierMessage.objects.select_for_update(skip_locked=True)
    return waiting.filter(retry.due(at), status=CarrierMessage.Status.NEW).order_by("pk").first()


def _record(message: CarrierMessage, at: datetime) -> list[str]:
    """Record what the message reports of each parcel; returns the waybills that nobody has announced."""
    account = accounts.find(message.source, message.account)
    if account is None:
        raise Unreadable(f"There is no account {message.account!r} at {message.source} any more.")
    reading = SOURCES[message.source].read(bytes(message.raw), account, message.received_at)
    by_waybill = _by_waybill(_scans(reading, account, at), message.received_at)
    # Parcels are locked one by one, in the order of their ids: two messages never lock the same ones crosswise.
    known = _reported_on(list(parcels(account, [*by_waybill, *reading.stopped]).order_by("pk")))
    for parcel in known:
        if parcel.waybill in by_waybill:
            tracking.record_reported(parcel.pk, by_waybill[parcel.waybill], at=at, recorded_by=message.source)
        if parcel.waybill in reading.stopped:
            subscriptions.stop(parcel, message.source, reading.stopped[parcel.waybill], at=at)
    return sorted(by_waybill.keys() - {parcel.waybill for parcel in known})


def _scans(reading: Reading, account: Account, at: datetime) -> list[ReportedScan]:
    """The scans of parcels. A cancelled pickup of ours is left out: another courier may take the parcel instead."""
    if reading.pickup is None or not pickup_requests.record_report(account, reading.pickup, at=at):
        return list(reading.scans)
    return [scan for scan in reading.scans if scan.status != ParcelStatus.CANCELLED]


def _by_waybill(scans: Sequence[ReportedScan], received_at: datetime) -> dict[str, list[ReportedScan]]:
    found: dict[str, list[ReportedScan]] = defaultdict(list)
    for scan in scans:
        if scan.happened_at > received_at + AHEAD:
            raise Unreadable(f"The scan of {scan.happened_at.isoformat()} lies in the future.")
        found[scan.waybill].append(scan)
    return found


def parcels(account: Account, waybills: Sequence[str]) -> QuerySet[Parcel]:
    """Parcels that the account may report on: its merchant's, for the default one those of merchants without one."""
    found = Parcel.objects.filter(waybill__in=waybills)
    if account.name == accounts.DEFAULT:
        return found.exclude(merchant__code__in=accounts.owners(account.source))
    return found.filter(merchant__code=account.name)


def _finish(message: CarrierMessage, unknown: Sequence[str], at: datetime) -> None:
    # A carrier may push before the buyer has handed the waybill in: one that is unknown now may be announced later.
    if unknown:
        message.hold(f"No parcel has the waybill {', '.join(unknown)}.", at)
    else:
        message.status, message.hold_until = CarrierMessage.Status.DONE, None


def _reported_on(found: Sequence[Parcel]) -> list[Parcel]:
    """The parcels that the scans are about: of a waybill known both ways the outbound one only.

    A buyer may hand in the waybill of the way out as that of the return; its signature would prove a return.
    """
    out = {(parcel.merchant_id, parcel.waybill) for parcel in found if parcel.direction == Direction.OUTBOUND}
    return [
        parcel
        for parcel in found
        if parcel.direction == Direction.OUTBOUND or (parcel.merchant_id, parcel.waybill) not in out
    ]
