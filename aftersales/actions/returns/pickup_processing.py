"""What carriers report of pickups, and what it means for their cases: collected, or nobody comes."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from aftersales.actions import case_log, gate
from aftersales.actions.refunds import instant_refunds
from aftersales.actions.returns import pickups
from aftersales.models import Case, Event, ReturnParcel
from aftersales.rules.actor import CARRIER
from aftersales.rules.vocabulary import DeadlineKind, DeadlineStatus, Role, Status
from logistics.models import Pickup
from logistics.models.parcel import ParcelStatus
from logistics.models.pickup import PickupStatus
from orders.models import retry

log = logging.getLogger(__name__)
NEVER_MOVED = (ParcelStatus.ANNOUNCED, ParcelStatus.CANCELLED)


def process_due(at: datetime, limit: int = 2000) -> int:
    """Process pickups of which something new was reported; returns how many were tried."""
    return next((number for number in range(limit) if not process_next(at)), limit)


def process_next(at: datetime) -> bool:
    """Process one pickup; what fails is retried later, after five tries by a person. False when none is due."""
    waiting = Pickup.objects.filter(retry.due(at), is_judged=False, tries__lt=retry.MOST_TRIES)
    row = waiting.order_by("pk").first()
    if row is None:
        return False
    try:
        _process(row, at)
    except Exception as error:
        log.warning("pickup %s could not be processed: %s", row.pk, error)
        _hold(row, error, at)
    return True


@transaction.atomic
def _hold(row: Pickup, error: Exception, at: datetime) -> None:
    fresh = Pickup.objects.select_for_update(of=("self",)).get(pk=row.pk)
    fresh.hold(error, at)
    fresh.save(update_fields=["tries", "hold_until", "last_error"])


@gate.transactional
def _process(row: Pickup, at: datetime) -> None:
    """Lock the case, then its pickup: the order in which those who book and cancel lock them."""
    case = gate.locked(Case.objects.values_list("pk", flat=True).get(number=row.reference))
    fresh = Pickup.objects.select_for_update(of=("self",)).select_related("parcel").get(pk=row.pk)
    if fresh.is_judged:
        return
    _link_parcel(case, fresh)
    if fresh.status == PickupStatus.COLLECTED:
        _collected(case, fresh, at)
    elif not fresh.is_expected and fresh.called_off_at is None:
        _not_coming(case, at)
    Pickup.objects.filter(pk=fresh.pk).update(is_judged=True)


def _link_parcel(case: Case, row: Pickup) -> None:
    # A pickup that we called off says nothing of the return: the buyer may send the goods in another way by now.
    if row.parcel is not None and row.called_off_at is None:
        ReturnParcel.objects.get_or_create(case=case, parcel=row.parcel)


def _collected(case: Case, row: Pickup, at: datetime) -> None:
    """The goods have left the buyer: the time to receive them starts, and an instant refund is sent. Logged once."""
    # The waybill may be reported after the collection, and then the same pickup is processed again.
    if Event.objects.filter(case=case, action="collect_return", data__pickup=row.pk).exists():
        return
    details: dict[str, Any] = {"carrier": row.carrier, "waybill": row.parcel.waybill if row.parcel else ""}
    details["pickup"] = row.pk
    if case.status == Status.RETURN_IN_TRANSIT:
        _receive_later(case, row)
        details |= _instant_refund(case, at)
    case_log.put(case, "collect_return", role=Role.CARRIER, at=at, data=details)


def _receive_later(case: Case, row: Pickup) -> None:
    """Count the time to receive from the collection, never sooner than it was due; a signature has set its own."""
    if row.collected_at is None or (row.parcel and row.parcel.signed_at):
        return
    due_at = row.collected_at + timedelta(days=case.policy.receipt_days)
    waiting = case.deadlines.filter(kind=DeadlineKind.RECEIPT, status=DeadlineStatus.PENDING, due_at__lt=due_at)
    if waiting.update(due_at=due_at):
        Case.objects.filter(pk=case.pk, due_kind=DeadlineKind.RECEIPT).update(due_at=due_at)


def _instant_refund(case: Case, at: datetime) -> dict[str, str]:
    advanced = instant_refunds.pay(case, at=at)
    if not advanced:
        return {}
    case.save(update_fields=["advanced_at", "freight_held"])
    return {"advanced": str(advanced)}


def _not_coming(case: Case, at: datetime) -> None:
    """Nobody comes, and no other parcel of the case has moved: the buyer ships again in the time that was left."""
    moved = case.return_parcels.exclude(parcel__status__in=NEVER_MOVED)
    if case.status == Status.RETURN_IN_TRANSIT and not moved.exists():
        pickups.cancel_pickup(case.pk, by=CARRIER, at=at)
