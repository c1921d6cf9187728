"""What scans mean for orders and cases: facts of logistics are judged here, once, by one table.

A scan makes a case eligible for its next step; by itself it never pays.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db import transaction

from aftersales.actions.replacements import dispatches
from aftersales.actions.returns import returns
from aftersales.models import Case, ReturnParcel, SentParcel
from aftersales.queries.replacements import outbound
from aftersales.rules.actor import CARRIER
from aftersales.rules.vocabulary import Status
from logistics.models import Parcel, ParcelEvent
from logistics.models.parcel import Direction, ParcelStatus
from orders import delivery
from orders.models import retry

log = logging.getLogger(__name__)
Judge = Callable[[ParcelEvent, datetime], object]


def judge_due(at: datetime, limit: int = 2000) -> int:
    """Judge what carriers have told; answers of how many parcels."""
    return next((number for number in range(limit) if not judge_next(at)), limit)


@transaction.atomic
def judge_next(at: datetime) -> bool:
    """Judge what is new of one parcel; false when nothing is.

    1. Lock the oldest scan that waits, without those that others judge.
    2. Lock the other scans of its parcel, so that one worker tells its whole story.
    3. Judge each status once, the first scan for all that say the same, in a savepoint of its own.
    4. Mark them judged; what failed is tried again later, after five tries by a person.
    """
    waiting = (
        ParcelEvent.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(retry.due(at), judged_at__isnull=True, tries__lt=retry.MOST_TRIES)
        .order_by("pk")
    )
    first = waiting.select_related("parcel").first()
    if first is None:
        return False
    alike: dict[str, list[ParcelEvent]] = {first.status: [first]}
    for event in waiting.filter(parcel=first.parcel_id).exclude(pk=first.pk):
        event.parcel = first.parcel
        alike.setdefault(event.status, []).append(event)
    for scans in alike.values():
        _judge(scans, at)
    return True


def _judge(scans: list[ParcelEvent], at: datetime) -> None:
    event = scans[0]
    judge = JUDGES.get((Direction(event.parcel.direction), ParcelStatus(event.status)))
    try:
        with transaction.atomic():
            if judge is not None:
                judge(event, at)
    except Exception as error:
        log.warning("scan %s could not be judged: %s", event.pk, error)
        for each in scans:
            each.hold(error, at)
            each.save(update_fields=["tries", "hold_until", "last_error"])
    else:
        ParcelEvent.objects.filter(pk__in=[each.pk for each in scans]).update(judged_at=at, hold_until=None)


def replaces(parcel: Parcel) -> bool:
    """Whether a case has sent it: it tells nothing of the order's own parcels."""
    return SentParcel.objects.filter(parcel=parcel).exists()


def left(event: ParcelEvent, at: datetime) -> None:
    """The parcel is on its way to the buyer: the order was shipped."""
    if event.parcel.order_id is not None and not replaces(event.parcel):
        delivery.note_shipped(event.parcel.order_id, event.parcel.shipped_at or event.happened_at)


def delivered(event: ParcelEvent, at: datetime) -> None:
    """An order of several parcels is signed for with its last one; what came back later was signed for all the same."""
    if replaces(event.parcel):
        dispatches.carrier_signed(event.parcel_id, at=event.recorded_at)
        return
    left(event, at)
    order_id, sent = event.parcel.order_id, outbound.sent(event.parcel.order_id)
    if order_id is not None and all(parcel.signed_at for parcel in sent):
        signed_at = max(parcel.signed_at or event.happened_at for parcel in sent)
        shipped_at = min(parcel.shipped_at or event.happened_at for parcel in sent)
        delivery.note_signed(order_id, shipped_at, signed_at)


def stopped(event: ParcelEvent, at: datetime) -> None:
    """The buyer will not get it: a case that waits for just that goes on, once nothing of the order is elsewhere."""
    if replaces(event.parcel):
        _send_again(event.parcel, at)
        return
    order_id = event.parcel.order_id
    if order_id is None or not outbound.is_stopped(order_id):
        return
    waiting = Case.objects.filter(order_id=order_id, status=Status.INTERCEPTING)
    for case_id in waiting.order_by("pk").values_list("pk", flat=True):
        returns.intercepted(case_id, by=CARRIER, at=at)


def lost(event: ParcelEvent, at: datetime) -> None:
    """A replacement that is lost is sent again; of the order's own parcel a person decides."""
    _send_again(event.parcel, at)


def _send_again(parcel: Parcel, at: datetime) -> None:
    links = SentParcel.objects.filter(parcel=parcel, case__status=Status.AWAITING_RECEIPT)
    for case_id in links.order_by("case_id").values_list("case_id", flat=True):
        dispatches.send_again(case_id, by=CARRIER, at=at, why=str(parcel.get_status_display()))


def came_along(event: ParcelEvent, at: datetime) -> None:
    """The return is with the carrier: a case that still waits for it need not wait for the buyer's word."""
    if event.parcel.status in (ParcelStatus.RECEIVED, ParcelStatus.CANCELLED):
        return
    for case_id in _cases(event.parcel, Status.AWAITING_RETURN):
        returns.ship(case_id, by=CARRIER, at=at, carrier=event.parcel.carrier, waybill=event.parcel.waybill)


def arrived(event: ParcelEvent, at: datetime) -> None:
    """The return was handed over: it is due sooner, counted from when we were told."""
    came_along(event, at)
    returns.signature_told(event.parcel_id, at=event.recorded_at)


def not_taken(event: ParcelEvent, at: datetime) -> None:
    """The courier did not take the return, and no scan says that it moved: the buyer ships again."""
    moved = event.parcel.events.exclude(status__in=[ParcelStatus.ANNOUNCED, ParcelStatus.CANCELLED])
    if moved.filter(recorded_by=event.recorded_by).exists():
        return
    for case_id in _cases(event.parcel, Status.RETURN_IN_TRANSIT):
        returns.cancel_pickup(case_id, by=CARRIER, at=at)


# A scan that is not named here is kept and shown, and changes nothing: lost or refused never pays by itself.
JUDGES: Final[dict[tuple[Direction, ParcelStatus], Judge]] = {
    (Direction.OUTBOUND, ParcelStatus.IN_TRANSIT): left,
    (Direction.OUTBOUND, ParcelStatus.DELIVERING): left,
    (Direction.OUTBOUND, ParcelStatus.SIGNED): delivered,
    (Direction.OUTBOUND, ParcelStatus.REFUSED): stopped,
    (Direction.OUTBOUND, ParcelStatus.INTERCEPTED): stopped,
    (Direction.OUTBOUND, ParcelStatus.RETURNING): stopped,
    (Direction.OUTBOUND, ParcelStatus.RETURNED): stopped,
    (Direction.OUTBOUND, ParcelStatus.LOST): lost,
    (Direction.RETURN, ParcelStatus.IN_TRANSIT): came_along,
    (Direction.RETURN, ParcelStatus.DELIVERING): came_along,
    (Direction.RETURN, ParcelStatus.SIGNED): arrived,
    (Direction.RETURN, ParcelStatus.CANCELLED): not_taken,
}


def _cases(parcel: Parcel, status: Status) -> list[int]:
    links = ReturnParcel.objects.filter(parcel=parcel, case__status=status)
    return list(links.order_by("case_id").values_list("case_id", flat=True))
