"""What scans mean for orders and cases, by one table of direction and status; each scan is processed once.

A scan makes a case eligible for its next step; by itself it never pays (docs/adr/0012).
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Min

from aftersales.actions.replacements import dispatches
from aftersales.actions.returns import interceptions, pickups, shipments
from aftersales.actions.returns.goods import goods_back
from aftersales.models import Case, GoodsOwed, ReturnParcel, SentParcel
from aftersales.moves import returning
from aftersales.queries.replacements import outbound
from aftersales.rules.actor import CARRIER
from aftersales.rules.vocabulary import Status
from logistics.models import Parcel, ParcelEvent
from logistics.models.parcel import Direction, ParcelStatus
from orders import delivery
from orders.models import Order, retry

log = logging.getLogger(__name__)
Handler = Callable[[ParcelEvent, datetime], object]
SCANNED_OUT: Final = (ParcelStatus.IN_TRANSIT, ParcelStatus.DELIVERING, ParcelStatus.SIGNED)
WAITING: Final = returning.LOSE_PARCEL.sources


def process_due(at: datetime, limit: int = 2000) -> int:
    """Process the scans that are due; returns of how many parcels."""
    return next((number for number in range(limit) if not process_next(at)), limit)


@transaction.atomic
def process_next(at: datetime) -> bool:
    """Process what is new of one parcel. False when no scan is due.

    1. Lock the oldest scan that waits, skipping those of other workers.
    2. Lock the other scans of its parcel, so that one worker goes through its whole story.
    3. Process each status once, the first scan for all of the same status, in a savepoint of its own.
    4. Mark them processed; what failed is retried later, after five tries by a person.
    """
    waiting = (
        ParcelEvent.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(retry.due(at), judged_at__isnull=True, tries__lt=retry.MOST_TRIES)
        .order_by("pk")
    )
    first = waiting.select_related("parcel").first()
    if first is None:
        return False
    for scans in _by_status(first, waiting.filter(parcel=first.parcel_id).exclude(pk=first.pk)):
        _process(scans, at)
    return True


def _by_status(first: ParcelEvent, others: Iterable[ParcelEvent]) -> Iterable[list[ParcelEvent]]:
    alike: dict[str, list[ParcelEvent]] = {first.status: [first]}
    for event in others:
        event.parcel = first.parcel
        alike.setdefault(event.status, []).append(event)
    return alike.values()


def _process(scans: list[ParcelEvent], at: datetime) -> None:
    """Call the handler of a status for the first of its scans, and write the outcome on all of them."""
    try:
        with transaction.atomic():
            _handle(scans[0], at)
    except Exception as error:
        log.warning("scan %s could not be processed: %s", scans[0].pk, error)
        _hold(scans, error, at)
    else:
        ParcelEvent.objects.filter(pk__in=[each.pk for each in scans]).update(judged_at=at, hold_until=None)


def _handle(event: ParcelEvent, at: datetime) -> None:
    handler = HANDLERS.get((Direction(event.parcel.direction), ParcelStatus(event.status)))
    if handler is not None:
        handler(event, at)


def _hold(scans: list[ParcelEvent], error: Exception, at: datetime) -> None:
    for each in scans:
        each.hold(error, at)
        each.save(update_fields=["tries", "hold_until", "last_error"])


def is_replacement(parcel: Parcel) -> bool:
    """Whether a case has sent the parcel, as a replacement or back: its scans say nothing of the order's own ones."""
    return SentParcel.objects.filter(parcel=parcel).exists() or GoodsOwed.objects.filter(parcel=parcel).exists()


def note_departure(event: ParcelEvent, at: datetime) -> None:
    """An outbound parcel is on its way: the order was shipped."""
    if event.parcel.order_id is not None and not is_replacement(event.parcel):
        delivery.note_shipped(event.parcel.order_id, _first_scan(event, *SCANNED_OUT), event.parcel.heard_at)


def _first_scan(event: ParcelEvent, *statuses: ParcelStatus) -> datetime:
    """From the scans alone: the parcel's own date may be an import's."""
    first: datetime = event.parcel.events.filter(status__in=statuses).aggregate(at=Min("happened_at"))["at"]
    return first


def note_delivery(event: ParcelEvent, at: datetime) -> None:
    """An outbound parcel was signed for; an order of several parcels is signed for with the last one."""
    if is_replacement(event.parcel):
        dispatches.carrier_signed(event.parcel_id, at=event.recorded_at)
        return
    note_departure(event, at)
    order_id, sent = event.parcel.order_id, outbound.sent(event.parcel.order_id)
    # By date and not by status: a parcel that came back later was signed for all the same.
    if order_id is not None and all(parcel.signed_at for parcel in sent):
        _note_signed(order_id, sent, event)
        # Nothing is left to stop: nobody waits for the rest of the time.
        for case_id in _intercepting(order_id):
            interceptions.miss_interception(case_id, by=CARRIER, at=at)


