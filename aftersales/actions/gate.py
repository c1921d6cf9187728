"""The one gate that moves a case: lock → right → guard → transition → save → event → deadlines."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _
from psycopg import errors

from aftersales.actions import deadlines, on_record, record
from aftersales.models import Case, Deadline
from aftersales.queries import calendars, locking
from aftersales.queries.case_facts import CaseFacts
from aftersales.rules import guards
from aftersales.rules.actor import Actor
from aftersales.rules.chart import CHART
from aftersales.rules.vocabulary import HUMAN_ANSWERS, DeadlineKind, DeadlineStatus, Role
from orders.refusals import Refused

P = ParamSpec("P")
T = TypeVar("T")
DEADLOCK_TRIES = 3
NOTIFIED = (Role.BUYER, Role.MERCHANT)
QUIET = frozenset({"close_evidence", "extend", "request_approval", "decline_request", "fail_refund", "retry_refund"})


class Forbidden(Refused):
    """The person has no right to the act."""


@dataclass(frozen=True)
class Attempt:
    """A move that was refused because the case had moved on."""

    case: Case
    action: str
    by: Actor
    at: datetime

    def note(self) -> None:
        """Put it into the log of the case."""
        role = self.by.role_for(self.action)
        if role is None:
            return
        on_record.put(self.case, "attempt", role=role, by=self.by, at=self.at, data={"tried": self.action})


class Overtaken(Refused):
    """The case has moved on, or its time was up; the attempt is put on record."""

    def __init__(self, case: Case, sentence: str) -> None:
        super().__init__(sentence)
        self.case = case
        self.attempt: Attempt | None = None


class Stale(Overtaken):
    """Somebody else moved the case meanwhile; `case` is how it stands now."""

    def __init__(self, case: Case) -> None:
        super().__init__(case, _("This case was changed meanwhile. Look at it again; what you typed is kept."))


class Busy(Refused):
    """Another person holds the lock for too long."""

    def __init__(self) -> None:
        super().__init__(_("Somebody is working on this very case at this moment. Try again in a few seconds."))


def transactional(action: Callable[P, T]) -> Callable[P, T]:
    """One transaction for an action; a deadlock is tried again, a lock not had in time is Busy."""

    @functools.wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        if connection.in_atomic_block:
            with transaction.atomic():
                return action(*args, **kwargs)
        for left in reversed(range(DEADLOCK_TRIES)):
            try:
                with transaction.atomic():
                    return action(*args, **kwargs)
            except Overtaken as refusal:
                if refusal.attempt:
                    refusal.attempt.note()
                raise
            except OperationalError as error:
                if isinstance(error.__cause__, errors.LockNotAvailable):
                    raise Busy from error
                if not left or not isinstance(error.__cause__, errors.DeadlockDetected | errors.SerializationFailure):
                    raise
        raise AssertionError("unreachable")

    return run


def locked(case_id: int) -> Case:
    """The case, locked until the end of the transaction."""
    return locking.case(case_id)


def role_to(action: str, by: Actor, case: Case) -> Role:
    """The role in which somebody does it; Forbidden when none has the right, or the case is not theirs."""
    role = by.role_for(action)
    stranger = (by.merchant_id is not None and by.merchant_id != case.merchant_id) or (
        by.buyer_id is not None and by.buyer_id != case.buyer_id
    )
    if role is None or stranger:
        raise Forbidden(
            _("You may not do this: “%(action)s”.") % {"action": CHART[action].label if action in CHART else action}
        )
    return role


def admit(case: Case, action: str, by: Actor, at: datetime, version: int | None = None) -> Role:
    """Check version, right, state and guards of a locked case; answers the acting role."""
    if version is not None and version != case.version:
        raise Stale(case)
    role = role_to(action, by, case)
    overtaken = guards.wrong_state(case, action) or guards.too_late(case, action, at)
    if overtaken:
        raise Overtaken(case, overtaken)
    refusal = guards.first_refusal(case, action, by, role, at, CaseFacts(case, by, role, at))
    if refusal:
        raise Refused(refusal)
    return role


@contextmanager
def move(
    case_id: int,
    action: str,
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
    why: str = "",
    data: dict[str, Any] | None = None,
) -> Iterator[Case]:
    """Move one case; the body does what the action causes, the transition and its records follow."""
    # Every verb opens the transaction itself: a savepoint here would only cost two more trips to the database.
    with transaction.atomic(savepoint=False), _attempts_on_record(action, by, at):
        case = locked(case_id)
        role = admit(case, action, by, at, version)
        details = {} if data is None else data
        yield case
        live = locking.live_deadlines({case_id: case}).get(case_id, [])
        step = depart(case, action, role=role, by=by, at=at, why=why, data=details)
        step.plan = deadlines.plan(
            case, live, at=at, calendar=calendars.current(), fired=fired_by(role, action), came_from=step.from_status
        )
        arrive(step, at=at)
        record.write([step], at=at)


@contextmanager
def _attempts_on_record(action: str, by: Actor, at: datetime) -> Iterator[None]:
    """Who came too late is remembered: the note is written once the refused transaction is undone."""
    try:
        yield
    except Overtaken as refusal:
        refusal.attempt = Attempt(refusal.case, action, by, at)
        raise


def depart(
    case: Case, action: str, *, role: Role, by: Actor, at: datetime, why: str = "", data: dict[str, Any] | None = None
) -> record.Step:
    """Make the transition on the object; nothing is written yet."""
    before = case.status
    if CHART[action].targets:
        getattr(case, action)()
    case.version += 1
    case.moved_at = at
    if role in HUMAN_ANSWERS:
        case.first_reply_at = case.first_reply_at or at
    case.closed_at = None if case.is_open else (case.closed_at or at)
    tells = () if action in QUIET else NOTIFIED
    return record.Step(case, action, role, by.user_id, before, why, data or {}, tells=tells)


def arrive(step: record.Step, *, at: datetime) -> None:
    """Show on the case what is due next."""
    due = step.plan.next_due
    step.case.due_at = due.due_at if due else None
    step.case.due_kind = due.kind if due else ""
    if any(ended.status == DeadlineStatus.MISSED for ended in step.plan.changed):
        step.case.breached_at = step.case.breached_at or at


def fired_by(role: Role, action: str) -> str:
    """The action of the clock that uses its deadline up; nothing when a person acted in time."""
    return action if role == Role.CLOCK else ""


def move_many(
    cases: Sequence[Case],
    live: dict[int, list[Deadline]],
    action: str,
    *,
    by: Actor,
    at: datetime,
    effect: Callable[[Case], None],
) -> None:
    """Move locked cases through the same checks with few statements; raises on the first refusal."""
    calendar = calendars.current()
    steps = []
    for case in cases:
        role = admit(case, action, by, at)
        before = case.__dict__.copy()
        effect(case)
        step = depart(case, action, role=role, by=by, at=at)
        step.before = before
        step.plan = deadlines.plan(
            case,
            live.get(case.pk, []),
            at=at,
            calendar=calendar,
            fired=fired_by(role, action),
            came_from=step.from_status,
        )
        arrive(step, at=at)
        steps.append(step)
    record.write(steps, at=at)


def opened(case: Case, *, role: Role, by: Actor, at: datetime, data: dict[str, Any] | None = None) -> None:
    """Record the first event and the first deadlines of a case that has just been stored."""
    calendar = calendars.current()
    step = record.Step(case, "apply", role, by.user_id, "", case.description, data or {}, tells=NOTIFIED)
    step.plan = deadlines.plan(case, [], at=at, calendar=calendar)
    step.plan.started.append(deadlines.start(case, DeadlineKind.FIRST_REPLY, at=at, calendar=calendar))
    arrive(step, at=at)
    record.write([step], at=at)


def beside(
    case: Case,
    action: str,
    *,
    role: Role,
    by: Actor,
    at: datetime,
    plan: deadlines.Plan,
    why: str = "",
    data: dict[str, Any] | None = None,
    is_new: bool = False,
) -> None:
    """Record what the move of one case does to another, which stays in its state: it continues it, or takes it over."""
    before = "" if is_new else case.status
    if not is_new:
        case.version += 1
        case.moved_at = at
    step = record.Step(case, action, role, by.user_id, before, why, data or {}, plan, tells=NOTIFIED)
    arrive(step, at=at)
    record.write([step], at=at)
