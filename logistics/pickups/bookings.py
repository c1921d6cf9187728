"""Carriers told to send a courier, or not to: one row a turn, never inside a transaction."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from logistics.carriers import COLLECTORS, accounts
from logistics.carriers.base import Account, Declined, NotReached, Unanswered, Visit, plain
from logistics.models import Pickup
from logistics.models.pickup import PickupStatus
from logistics.pickups import pickup_requests
from orders.models import retry

log = logging.getLogger(__name__)
LEASE: Final = timedelta(minutes=2)
Answer = Mapping[str, Any]


def perform_due(at: datetime, limit: int = 200) -> int:
    """Tell carriers what is due; answers how many were told."""
    return next((number for number in range(limit) if not perform_next(at)), limit)


def perform_next(at: datetime) -> bool:
    """Book one pickup, or call one off; false when none waits."""
    row = _claim(at)
    if row is None:
        return False
    if row.todo == Pickup.Todo.ASK:
        return True
    answer, error = _asked(row, at)
    with transaction.atomic():
        fresh = Pickup.objects.select_for_update(of=("self",)).select_related("merchant").get(pk=row.pk)
        if row.todo == Pickup.Todo.BOOK:
            _booked(fresh, answer, error, at)
        else:
            _called_off(fresh, error, at)
        fresh.save()
    return True


@transaction.atomic
def _claim(at: datetime) -> Pickup | None:
    row = (
        Pickup.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(retry.due(at), tries__lt=retry.MOST_TRIES)
        .exclude(todo="")
        .exclude(todo=Pickup.Todo.ASK)
        .select_related("merchant")
        .order_by("pk")
        .first()
    )
    if row is not None:
        if row.todo == Pickup.Todo.BOOK and row.sent_at is not None:
            row.todo = Pickup.Todo.ASK
            row.hold("Whoever asked for the courier ended before an answer was written down.", at)
        else:
            row.hold_until, row.sent_at = at + LEASE, row.sent_at or at
        row.save(update_fields=["todo", "hold_until", "sent_at", "tries", "last_error"])
    return row


def _asked(row: Pickup, at: datetime) -> tuple[Answer, Exception | None]:
    """What the carrier answers, or why it did not."""
    account = accounts.find(row.source, row.account)
    try:
        if account is None:
            raise Declined(f"There is no account {row.account!r} at {row.source} any more.")
        return _told(row, account, at), None
    except (Declined, NotReached) as error:
        return {}, error
    except Exception as error:
        log.exception("pickup %s failed", row.pk)
        return {}, error


def _told(row: Pickup, account: Account, at: datetime) -> Answer:
    carrier = COLLECTORS[row.source]
    if row.todo == Pickup.Todo.BOOK:
        return carrier.book(carrier.visit(_visit(row), account, at), account, at)
    if row.external_id:
        carrier.call_off(row.task_id, row.external_id, row.reference, account, at)
    return {}


def _visit(row: Pickup) -> Visit:
    return Visit(
        carrier=row.carrier,
        reference=row.reference,
        sender=(row.sender_name, row.sender_phone, f"{row.sender_region}{row.sender_address}"),
        receiver=(row.receiver_name, row.receiver_phone, f"{row.receiver_region}{row.receiver_address}"),
        window=(row.window_from, row.window_until),
    )


def _booked(fresh: Pickup, answer: Answer, error: Exception | None, at: datetime) -> None:
    """Booked, later perhaps, or not at all; called off meanwhile, the courier is told so next.

    Whether a courier was booked when no answer came is for a person to find out: another try could send two. So the
    moment of sending stays on such a row, and only there.
    """
    if error is None:
        fresh.task_id, fresh.external_id = plain(answer.get("taskId"), 64), plain(answer.get("orderId"), 64)
        pickup_requests.named(fresh, plain(answer.get("kuaidinum"), 64).upper(), at=at)
        fresh.advance(PickupStatus.BOOKED)
        fresh.todo = Pickup.Todo.CALL_OFF if fresh.called_off_at and fresh.external_id else ""
        fresh.start_anew()
        fresh.last_error = ""
        return
    if fresh.called_off_at is None and (isinstance(error, Unanswered) or not isinstance(error, Declined | NotReached)):
        fresh.todo = Pickup.Todo.ASK
        fresh.hold(error, at)
        return
    fresh.sent_at = None
    fresh.hold(error, at)
    is_over = isinstance(error, Declined) or fresh.is_given_up or fresh.called_off_at is not None
    if is_over:
        fresh.todo = ""
        fresh.start_anew()
        if fresh.advance(PickupStatus.FAILED):
            fresh.is_judged, fresh.words = False, fresh.last_error[:500]


def _called_off(fresh: Pickup, error: Exception | None, at: datetime) -> None:
    """The carrier knows; a no means that it is too late, and its call-backs then say what became of it."""
    if error is not None:
        fresh.hold(error, at)
    if error is None or isinstance(error, Declined):
        fresh.todo = ""
        fresh.start_anew()