def _note_signed(order_id: int, sent: list[Parcel], event: ParcelEvent) -> None:
    others = [parcel.signed_at for parcel in sent if parcel.pk != event.parcel_id and parcel.signed_at]
    signed_at = max([_first_scan(event, ParcelStatus.SIGNED), *others])
    shipped_at = min(parcel.shipped_at or event.happened_at for parcel in sent)
    delivery.note_signed(order_id, shipped_at, signed_at)


def end_interception(event: ParcelEvent, at: datetime) -> None:
    """The buyer will not get the parcel: cases that wait for an interception go on, once all parcels are stopped."""
    if is_replacement(event.parcel):
        _send_again(event.parcel, at)
        return
    order_id = event.parcel.order_id
    if order_id is None or not outbound.is_stopped(order_id):
        return
    for case_id in _intercepting(order_id):
        interceptions.intercepted(case_id, by=CARRIER, at=at)


def note_come_back(event: ParcelEvent, at: datetime) -> None:
    """The sender has the parcel again: what was owed to the buyer is owed once more, else an interception ends."""
    goods_back.come_back(event.parcel_id, at=at)
    end_interception(event, at)


def _intercepting(order_id: int) -> list[int]:
    waiting = Case.objects.filter(order_id=order_id, status=Status.INTERCEPTING)
    return list(waiting.order_by("pk").values_list("pk", flat=True))


def replace_lost(event: ParcelEvent, at: datetime) -> None:
    """A lost replacement is sent again; for what is lost of an order nobody waits any longer, nor asks it back."""
    _send_again(event.parcel, at)
    order_id = event.parcel.order_id
    if order_id is None or is_replacement(event.parcel) or not outbound.is_lost(order_id):
        return
    if Order.objects.get(pk=order_id).delivered is not None:
        return
    waiting = Case.objects.filter(order_id=order_id)
    for case_id in waiting.filter(status__in=WAITING).order_by("pk").values_list("pk", flat=True):
        interceptions.lose_parcel(case_id, by=CARRIER, at=at)


def _send_again(parcel: Parcel, at: datetime) -> None:
    links = SentParcel.objects.filter(parcel=parcel, case__status=Status.AWAITING_RECEIPT)
    for case_id in links.order_by("case_id").values_list("case_id", flat=True):
        dispatches.send_again(case_id, by=CARRIER, at=at, why=str(parcel.get_status_display()))


def note_return_shipped(event: ParcelEvent, at: datetime) -> None:
    """A return is with the carrier: a case that waits for its waybill has it now, whatever the buyer says."""
    if event.parcel.status in (ParcelStatus.RECEIVED, ParcelStatus.CANCELLED):
        return
    for case_id in _cases(event.parcel, Status.AWAITING_RETURN):
        shipments.ship(case_id, by=CARRIER, at=at, carrier=event.parcel.carrier, waybill=event.parcel.waybill)


def note_return_signed(event: ParcelEvent, at: datetime) -> None:
    """A return was handed over: its receipt is due sooner, counted from when the scan reached us."""
    note_return_shipped(event, at)
    # From recorded_at, not happened_at: a scan that comes days late would else be overdue in the sweep that reads it.
    shipments.signature_reported(event.parcel_id, at=event.recorded_at)


def cancel_pickup(event: ParcelEvent, at: datetime) -> None:
    """The courier did not take the return, and the carrier reports no movement of it: the buyer ships again."""
    moved = event.parcel.events.exclude(status__in=[ParcelStatus.ANNOUNCED, ParcelStatus.CANCELLED])
    if moved.filter(recorded_by=event.recorded_by).exists():
        return
    for case_id in _cases(event.parcel, Status.RETURN_IN_TRANSIT):
        pickups.cancel_pickup(case_id, by=CARRIER, at=at)


# A scan that is not named here is stored and shown, and changes nothing: lost or refused never pays by itself.
HANDLERS: Final[dict[tuple[Direction, ParcelStatus], Handler]] = {
    (Direction.OUTBOUND, ParcelStatus.IN_TRANSIT): note_departure,
    (Direction.OUTBOUND, ParcelStatus.DELIVERING): note_departure,
    (Direction.OUTBOUND, ParcelStatus.SIGNED): note_delivery,
    (Direction.OUTBOUND, ParcelStatus.REFUSED): end_interception,
    (Direction.OUTBOUND, ParcelStatus.INTERCEPTED): end_interception,
    (Direction.OUTBOUND, ParcelStatus.RETURNING): end_interception,
    (Direction.OUTBOUND, ParcelStatus.RETURNED): note_come_back,
    (Direction.OUTBOUND, ParcelStatus.LOST): replace_lost,
    (Direction.RETURN, ParcelStatus.IN_TRANSIT): note_return_shipped,
    (Direction.RETURN, ParcelStatus.DELIVERING): note_return_shipped,
    (Direction.RETURN, ParcelStatus.SIGNED): note_return_signed,
    (Direction.RETURN, ParcelStatus.CANCELLED): cancel_pickup,
}


def _cases(parcel: Parcel, status: Status) -> list[int]:
    links = ReturnParcel.objects.filter(parcel=parcel, case__status=status)
    return list(links.order_by("case_id").values_list("case_id", flat=True))
