"""Rows that failed too often, tried again because a supervisor says so; each such try is on record."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from aftersales.actions import case_log, gate
from aftersales.actions.refunds import intents, retries
from aftersales.models import Case, Deadline, Notice, Refund
from aftersales.models.cases.deadline import ONE_LIVE_PER_KIND
from aftersales.models.refunds.refund import AT_GATEWAY
from aftersales.moves import acts
from aftersales.rules.actor import Actor
from aftersales.rules.policies.clocks import CLOCKS
from aftersales.rules.vocabulary import DeadlineKind, DeadlineStatus, Role
from logistics.models import CarrierMessage, ParcelEvent, Pickup, Subscription
from orders.db import constraints
from orders.refusals import Refused


@gate.transactional
def retry_deadline(deadline_id: int, *, by: Actor, at: datetime) -> Deadline:
    """Let the clock act on a deadline again; one whose state the case has left is closed as missed."""
    # The case first, then its row: whoever locks both does so in this order.
    case = gate.locked(Deadline.objects.values_list("case_id", flat=True).get(pk=deadline_id))
    role = _role(by)
    deadline = Deadline.objects.select_for_update(of=("self",)).get(pk=deadline_id)
    if deadline.status != DeadlineStatus.QUARANTINED:
        raise Refused(_("This deadline is no longer quarantined."))
    is_running = case.status in CLOCKS[DeadlineKind(deadline.kind)].states
    deadline.status = DeadlineStatus.PENDING if is_running else DeadlineStatus.MISSED
    deadline.ended_at = None if is_running else at
    deadline.start_anew()
    _save_if_alone(deadline)
    _record(case, role, by, at, what="deadline", kind=deadline.kind, error=deadline.last_error)
    return deadline


def _save_if_alone(deadline: Deadline) -> None:
    """The database allows one live deadline of a kind for a case: while this one lay aside, a newer may have begun."""
    try:
        with transaction.atomic():
            deadline.save(update_fields=["status", "ended_at", "tries", "hold_until"])
    except IntegrityError as error:
        if constraints.broken(error) != ONE_LIVE_PER_KIND:
            raise
        raise Refused(_("A newer deadline of this kind runs for the case: there is nothing to try again.")) from error


@gate.transactional
def retry_notice(notice_id: int, *, by: Actor, at: datetime) -> Notice:
    """Deliver a notice with the next sweep."""
    case = gate.locked(Notice.objects.values_list("case_id", flat=True).get(pk=notice_id))
    role = _role(by)
    notice = Notice.objects.select_for_update(of=("self",)).get(pk=notice_id)
    if notice.status != Notice.Status.QUARANTINED:
        raise Refused(_("This notice is no longer quarantined."))
    notice.status = Notice.Status.PENDING
    notice.start_anew()
    notice.save(update_fields=["status", "tries", "hold_until"])
    _record(case, role, by, at, what="notice", kind=notice.action, error=notice.last_error)
    return notice


@gate.transactional
def retry_refund(refund_id: int, *, by: Actor, at: datetime) -> Refund:
    """Ask the gateway again what became of a refund; to pay anew what failed or came back is for finance to decide."""
    refund = intents.locked_refund(refund_id)
    role = _role(by)
    if not refund.needs_person:
        raise Refused(_("This refund no longer needs a person."))
    if refund.status not in AT_GATEWAY:
        raise Refused(
            _("The refund is “%(state)s”: finance decides how it is paid.") % {"state": refund.get_status_display()}
        )
    error = f"{refund.last_code} {refund.last_message}".strip()
    retries.ask_again(refund, at=at)
    _record(refund.case, role, by, at, what="refund", refund=refund.number, error=error)
    return refund


@gate.transactional
def retry_message(message_id: int, *, by: Actor, at: datetime) -> CarrierMessage:
    """Read a carrier's message again with the next sweep; no case is known yet, so the row records who asked."""
    role = _role(by)
    message = CarrierMessage.objects.select_for_update().get(pk=message_id)
    if message.status != CarrierMessage.Status.QUARANTINED:
        raise Refused(_("This message is no longer put aside."))
    message.status = CarrierMessage.Status.NEW
    message.release(_who(role, by))
    message.save(update_fields=["status", "tries", "hold_until", "again_by"])
    return message


@gate.transactional
def retry_subscription(subscription_id: int, *, by: Actor, at: datetime) -> Subscription:
    """Ask the carrier again, with the next sweep, to report on a parcel."""
    role = _role(by)
    row = Subscription.objects.select_for_update().get(pk=subscription_id)
    if row.status != Subscription.Status.QUARANTINED:
        raise Refused(_("This subscription is no longer put aside."))
    row.status = Subscription.Status.WAITING
    row.release(_who(role, by))
    row.save(update_fields=["status", "tries", "hold_until", "again_by"])
    return row


@gate.transactional
def retry_scan(event_id: int, *, by: Actor, at: datetime) -> ParcelEvent:
    """Process a scan again with the next sweep."""
    role = _role(by)
    event = ParcelEvent.objects.select_for_update(of=("self",)).get(pk=event_id)
    if event.judged_at is not None or not event.is_given_up:
        raise Refused(_("This scan is no longer put aside."))
    event.release(_who(role, by))
    event.save(update_fields=["tries", "hold_until", "again_by"])
    return event


@gate.transactional
def retry_pickup(pickup_id: int, *, by: Actor, at: datetime) -> Pickup:
    """Tell the carrier, or process its answer, again with the next sweep; a lost booking goes out as a new one."""
    role = _role(by)
    row = Pickup.objects.select_for_update(of=("self",)).get(pk=pickup_id)
    # Somebody has asked the courier and found no booking; only a person can know that.
    is_lost = row.todo == Pickup.Todo.ASK
    if not is_lost and (not row.is_given_up or (row.is_judged and not row.todo)):
        raise Refused(_("This pickup is no longer put aside."))
    row.release(_who(role, by))
    if is_lost:
        row.todo, row.sent_at = Pickup.Todo.BOOK, None
    row.save(update_fields=["todo", "tries", "hold_until", "again_by", "sent_at"])
    return row


def _who(role: Role, by: Actor) -> str:
    return f"{role}:{by.user_id}"


def _role(by: Actor) -> Role:
    role = by.role_for(acts.TRY_AGAIN)
    if role is None:
        raise gate.Forbidden(_("Only a supervisor may do this."))
    return role


def _record(case: Case, role: Role, by: Actor, at: datetime, **data: str) -> None:
    case_log.put(case, "try_again", role=role, by=by, at=at, data=data)
