"""Pickups at the door: asked for, called off, and what carriers say of them. Rows only; the network is a sweep's."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from logistics.carriers import COLLECTORS, accounts
from logistics.carriers.base import Account, Collected
from logistics.messages import subscriptions
from logistics.models import Parcel, Pickup
from logistics.models.parcel import Direction
from logistics.models.pickup import EXPECTED, PickupStatus
from logistics.parcels.tracking import ENDS
from orders.models import Order
from orders.refusals import Refused


class TooEarly(Exception):
    """A call-back that came before the answer to the booking was written down: it is read again later."""


@dataclass(frozen=True)
class Place:
    """Somebody at an address."""

    name: str
    phone: str
    region: str
    address: str


def expected(reference: str) -> Pickup | None:
    """The courier who has still to come, or nothing."""
    return Pickup.objects.filter(reference=reference, status__in=EXPECTED).first()


def is_collected(reference: str) -> bool:
    """Whether the latest courier has the goods."""
    latest = Pickup.objects.filter(reference=reference).order_by("-pk").values_list("status", flat=True).first()
    return latest == PickupStatus.COLLECTED


def request(
    order: Order,
    *,
    reference: str,
    carrier: str,
    sender: Place,
    receiver: Place,
    window: tuple[datetime, datetime],
    at: datetime,
    recorded_by: str,
) -> Pickup:
    """Ask for a courier; without an account for this carrier somebody has phoned, and it is booked."""
    if expected(reference) is not None:
        raise Refused(_("A courier is booked already: reschedule that pickup, or cancel it."))
    account = accounts.collecting(order.merchant.code, carrier)
    return Pickup.objects.create(
        merchant=order.merchant,
        order=order,
        reference=reference,
        carrier=carrier,
        source=account.source if account else "",
        account=account.name if account else "",
        status=PickupStatus.REQUESTED if account else PickupStatus.BOOKED,
        todo=Pickup.Todo.BOOK if account else "",
        **_fields("sender", sender),
        **_fields("receiver", receiver),
        window_from=window[0],
        window_until=window[1],
        hold_until=_opens(account, window[0]) if account else None,
        requested_at=at,
        recorded_by=recorded_by,
    )


def _opens(account: Account, start: datetime) -> datetime:
    """The first moment at which the carrier takes an order for that day."""
    day = start.astimezone(account.zone) - timedelta(days=COLLECTORS[account.source].days_ahead)
    return day.replace(hour=0, minute=0, second=0, microsecond=0)


def _fields(who: str, place: Place) -> dict[str, str]:
    return {f"{who}_{name}": getattr(place, name) for name in ("name", "phone", "region", "address")}


def call_off(reference: str, *, at: datetime) -> list[Pickup]:
    """Nobody is to come any more; answers the pickups that were expected. The carrier is told where it knows of one."""
    rows = Pickup.objects.select_for_update(of=("self",)).filter(reference=reference, called_off_at__isnull=True)
    expected_ones = []
    for row in rows.exclude(status=PickupStatus.COLLECTED).order_by("pk"):
        if row.is_expected:
            row.advance(PickupStatus.CANCELLED)
            expected_ones.append(row)
            is_known = bool(row.source and (row.sent_at or row.external_id))
            # The lease of a worker that is booking it at this moment stays: it is called off after that.
            row.todo = Pickup.Todo.CALL_OFF if is_known else ""
            row.tries = 0
        row.called_off_at, row.is_judged = at, True
        row.save()
    return expected_ones


def reschedule(row: Pickup, window: tuple[datetime, datetime], *, at: datetime, recorded_by: str) -> Pickup:
    """Another courier at another time: carriers move none, so the first is called off and a new one asked for."""
    call_off(row.reference, at=at)
    return request(
        row.order,
        reference=row.reference,
        carrier=row.carrier,
        sender=_place(row, "sender"),
        receiver=_place(row, "receiver"),
        window=window,
        at=at,
        recorded_by=recorded_by,
    )


def _place(row: Pickup, who: str) -> Place:
    return Place(*(getattr(row, f"{who}_{name}") for name in ("name", "phone", "region", "address")))


def hear(account: Account, told: Collected, *, at: datetime) -> bool:
    """Take down what a carrier says of a pickup, in any order and as often as it likes; false when it is not ours."""
    ours = Pickup.objects.select_for_update(of=("self",)).filter(source=account.source, account=account.name)
    row = ours.filter(external_id=told.order_id).select_related("merchant").first()
    if row is None:
        if _being_booked(ours):
            raise TooEarly(f"No pickup has the number {told.order_id} yet.")
        return False
    is_named = bool(told.waybill) and row.parcel_id is None and _name(row, told.waybill, at=at)
    _measure(row, told)
    has_moved = row.advance(told.status)
    if told.status == PickupStatus.COLLECTED:
        row.collected_at = min(row.collected_at or told.happened_at, told.happened_at)
    if has_moved and not row.is_expected and row.todo == Pickup.Todo.BOOK:
        row.todo = ""
    if has_moved and told.words:
        row.words = told.words
    row.heard_at = max(row.heard_at or at, at)
    row.is_judged = row.is_judged and not (is_named or has_moved)
    row.save()
    return True


def _being_booked(ours: QuerySet[Pickup]) -> bool:
    return ours.filter(sent_at__isnull=False, external_id="").exclude(todo="").exists()


def _measure(row: Pickup, told: Collected) -> None:
    """The bill that was written last counts, however late the others come."""
    if (told.amount is None and told.weight is None) or (row.billed_at and told.happened_at < row.billed_at):
        return
    row.billed_at = told.happened_at
    row.billed_amount = row.billed_amount if told.amount is None else told.amount
    row.weighed = row.weighed if told.weight is None else told.weight


def _name(row: Pickup, waybill: str, *, at: datetime) -> bool:
    """The parcel that the courier takes; another order's with this waybill is not it."""
    parcel, is_new = Parcel.objects.get_or_create(
        merchant=row.merchant,
        carrier=row.carrier,
        waybill=waybill,
        direction=Direction.RETURN,
        defaults={"order_id": row.order_id, "heard_at": at},
    )
    if parcel.order_id != row.order_id or parcel.status in ENDS:
        return False
    row.parcel = parcel
    if is_new:
        subscriptions.ask_for(parcel, at=at)
    return True


def named(row: Pickup, waybill: str, *, at: datetime) -> None:
    """The answer to the booking names the waybill already; the caller saves."""
    if waybill and row.parcel_id is None and _name(row, waybill, at=at):
        row.is_judged = False
