"""One act for many cases as a job: a row for each, done in a transaction of its own with what became of it.

The claim of a row is its lock: who holds it performs the act and writes the outcome in one transaction. A worker that
dies leaves the row as it was; two workers never have the same one.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import OperationalError, transaction
from django.db.models import Exists, OuterRef
from django.utils import translation
from django.utils.translation import gettext as _
from psycopg import errors

from aftersales.actions import gate, wake
from aftersales.actions.cases import decisions, extensions
from aftersales.actions.console import assignment, bulk_checks, transfers
from aftersales.actions.conversation import messages, tools
from aftersales.models import BulkAct, BulkJob, BulkRow, RejectReason, Reply, Team, User
from aftersales.queries import visibility
from aftersales.queries.console import bulk, bulk_outcomes
from aftersales.queries.console.bulk import Selected
from aftersales.queries.conversation import canned_replies
from aftersales.queries.people import actors
from aftersales.rules.actor import Actor
from orders.refusals import Needless, Refused

log = logging.getLogger(__name__)
A, Outcome, Status = BulkAct, BulkRow.Outcome, BulkJob.Status
MOST_TRIES: Final = 5
PAUSE: Final = timedelta(seconds=10)  # before a row whose case was locked is tried again
LOCKED_OUT: Final = (errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure)

Terms = Mapping[str, Any]


@transaction.atomic
def begin(
    action: str,
    terms: Terms,
    selected: Sequence[Selected],
    *,
    by: User,
    at: datetime,
    language: str = "",
    retry_of: BulkJob | None = None,
) -> BulkJob:
    """Store a job with a row for each case that the person sees, at most 1000; a worker is woken after the commit."""
    if action not in bulk.RIGHTS or actors.actor_for(by).role_for(bulk.RIGHTS[action]) is None:
        raise gate.Forbidden(_("Your role may not do this."))
    visible = _visible(selected, by)
    if not visible:
        raise Refused(_("No case is selected: go back to the list and select some."))
    job = BulkJob.objects.create(
        made_by=by, action=action, terms=dict(terms), made_at=at, language=language, retry_of=retry_of
    )
    goods = bulk_outcomes.goods_of(visible, at) if action == A.APPROVE else {}
    BulkRow.objects.bulk_create(
        BulkRow(job=job, case_id=pk, version=one.version, goods_seen=one.goods or goods.get(pk, ""))
        for pk, one in visible.items()
    )
    wake.after_commit("run_bulk")
    return job


def _visible(selected: Sequence[Selected], by: User) -> dict[int, Selected]:
    chosen = {one.case_id: one for one in selected[: bulk.MOST]}
    seen = set(visibility.cases_for(by).filter(pk__in=chosen).values_list("pk", flat=True))
    return {pk: one for pk, one in chosen.items() if pk in seen}


@transaction.atomic
def cancel(job: BulkJob, *, at: datetime) -> bool:
    """Do no further rows; false when the job has ended already. A row that is being done is done to its end."""
    # Rows before the job, in the order in which a worker locks them.
    job.rows.filter(outcome=Outcome.WAITING).update(outcome=Outcome.CANCELLED, done_at=at)
    running = BulkJob.objects.filter(pk=job.pk, ended_at__isnull=True)
    return bool(running.update(status=Status.CANCELLED, ended_at=at))


def retry(job: BulkJob, *, by: User, at: datetime, language: str = "") -> BulkJob:
    """Begin a new job for the rows that were not done, with the versions of this moment."""
    if job.is_moving:
        raise Refused(_("It is still running: wait until it has ended, or cancel it."))
    if job.made_by_id != by.pk:
        raise gate.Forbidden(_("Only who began it can try again: it is done with their rights."))
    return begin(job.action, job.terms, bulk.not_done(job), by=by, at=at, language=language, retry_of=job)


def perform_next(at: datetime) -> bool:
    """Do one waiting row; false when there is none. Jobs without waiting rows are ended.

    1. Claim the first row that no other worker has: its lock is the claim.
    2. Perform the act in a savepoint.
    3. Write the outcome on the row, in the same transaction.
    """
    with transaction.atomic():
        row = _claim(at)
        if row is not None:
            BulkJob.objects.filter(pk=row.job_id, status=Status.QUEUED).update(status=Status.RUNNING, started_at=at)
            with translation.override(row.job.language or translation.get_language()):
                _write(row, _outcome(row, at), at)
    _end_finished(at)
    return row is not None


def _claim(at: datetime) -> BulkRow | None:
    # No lease: the lock is the claim, and the transaction of a dead worker leaves the row as it was.
    waiting = BulkRow.objects.filter(outcome=Outcome.WAITING, job__ended_at__isnull=True).exclude(hold_until__gt=at)
    locked = waiting.select_for_update(of=("self",), skip_locked=True)
    return locked.select_related("job__made_by").order_by("pk").first()


def _outcome(row: BulkRow, at: datetime) -> tuple[str, str]:
    """Perform the act of a row in a savepoint, so that a refusal undoes the act only; its outcome and the reason."""
    try:
        with transaction.atomic():
            _act(row, at)
    except Needless as refusal:
        return Outcome.SKIPPED, str(refusal)
    except gate.Overtaken as refusal:
        if refusal.attempt:
            refusal.attempt.note()
        return Outcome.CONFLICT, str(refusal)
    except Refused as refusal:
        return Outcome.REFUSED, str(refusal)
    except OperationalError as error:
        if not isinstance(error.__cause__, LOCKED_OUT):
            raise
        return Outcome.WAITING, ""  # somebody has the case open for a change: it is tried again
    except Exception:
        # A fault in one row must not keep a thousand others from being done.
        log.exception("row %s of job %s failed", row.pk, row.job_id)
        return Outcome.FAILED, _("Something went wrong here, and nothing of it was done. It is in the log.")
    return Outcome.DONE, ""


def _write(row: BulkRow, outcome: tuple[str, str], at: datetime) -> None:
    row.outcome, row.reason = outcome
    if row.outcome == Outcome.WAITING:
        row.tries, row.hold_until = row.tries + 1, at + PAUSE
        if row.tries >= MOST_TRIES:
            row.outcome, row.reason = Outcome.CONFLICT, str(gate.Busy())
    row.done_at = None if row.outcome == Outcome.WAITING else at
    row.save(update_fields=["outcome", "reason", "tries", "hold_until", "done_at"])


def _end_finished(at: datetime) -> None:
    waiting = BulkRow.objects.filter(job=OuterRef("pk"), outcome=Outcome.WAITING)
    unended = BulkJob.objects.filter(~Exists(waiting), ended_at__isnull=True)
    unended.update(status=Status.DONE, ended_at=at)


def _act(row: BulkRow, at: datetime) -> None:
    job, user = row.job, row.job.made_by
    by = actors.actor_for(user)
    # Hours may lie between the click and this row: rights and visibility are those of now.
    if not user.is_active or by.role_for(bulk.RIGHTS[job.action]) is None:
        raise gate.Forbidden(_("Your role may not do this any more."))
    if not visibility.cases_for(user).filter(pk=row.case_id).exists():
        raise Refused(_("You can not open this case any more."))
    ACTS[job.action](row, job.terms, user, by, at)


def _take(row: BulkRow, terms: Terms, user: User, by: Actor, at: datetime) -> None:
    transfers.take(row.case_id, user, by=by, at=at)


def _assign(row: BulkRow, terms: Terms, user: User, by: Actor, at: datetime) -> None:
    bulk_checks.unchanged(row)
    agent = User.objects.filter(pk=terms["agent"], is_active=True).first() if terms["agent"] else None
    if terms["agent"] and agent is None:
        raise Refused(_("This person works here no more."))
    if gate.locked(row.case_id).assignee_id == terms["agent"]:
        raise Needless(_("It is with this person already.") if agent else _("Nobody has it already."))
    assignment.assign(row.case_id, agent, by=by, at=at, why=terms.get("why", ""))


def _team(row: BulkRow, terms: Terms, user: User, by: Actor, at: datetime) -> None:
    bulk_checks.unchanged(row)
    team = Team.objects.filter(pk=terms["team"]).first()
    if team is None:
        raise Refused(_("This team is no more."))
    transfers.to_team(row.case_id, team, by=by, at=at)


def _note(row: BulkRow, terms: Terms, user: User, by: Actor, at: datetime) -> None:
    messages.note(row.case_id, _text(row, terms, user, at), by=by, at=at)


def _message(row: BulkRow, terms: Terms, user: User, by: Actor, at: datetime) -> None:
    bulk_checks.unchanged(row)
    messages.send(row.case_id, _text(row, terms, user, at), by=by, at=at)
    if terms.get("reply"):
        tools.count_use(Reply(pk=terms["reply"]), at=at)


def _text(row: BulkRow, terms: Terms, user: User, at: datetime) -> str:
    """The text of the job with the placeholders of this case filled in."""
    text = canned_replies.written(row.case, user, at, text=terms["text"], pk=terms.get("reply"))
    if text is None:
        raise Refused(_("This canned reply is not in use any more."))
    return text


def _approve(row: BulkRow, terms: Terms, user: User, by: Actor, at: datetime) -> None:
    bulk_checks.as_seen(row, by, at)
    decisions.approve(row.case_id, by=by, at=at, version=row.version, why=terms.get("why", ""))


def _reject(row: BulkRow, terms: Terms, user: User, by: Actor, at: datetime) -> None:
    reason = RejectReason.objects.filter(pk=terms["reason"], is_active=True).first()
    if reason is None:
        raise Refused(_("This reason is not offered any more."))
    decisions.reject(row.case_id, by=by, at=at, version=row.version, reason=reason, note=terms.get("note", ""))


def _extend(row: BulkRow, terms: Terms, user: User, by: Actor, at: datetime) -> None:
    extensions.extend(row.case_id, by=by, at=at, version=row.version, why=terms["why"], days=terms.get("days"))


ACTS: Final[dict[str, Callable[[BulkRow, Terms, User, Actor, datetime], None]]] = {
    A.TAKE: _take,
    A.ASSIGN: _assign,
    A.TEAM: _team,
    A.NOTE: _note,
    A.MESSAGE: _message,
    A.APPROVE: _approve,
    A.REJECT: _reject,
    A.EXTEND: _extend,
}
