"""Pickups at the door: requested, called off, and what carriers report of them. Rows only; a sweep calls carriers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from logistics.carriers import PICKUP_CARRIERS, accounts
from logistics.carriers.base import Account, PickupReport
from logistics.messages import subscriptions
from logistics.models import Parcel, Pickup
from logistics.models.parcel import Direction
from logistics.models.pickup import EXPECTED, PickupStatus
from logistics.parcels.tracking import ENDS
from orders.models import Order
from orders.refusals import Refused


class TooEarly(Exception):
    """A call-back came before the answer to the booking was written down; its message is parsed again later."""


@dataclass(frozen=True)
class Contact:
    """A person at an address, as a courier needs it."""

    name: str
    phone: str
    region: str
    address: str


@dataclass(frozen=True)
class Visit:
    """What is asked of a courier: whom to visit when, and where the goods go. `reference` is a case number."""

    reference: str
    carrier: str
    sender: Contact
    receiver: Contact
    window: tuple[datetime, datetime]


def expected(reference: str) -> Pickup | None:
    """The pickup that is still to come, or None."""
    return Pickup.objects.filter(reference=reference, status__in=EXPECTED).first()


def is_collected(reference: str) -> bool:
    """Whether the latest pickup was collected."""
    latest = Pickup.objects.filter(reference=reference).order_by("-pk").values_list("status", flat=True).first()
    return latest == PickupStatus.COLLECTED


def request(order: Order, visit: Visit, *, at: datetime, recorded_by: str) -> Pickup:
    """Request a pickup; without an account for the carrier it is booked by phone. Refused while one is expected."""
    if expected(visit.reference) is not None:
        raise Refused(_("A courier is booked already: reschedule that pickup, or cancel it."))
    account = accounts.for_pickups(order.merchant.code, visit.carrier)
    return Pickup.objects.create(
        merchant=order.merchant,
        order=order,
        reference=visit.reference,
        carrier=visit.carrier,
        source=account.source if account else "",
        account=account.name if account else "",
        status=PickupStatus.REQUESTED if account else PickupStatus.BOOKED,
        todo=Pickup.Todo.BOOK if account else "",
        **_fields("sender", visit.sender),
        **_fields("receiver", visit.receiver),
        window_from=visit.window[0],
        window_until=visit.window[1],
        hold_until=_booking_opens(account, visit.window[0]) if account else None,
        requested_at=at,
        recorded_by=recorded_by,
    )


def _booking_opens(account: Account, start: datetime) -> datetime:
    """The first instant at which the carrier takes a booking for that day, in the zone of the account."""
    day = start.astimezone(account.zone) - timedelta(days=PICKUP_CARRIERS[account.source].days_ahead)
    return day.replace(hour=0, minute=0, second=0, microsecond=0)


def _fields(who: str, place: Contact) -> dict[str, str]:
    return {f"{who}_{name}": getattr(place, name) for name in ("name", "phone", "region", "address")}


def call_off(reference: str, *, at: datetime) -> list[Pickup]:
    """Call off every pickup not yet collected; returns those that were expected. A sweep informs the carrier."""
    rows = Pickup.objects.select_for_update(of=("self",)).filter(reference=reference, called_off_at__isnull=True)
    cancelled = []
    for row in rows.exclude(status=PickupStatus.COLLECTED).order_by("pk"):
        if row.is_expected:
            _cancel(row)
            cancelled.append(row)
        # Whoever calls off has moved the case already: later reports of this pickup must not move it again.
        row.called_off_at, row.is_judged = at, True
        row.save()
    return cancelled


def _cancel(row: Pickup) -> None:
    row.advance(PickupStatus.CANCELLED)
    is_known = bool(row.source and (row.sent_at or row.external_id))
    # hold_until stays: it may be the lease of a worker that is booking this pickup; it is called off after that.
    row.todo = Pickup.Todo.CALL_OFF if is_known else ""
    row.tries = 0


def reschedule(row: Pickup, window: tuple[datetime, datetime], *, at: datetime, recorded_by: str) -> Pickup:
    """Call the pickup off and request another: carriers have no way to move a booking to another time."""
    call_off(row.reference, at=at)
    visit = Visit(row.reference, row.carrier, _contact(row, "sender"), _contact(row, "receiver"), window)
    return request(row.order, visit, at=at, recorded_by=recorded_by)


def _contact(row: Pickup, who: str) -> Contact:
    return Contact(*(getattr(row, f"{who}_{name}") for name in ("name", "phone", "region", "address")))


def record_report(account: Account, report: PickupReport, *, at: datetime) -> bool:
    """Record what a carrier reports of a pickup, in any order, any number of times. False when it is not ours."""
    row = _reported_pickup(account, report)
    if row is None:
        return False
    is_named = _name_parcel(row, report.waybill, at=at)
    _write_bill(row, report)
    has_moved = _advance(row, report)
    row.heard_at = max(row.heard_at or at, at)
    row.is_judged = row.is_judged and not (is_named or has_moved)
    row.save()
    return True


def _reported_pickup(account: Account, report: PickupReport) -> Pickup | None:
    ours = Pickup.objects.select_for_update(of=("self",)).filter(source=account.source, account=account.name)
    row = ours.filter(external_id=report.order_id).select_related("merchant").first()
    # The courier may be faster than the answer to our booking: then the number is unknown only for a moment.
    if row is None and _being_booked(ours):
        raise TooEarly(f"No pickup has the number {report.order_id} yet.")
    return row


def _being_booked(ours: QuerySet[Pickup]) -> bool:
    return ours.filter(sent_at__isnull=False, external_id="").exclude(todo="").exists()


def _write_bill(row: Pickup, report: PickupReport) -> None:
    """The latest bill by the carrier's time counts, however late the others come."""
    if (report.amount is None and report.weight is None) or (row.billed_at and report.happened_at < row.billed_at):
        return
    row.billed_at = report.happened_at
    row.billed_amount = row.billed_amount if report.amount is None else report.amount
    row.weighed = row.weighed if report.weight is None else report.weight


def _advance(row: Pickup, report: PickupReport) -> bool:
    """Advance the pickup as far as reported; returns whether it moved."""
    has_moved = row.advance(report.status)
    if report.status == PickupStatus.COLLECTED:
        row.collected_at = min(row.collected_at or report.happened_at, report.happened_at)
    if has_moved and not row.is_expected and row.todo == Pickup.Todo.BOOK:
        row.todo = ""
    if has_moved and report.words:
        row.words = report.words
    return has_moved


def _name_parcel(row: Pickup, waybill: str, *, at: datetime) -> bool:
    """Link the parcel that the courier takes; returns whether the pickup had none and has one now."""
    if not waybill or row.parcel_id is not None:
        return False
    parcel, is_new = _returned_parcel(row, waybill, at)
    # The waybill may be known already for another order, or a parcel that has ended: that one is not collected.
    if parcel.order_id != row.order_id or parcel.status in ENDS:
        return False
    row.parcel = parcel
    if is_new:
        subscriptions.request(parcel, at=at)
    return True


def _returned_parcel(row: Pickup, waybill: str, at: datetime) -> tuple[Parcel, bool]:
    return Parcel.objects.get_or_create(
        merchant=row.merchant,
        carrier=row.carrier,
        waybill=waybill,
        direction=Direction.RETURN,
        defaults={"order_id": row.order_id, "heard_at": at},
    )


def name_parcel(row: Pickup, waybill: str, *, at: datetime) -> None:
    """Link the parcel where the answer to the booking has its waybill already; the caller saves."""
    if _name_parcel(row, waybill, at=at):
        row.is_judged = False
