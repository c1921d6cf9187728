"""Messages that can still be taken back: stored in the outbox, sent when their seconds are over."""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.actions.conversation import drafts, messages
from aftersales.models import Case, Outgoing, User
from aftersales.queries.conversation.unread import Seen
from aftersales.queries.people import actors
from aftersales.rules.actor import Actor
from aftersales.rules.vocabulary import DeadlineKind, DeadlineStatus
from orders.refusals import Refused

log = logging.getLogger(__name__)
UNDO: Final = timedelta(seconds=15)
MARGIN: Final = timedelta(seconds=15)  # until the sweep comes round
RETRY_AFTER: Final = timedelta(minutes=1)
TRIES: Final = 5
BATCH: Final = 200


@gate.transactional
def put(case_id: int, body: str, *, by: Actor, at: datetime, seen: Seen | None = None) -> Outgoing | None:
    """Send a message in 15 seconds; at once, and None, where the first reply would be late meanwhile.

    Unread when others have written since the thread was `seen`.
    """
    text, case = messages.checked(body, by), Case.objects.get(pk=case_id)
    gate.role_to("message", by, case)
    if seen is not None:
        messages.refuse_unread(case_id, seen, by)
    drafts.forget(case_id, by=by)
    # The buyer must not wait for a first reply because our people may change their minds.
    if by.user_id is None or _is_urgent(case, at):
        messages.send(case_id, text, by=by, at=at)
        return None
    return Outgoing.objects.create(case=case, user_id=by.user_id, body=text, written_at=at, send_at=at + UNDO)


@gate.transactional
def undo(pk: int, *, by: Actor, at: datetime) -> Outgoing:
    """Take a message back: its text becomes the draft of the case. Refused when it has been sent."""
    # The sweep that sends takes the same lock, so exactly one of both happens.
    row = Outgoing.objects.select_for_update().filter(pk=pk, user=by.user_id).first()
    if row is None or (row.send_at <= at and not row.refused):
        raise Refused(_("It has been sent already: a message can be taken back for 15 seconds."))
    drafts.prepend(row.case_id, row.body, by=by, at=at)
    row.delete()
    row.pk = pk  # Django has cleared it, and the caller wants to name what it was
    return row


def send_due(at: datetime, limit: int = BATCH) -> int:
    """Send what has waited long enough, each in a transaction of its own; the number of messages sent."""
    due = Outgoing.objects.filter(send_at__lte=at, refused="").order_by("send_at", "pk")
    return sum(_send(pk, at) for pk in list(due.values_list("pk", flat=True)[:limit]))


def _send(pk: int, at: datetime) -> bool:
    with transaction.atomic():
        due = Outgoing.objects.select_for_update(skip_locked=True).filter(pk=pk, send_at__lte=at, refused="")
        row = due.first()
        return row is not None and _send_locked(row, at)


def _send_locked(row: Outgoing, at: datetime) -> bool:
    """Send in a savepoint; a refusal is written on the row for its author, a fault is tried again."""
    try:
        with transaction.atomic():
            messages.send(row.case_id, row.body, by=_author(row.user_id), at=at, written_at=row.written_at)
            row.delete()
            return True
    except Refused as refusal:
        _put_aside(row, str(refusal))
    except Exception:
        log.exception("message %s could not be sent", row.pk)
        _try_again(row, at)
    return False


def _author(user_id: int) -> Actor:
    return actors.actor_for(User.objects.get(pk=user_id))


def _put_aside(row: Outgoing, why: str) -> None:
    Outgoing.objects.filter(pk=row.pk).update(refused=why[:500])


def _try_again(row: Outgoing, at: datetime) -> None:
    tries = row.tries + 1
    if tries >= TRIES:
        _put_aside(row, _("It could not be sent. Take it back and send it again."))
    Outgoing.objects.filter(pk=row.pk).update(tries=tries, send_at=at + RETRY_AFTER)


def _is_urgent(case: Case, at: datetime) -> bool:
    promise = case.deadlines.filter(kind=DeadlineKind.FIRST_REPLY, status=DeadlineStatus.PENDING)
    return case.first_reply_at is None and promise.filter(due_at__range=(at, at + UNDO + MARGIN)).exists()
