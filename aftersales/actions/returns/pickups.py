"""Couriers at the door: booked for a case, rescheduled, and what their carrier's word means for it."""

import logging
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aftersales.actions import case_log, gate
from aftersales.actions.effects import MoveContext
from aftersales.actions.refunds import instant_refunds
from aftersales.actions.returns import returns
from aftersales.models import Case, Event, ReturnParcel
from aftersales.queries.returns import return_addresses
from aftersales.rules.actor import CARRIER, Actor
from aftersales.rules.vocabulary import DeadlineKind, DeadlineStatus, Role, Status
from logistics.models import Pickup
from logistics.models.parcel import ParcelStatus
from logistics.models.pickup import PickupStatus
from logistics.pickups import pickup_requests
from logistics.pickups.pickup_requests import Place
from orders.models import retry
from orders.refusals import Refused

log = logging.getLogger(__name__)
Window = tuple[datetime, datetime]
MOVED = (ParcelStatus.ANNOUNCED, ParcelStatus.CANCELLED)


@gate.transactional
def book(
    case_id: int, *, by: Actor, at: datetime, carrier: str, window: Window, at_door: Place, version: int | None = None
) -> Case:
    """A courier is to come for the goods; what is left empty of the place is as the order has it."""
    details = {"carrier": carrier.strip(), "window": [each.isoformat() for each in window]}
    request = partial(_request, carrier.strip(), window, at_door)
    return gate.move(case_id, "book_pickup", effect=request, by=by, at=at, version=version, data=details)


def _request(carrier: str, window: Window, at_door: Place, case: Case, context: MoveContext) -> None:
    _insist(case, window, context.at)
    case.return_address = return_addresses.address_for(case)
    pickup_requests.request(
        case.order,
        reference=case.number,
        carrier=carrier,
        sender=_sender(case, at_door),
        receiver=_receiver(case),
        window=window,
        at=context.at,
        recorded_by=context.role,
    )


@gate.transactional
def reschedule(case_id: int, *, by: Actor, at: datetime, window: Window, version: int | None = None) -> Case:
    """The courier comes at another time; the window in which the goods are due here stays."""
    details = {"window": [each.isoformat() for each in window]}
    later = partial(_put_off, window)
    return gate.move(case_id, "reschedule_pickup", effect=later, by=by, at=at, version=version, data=details)


def _put_off(window: Window, case: Case, context: MoveContext) -> None:
    _insist(case, window, context.at)
    row = pickup_requests.expected(case.number)
    if row is None:
        raise Refused(_("No courier is expected: there is no pickup to reschedule."))
    pickup_requests.reschedule(row, window, at=context.at, recorded_by=context.role)


def _insist(case: Case, window: Window, at: datetime) -> None:
    start, end = window
    if not (start < end and end > at):
        raise Refused(_("The courier comes from a time until a later one that is not over."))
    days = case.policy.ship_return_days
    if end > at + timedelta(days=days):
        raise Refused(
            ngettext(
                "The courier comes within %(days)d day, as the policy says.",
                "The courier comes within %(days)d days, as the policy says.",
                days,
            )
            % {"days": days}
        )


def _sender(case: Case, at_door: Place) -> Place:
    order = case.order
    place = Place(
        name=at_door.name or order.receiver_name,
        phone=at_door.phone or order.receiver_phone,
        region="" if at_door.address else order.receiver_region,
        address=at_door.address or order.receiver_address,
    )
    if not (place.name and place.phone and place.address):
        raise Refused(_("Say who is at the door, with phone and address: the order does not."))
    return place


def _receiver(case: Case) -> Place:
    address = case.return_address
    if address is None:
        raise Refused(_("%(merchant)s has no return address: add one first.") % {"merchant": case.merchant.name})
    return Place(address.contact, address.phone, address.region, address.address)


def judge_due(at: datetime, limit: int = 2000) -> int:
    """Judge what couriers did; answers of how many pickups."""
    return next((number for number in range(limit) if not judge_next(at)), limit)


def judge_next(at: datetime) -> bool:
    """Judge one pickup; what fails is tried again later, after five tries by a person. False when none waits."""
    due = retry.due(at)
    row = Pickup.objects.filter(due, is_judged=False, tries__lt=retry.MOST_TRIES).order_by("pk").first()
    if row is None:
        return False
    try:
        _judge(row, at)
    except Exception as error:
        log.warning("pickup %s could not be judged: %s", row.pk, error)
        with transaction.atomic():
            fresh = Pickup.objects.select_for_update(of=("self",)).get(pk=row.pk)
            fresh.hold(error, at)
            fresh.save(update_fields=["tries", "hold_until", "last_error"])
    return True


@gate.transactional
def _judge(row: Pickup, at: datetime) -> None:
    """The case is locked first, as whoever books and cancels does."""
    case = gate.locked(Case.objects.values_list("pk", flat=True).get(number=row.reference))
    fresh = Pickup.objects.select_for_update(of=("self",)).select_related("parcel").get(pk=row.pk)
    if fresh.is_judged:
        return
    if fresh.parcel is not None and fresh.called_off_at is None:
        ReturnParcel.objects.get_or_create(case=case, parcel=fresh.parcel)
    if fresh.status == PickupStatus.COLLECTED:
        _collected(case, fresh, at)
    elif not fresh.is_expected and fresh.called_off_at is None:
        _not_coming(case, at)
    Pickup.objects.filter(pk=fresh.pk).update(is_judged=True)


def _collected(case: Case, row: Pickup, at: datetime) -> None:
    """The goods left the buyer now: the time to receive them is counted from here, what was promised at once is sent.

    It is said once: the parcel may be named after it was collected.
    """
    if Event.objects.filter(case=case, action="collect_return", data__pickup=row.pk).exists():
        return
    details = {"carrier": row.carrier, "waybill": row.parcel.waybill if row.parcel else "", "pickup": row.pk}
    if case.status == Status.RETURN_IN_TRANSIT:
        _receipt_from(case, row)
        advanced = instant_refunds.pay(case, at=at)
        if advanced:
            case.save(update_fields=["advanced_at"])
            details["advanced"] = str(advanced)
    case_log.put(case, "collect_return", role=Role.CARRIER, at=at, data=details)


def _receipt_from(case: Case, row: Pickup) -> None:
    """Never sooner than it was; a signature that was told already has set its own time."""
    if row.collected_at is None or (row.parcel and row.parcel.signed_at):
        return
    due_at = row.collected_at + timedelta(days=case.policy.receipt_days)
    waiting = case.deadlines.filter(kind=DeadlineKind.RECEIPT, status=DeadlineStatus.PENDING, due_at__lt=due_at)
    if waiting.update(due_at=due_at):
        Case.objects.filter(pk=case.pk, due_kind=DeadlineKind.RECEIPT).update(due_at=due_at)


def _not_coming(case: Case, at: datetime) -> None:
    """Nobody comes, and nothing else of the case has moved: the buyer ships again in the time that was left."""
    moved = case.return_parcels.exclude(parcel__status__in=MOVED)
    if case.status == Status.RETURN_IN_TRANSIT and not moved.exists():
        returns.cancel_pickup(case.pk, by=CARRIER, at=at)
