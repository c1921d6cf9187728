"""Being told about parcels: wished for with the parcel, asked for by a sweep, never inside a transaction."""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from logistics.carriers import SOURCES, accounts, signing
from logistics.carriers.base import Account, Declined, NotReached, Verified, Watched
from logistics.messages import inbox
from logistics.models import Parcel, Subscription
from logistics.models.parcel import RANK, ParcelStatus
from orders.models import retry

log = logging.getLogger(__name__)
LEASE: Final = timedelta(minutes=2)
AFTER_STOP: Final = timedelta(minutes=30)  # a number that was given up can be subscribed again then


def ask_for(parcel: Parcel, *, at: datetime) -> None:
    """Wish to be told about a parcel, where its merchant has an account that follows it."""
    account = accounts.watching(parcel.merchant.code, parcel.carrier)
    if account is not None:
        Subscription.objects.get_or_create(
            parcel=parcel, source=account.source, defaults={"account": account.name, "created_at": at}
        )


def stop(parcel: Parcel, source: str, why: str, *, at: datetime) -> None:
    """The source no longer watches the parcel: it is asked again later, and in the end a person looks."""
    found = Subscription.objects.select_for_update().filter(
        parcel=parcel, source=source, status=Subscription.Status.ACTIVE
    )
    for row in found:
        if RANK[ParcelStatus(parcel.status)] >= RANK[ParcelStatus.SIGNED]:
            row.status = Subscription.Status.ENDED
        else:
            row.status = Subscription.Status.WAITING
            row.hold(why, at)
            row.hold_until = max(at + AFTER_STOP, row.hold_until or at)
        row.save()


def perform_due(at: datetime, limit: int = 200) -> int:
    """Ask for what is wished; answers how many were asked for."""
    return next((number for number in range(limit) if not perform_next(at)), limit)


def perform_next(at: datetime) -> bool:
    """Ask for one parcel; false when none waits."""
    row = _claim(at)
    if row is None:
        return False
    account = accounts.find(row.source, row.account)
    try:
        if account is None:
            raise Declined(f"There is no account {row.account!r} at {row.source} any more.")
        answer = SOURCES[row.source].subscribe(_watched(row.parcel), account, at)
    except Declined as error:
        row.hold(error, at)
        row.status = Subscription.Status.QUARANTINED
    except NotReached as error:
        row.hold(error, at)
    except Exception as error:
        log.exception("subscription %s failed", row.pk)
        row.hold(error, at)
    else:
        _told(row, account, answer, at)
    row.save(update_fields=["status", "tries", "hold_until", "last_error"])
    return True


@transaction.atomic
def _claim(at: datetime) -> Subscription | None:
    row = (
        Subscription.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(retry.due(at), status=Subscription.Status.WAITING)
        .select_related("parcel__order")
        .order_by("pk")
        .first()
    )
    if row is not None:
        # A worker that dies leaves it to the next; to be asked twice does the carrier no harm.
        Subscription.objects.filter(pk=row.pk).update(hold_until=at + LEASE)
    return row


def _told(row: Subscription, account: Account, answer: bytes, at: datetime) -> None:
    """A source that tells by itself is done; one that is asked is asked again until the parcel has arrived."""
    row.hold_until = None
    if not SOURCES[row.source].asks:
        row.status = Subscription.Status.ACTIVE
        return
    inbox.keep(account, Verified(signing.sha256_hex(answer), answer), at)
    row.tries, row.hold_until = 0, at + timedelta(hours=account.hours)
    if RANK[ParcelStatus(row.parcel.status)] >= RANK[ParcelStatus.SIGNED]:
        row.status, row.hold_until = Subscription.Status.ENDED, None


def _watched(parcel: Parcel) -> Watched:
    order = parcel.order
    return Watched(
        waybill=parcel.waybill,
        carrier=parcel.carrier,
        phone=order.phone_tail if order else "",
        reference=order.number if order else "",
    )
