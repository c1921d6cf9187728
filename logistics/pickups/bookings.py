"""Pickups booked with carriers, or called off: one row a turn, the call outside of any transaction."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from logistics.carriers import PICKUP_CARRIERS, accounts
from logistics.carriers.base import Account, Declined, NotReached, PickupBooking, Unanswered, plain
from logistics.models import Pickup
from logistics.models.pickup import PickupStatus
from logistics.pickups import pickup_requests
from orders.models import retry

log = logging.getLogger(__name__)
LEASE: Final = timedelta(minutes=2)  # a claimed row belongs to its worker for so long
Answer = Mapping[str, Any]


def perform_due(at: datetime, limit: int = 200) -> int:
    """Book and call off what is due; returns how many pickups were worked on."""
    return next((number for number in range(limit) if not perform_next(at)), limit)


def perform_next(at: datetime) -> bool:
    """Book one pickup, or call one off. False when none is due.

    1. Claim the oldest row for two minutes and commit: the moment of sending is on record before anything is sent.
    2. A row with such a moment whose worker died is not sent again; a person asks the carrier first.
    3. Call the carrier, with no transaction open.
    4. Lock the row afresh and write the outcome: it may have been called off in the meantime.
    """
    row = _claim(at)
    if row is None:
        return False
    if row.todo == Pickup.Todo.ASK:
        return True
    answer, error = _call(row, at)
    with transaction.atomic():
        fresh = Pickup.objects.select_for_update(of=("self",)).select_related("merchant").get(pk=row.pk)
        if row.todo == Pickup.Todo.BOOK:
            _write_booking(fresh, answer, error, at)
        else:
            _write_cancellation(fresh, error, at)
        fresh.save()
    return True


@transaction.atomic
def _claim(at: datetime) -> Pickup | None:
    waiting = Pickup.objects.select_for_update(of=("self",), skip_locked=True)
    due = waiting.filter(retry.due(at), tries__lt=retry.MOST_TRIES).exclude(todo="").exclude(todo=Pickup.Todo.ASK)
    row = due.select_related("merchant").order_by("pk").first()
    if row is None:
        return None
    if row.todo == Pickup.Todo.BOOK and row.sent_at is not None:
        row.todo = Pickup.Todo.ASK
        row.hold("Whoever asked for the courier ended before an answer was written down.", at)
    else:
        row.hold_until, row.sent_at = at + LEASE, row.sent_at or at
    row.save(update_fields=["todo", "hold_until", "sent_at", "tries", "last_error"])
    return row


def _call(row: Pickup, at: datetime) -> tuple[Answer, Exception | None]:
    """The carrier's answer, or the error in its place."""
    account = accounts.find(row.source, row.account)
    try:
        if account is None:
            raise Declined(f"There is no account {row.account!r} at {row.source} any more.")
        return _send(row, account, at), None
    except (Declined, NotReached) as error:
        return {}, error
    except Exception as error:
        log.exception("pickup %s failed", row.pk)
        return {}, error


def _send(row: Pickup, account: Account, at: datetime) -> Answer:
    carrier = PICKUP_CARRIERS[row.source]
    if row.todo == Pickup.Todo.BOOK:
        return carrier.book(carrier.booking_form(_booking(row), account, at), account, at)
    if row.external_id:
        carrier.call_off(row.task_id, row.external_id, row.reference, account, at)
    return {}


def _booking(row: Pickup) -> PickupBooking:
    return PickupBooking(
        carrier=row.carrier,
        reference=row.reference,
        sender=(row.sender_name, row.sender_phone, f"{row.sender_region}{row.sender_address}"),
        receiver=(row.receiver_name, row.receiver_phone, f"{row.receiver_region}{row.receiver_address}"),
        window=(row.window_from, row.window_until),
    )


def _write_booking(fresh: Pickup, answer: Answer, error: Exception | None, at: datetime) -> None:
    """Write whether the pickup is booked, to be tried again, failed, or unknown.

    When no answer came, a person finds out whether a courier is booked: another try could send two. So the moment of
    sending stays on such a row, and only there.
    """
    if error is None:
        _write_booked(fresh, answer, at)
    elif fresh.called_off_at is None and _may_be_booked(error):
        fresh.todo = Pickup.Todo.ASK
        fresh.hold(error, at)
    else:
        fresh.sent_at = None
        fresh.hold(error, at)
        if isinstance(error, Declined) or fresh.is_given_up or fresh.called_off_at is not None:
            _write_failed(fresh)


def _may_be_booked(error: Exception) -> bool:
    """Whether the request may have arrived: no answer came, or we failed at reading it."""
    return isinstance(error, Unanswered) or not isinstance(error, Declined | NotReached)


def _write_booked(fresh: Pickup, answer: Answer, at: datetime) -> None:
    fresh.task_id, fresh.external_id = plain(answer.get("taskId"), 64), plain(answer.get("orderId"), 64)
    pickup_requests.name_parcel(fresh, plain(answer.get("kuaidinum"), 64).upper(), at=at)
    fresh.advance(PickupStatus.BOOKED)
    # Called off while the booking was under way: the courier is to be cancelled next.
    fresh.todo = Pickup.Todo.CALL_OFF if fresh.called_off_at and fresh.external_id else ""
    fresh.start_anew()
    fresh.last_error = ""


def _write_failed(fresh: Pickup) -> None:
    fresh.todo = ""
    fresh.start_anew()
    if fresh.advance(PickupStatus.FAILED):
        fresh.is_judged, fresh.words = False, fresh.last_error[:500]


def _write_cancellation(fresh: Pickup, error: Exception | None, at: datetime) -> None:
    """A refusal means that it is too late to cancel; the carrier's call-backs then say what became of the pickup."""
    if error is not None:
        fresh.hold(error, at)
    if error is None or isinstance(error, Declined):
        fresh.todo = ""
        fresh.start_anew()
