"""Subscriptions to parcels: requested with the parcel, carried out by a sweep, never inside a transaction."""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from logistics.carriers import SOURCES, accounts, signing
from logistics.carriers.base import Account, Declined, NotReached, TrackedParcel, Verified
from logistics.messages import inbox
from logistics.models import Parcel, Subscription
from logistics.models.parcel import RANK, ParcelStatus
from orders.models import retry

log = logging.getLogger(__name__)
LEASE: Final = timedelta(minutes=2)  # a claimed row belongs to its worker for so long
AFTER_STOP: Final = timedelta(minutes=30)  # Kuaidi100 refuses a number that it has just given up


def request(parcel: Parcel, *, at: datetime) -> None:
    """Request a subscription to a parcel, where its merchant has an account that follows its carrier."""
    account = accounts.for_tracking(parcel.merchant.code, parcel.carrier)
    if account is not None:
        Subscription.objects.get_or_create(
            parcel=parcel, source=account.source, defaults={"account": account.name, "created_at": at}
        )


def stop(parcel: Parcel, source: str, why: str, *, at: datetime) -> None:
    """The source no longer follows the parcel: it is subscribed to again later, after five tries by a person."""
    found = Subscription.objects.select_for_update().filter(
        parcel=parcel, source=source, status=Subscription.Status.ACTIVE
    )
    for row in found:
        if RANK[ParcelStatus(parcel.status)] >= RANK[ParcelStatus.SIGNED]:
            row.status = Subscription.Status.ENDED
        else:
            _request_again(row, why, at)
        row.save()


def _request_again(row: Subscription, why: str, at: datetime) -> None:
    row.status = Subscription.Status.WAITING
    row.hold(why, at)
    row.hold_until = max(at + AFTER_STOP, row.hold_until or at)


def perform_due(at: datetime, limit: int = 200) -> int:
    """Carry out the requests that are due; returns how many were tried."""
    return next((number for number in range(limit) if not perform_next(at)), limit)


def perform_next(at: datetime) -> bool:
    """Subscribe to one parcel, or poll it. False when none is due.

    1. Claim the oldest request for two minutes and commit, so that no transaction is open during the call.
    2. Call the carrier.
    3. Write the outcome on the row: a refusal is for a person, a failure is retried.
    """
    row = _claim(at)
    if row is None:
        return False
    account = accounts.find(row.source, row.account)
    try:
        if account is None:
            raise Declined(f"There is no account {row.account!r} at {row.source} any more.")
        answer = SOURCES[row.source].subscribe(_tracked(row.parcel), account, at)
    except Declined as error:
        row.hold(error, at)
        row.status = Subscription.Status.QUARANTINED
    except NotReached as error:
        row.hold(error, at)
    except Exception as error:
        log.exception("subscription %s failed", row.pk)
        row.hold(error, at)
    else:
        _subscribed(row, account, answer, at)
    row.save(update_fields=["status", "tries", "hold_until", "last_error"])
    return True


@transaction.atomic
def _claim(at: datetime) -> Subscription | None:
    waiting = Subscription.objects.select_for_update(of=("self",), skip_locked=True)
    due = waiting.filter(retry.due(at), status=Subscription.Status.WAITING)
    row = due.select_related("parcel__order").order_by("pk").first()
    if row is not None:
        # If the worker dies, the lease ends and the next one subscribes again: that does no harm.
        Subscription.objects.filter(pk=row.pk).update(hold_until=at + LEASE)
    return row


def _subscribed(row: Subscription, account: Account, answer: bytes, at: datetime) -> None:
    """A source that pushes is subscribed to for good; one that is polled is due again until the parcel has arrived."""
    row.hold_until = None
    if not SOURCES[row.source].is_polled:
        row.status = Subscription.Status.ACTIVE
        return
    # The answer goes through the inbox like a push, so that it is parsed, retried and put aside in the same way.
    inbox.store(account, Verified(signing.sha256_hex(answer), answer), at)
    row.tries, row.hold_until = 0, at + timedelta(hours=account.hours)
    if RANK[ParcelStatus(row.parcel.status)] >= RANK[ParcelStatus.SIGNED]:
        row.status, row.hold_until = Subscription.Status.ENDED, None


def _tracked(parcel: Parcel) -> TrackedParcel:
    order = parcel.order
    return TrackedParcel(
        waybill=parcel.waybill,
        carrier=parcel.carrier,
        phone=order.phone_tail if order else "",
        reference=order.number if order else "",
    )
