"""The one gate that moves a case: lock → right → guard → effect → transition → save → event → deadlines."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction
from psycopg import errors

from aftersales import moves
from aftersales.actions import authorised, consents, current_goods, deadlines, effects, record
from aftersales.actions.effects import Effect, Made, MoveContext, Outcome, Together
from aftersales.actions.people.acting_role import role_to as role_to
from aftersales.actions.refusals import AboveLimit as AboveLimit
from aftersales.actions.refusals import Attempt
from aftersales.actions.refusals import Busy as Busy
from aftersales.actions.refusals import Forbidden as Forbidden
from aftersales.actions.refusals import Overtaken as Overtaken
from aftersales.actions.refusals import Stale as Stale
from aftersales.models import Case, Deadline
from aftersales.moves import admission
from aftersales.queries import locking
from aftersales.queries.cases.case_facts import CaseFacts
from aftersales.queries.policies import calendars
from aftersales.rules.actor import Actor
from aftersales.rules.vocabulary import HUMAN_ANSWERS, Role
from orders.db import held
from orders.models import Order
from orders.refusals import Refused

P = ParamSpec("P")
T = TypeVar("T")
Answer = TypeVar("Answer", bound=Outcome | None)
Live = Mapping[int, Sequence[Deadline]]
# PostgreSQL ends one of two transactions that wait for each other; the other is through by the next try.
DEADLOCK_TRIES = 3


def transactional(action: Callable[P, T]) -> Callable[P, T]:
    """One transaction for an action; a deadlock is tried again, a lock not had in time is Busy."""

    @functools.wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        if connection.in_atomic_block:
            with held.scope(), transaction.atomic():
                return action(*args, **kwargs)
        return _retried(functools.partial(action, *args, **kwargs))

    return run


def _retried(action: Callable[[], T]) -> T:
    for left in reversed(range(DEADLOCK_TRIES)):
        try:
            with held.scope(), transaction.atomic():
                return action()
        except Overtaken as refusal:
            # Noted after the rollback: it is the one thing that a refused move leaves.
            if refusal.attempt:
                refusal.attempt.note()
            raise
        except OperationalError as error:
            _raise_unless_retried(error, is_last=not left)
    raise AssertionError("unreachable")


def _raise_unless_retried(error: OperationalError, *, is_last: bool) -> None:
    if isinstance(error.__cause__, errors.LockNotAvailable):
        raise Busy from error
    if is_last or not isinstance(error.__cause__, errors.DeadlockDetected | errors.SerializationFailure):
        raise error


def locked(case_id: int) -> Case:
    """The case, locked until the end of the transaction."""
    return locking.case(case_id)


def admit(
    case: Case, action: str, by: Actor, at: datetime, version: int | None = None, order: Order | None = None
) -> Role:
    """Check version, right, state and guards of a locked case; answers the acting role."""
    # First of all: a page of an older version may show moves, sums and rights that are no longer true.
    if version is not None and version != case.version:
        raise Stale(case, Attempt(case, action, by, at))
    role, asked = role_to(action, by, case), moves.CHART[action]
    overtaken = admission.wrong_state(case, asked) or admission.too_late(case, asked, at)
    if overtaken:
        raise Overtaken(case, overtaken, Attempt(case, action, by, at))
    refusal = admission.first_refusal(case, asked, by, role, at, CaseFacts(case, by, role, at, order))
    if refusal:
        raise Refused(refusal)
    return role


def move(
    case_id: int,
    action: str,
    *,
    by: Actor,
    at: datetime,
    effect: Effect = effects.nothing,
    version: int | None = None,
    why: str = "",
    data: Mapping[str, Any] | None = None,
) -> Case:
    """Move one case; answers it as it then stands. `data` and what the effect adds to it are told by the event."""
    # Every verb opens the transaction itself: a savepoint here would only cost two more trips to the database.
    with transaction.atomic(savepoint=False):
        authorised.lock_person(action, by)
        case, live = _locked_with_deadlines(case_id)
        move_many([case], live, action, by=by, at=at, effect=effect, version=version, why=why, data=data)
    return case


def move_making(
    case_id: int,
    action: str,
    *,
    by: Actor,
    at: datetime,
    effect: Callable[[Case, MoveContext], Made[T]],
    version: int | None = None,
    why: str = "",
    data: Mapping[str, Any] | None = None,
) -> tuple[Case, T]:
    """Move one case by an effect that makes something else; answers both."""
    with transaction.atomic(savepoint=False):
        authorised.lock_person(action, by)
        case, live = _locked_with_deadlines(case_id)
        [outcome] = move_many([case], live, action, by=by, at=at, effect=effect, version=version, why=why, data=data)
    return case, outcome.made


def _locked_with_deadlines(case_id: int) -> tuple[Case, Live]:
    case = locked(case_id)
    return case, locking.live_deadlines({case_id: case})


def move_many(
    cases: Sequence[Case],
    live: Live,
    action: str,
    *,
    by: Actor,
    at: datetime,
    effect: Callable[[Case, MoveContext], Answer],
    version: int | None = None,
    why: str = "",
    data: Mapping[str, Any] | None = None,
) -> list[Answer]:
    """Move cases with as few statements as one needs; answers what the effect said of each.

    The order matters, and is the same for one case and for many:

    1. Lock: who calls has locked the cases and read their `live` deadlines; here orders are, if where goods are counts.
    2. Right: version, role, state and cut-off are checked; who came too late is put on record (`admit`).
    3. Guard: the first sentence that stands against the move refuses it, and with it all the others.
    4. Effect: the rows that the move causes, while the case still stands where it stood; then authority for the sum.
    5. Transition: the case changes its own fields; nothing of it is written yet.
    6. Deadlines: those of the old state end, those of the new one start; the case shows the next.
    7. What effects write together is written, then cases, events, deadlines and notices in one statement.
    """
    kept = calendars.of_merchants({case.merchant_id for case in cases})
    steps: list[record.Step] = []
    outcomes: list[Answer] = []
    before = {case.pk: case.__dict__.copy() for case in cases}
    orders, moved = current_goods.read_anew(cases, at) if moves.CHART[action].reads_goods else ({}, {})
    for case in cases:
        role = admit(case, action, by, at, version, orders.get(case.order_id))
        context = MoveContext(by, role, at, kept[case.merchant_id], live.get(case.pk, ()), moved.get(case.pk))
        step, outcome = _moved(case, action, context, effect, why, data)
        step.before = before[case.pk]
        _plan_deadlines(step, context)
        steps.append(step)
        outcomes.append(outcome)
    _write_together(cases, outcomes, at)
    record.write(steps, at=at)
    return outcomes


def _moved(
    case: Case,
    action: str,
    context: MoveContext,
    effect: Callable[[Case, MoveContext], Answer],
    why: str,
    data: Mapping[str, Any] | None,
) -> tuple[record.Step, Answer]:
    """Steps 4 and 5; what goods that have moved change of the case comes before what the move causes."""
    if context.before is not None:
        current_goods.settle(case, context.before)
    else:
        authorised.lock_order(action, case, context.role)
    outcome = effect(case, context)
    told = authorised.ask(case, action, context.by, context.role, context.at)
    told |= _event_data(data, outcome) | current_goods.facts(case, context.before)
    told |= consents.record(case, action, context)
    step = transition(case, action, context, why=why, data=told)
    step.people = outcome.people if outcome is not None else ()
    return step, outcome


def _event_data(data: Mapping[str, Any] | None, outcome: Outcome | None) -> dict[str, Any]:
    return {**(data or {}), **(outcome.data if outcome else {})}


def transition(case: Case, action: str, context: MoveContext, *, why: str, data: dict[str, Any]) -> record.Step:
    """Make the transition on the object; nothing is written yet."""
    before = case.status
    if moves.CHART[action].targets:
        getattr(case, action)()
    case.version += 1
    case.moved_at = context.at
    if context.role in HUMAN_ANSWERS:
        case.first_reply_at = case.first_reply_at or context.at
    case.closed_at = None if case.is_open else (case.closed_at or context.at)
    tells = moves.CHART[action].tells
    return record.Step(case, action, context.role, context.by.user_id, before, why, data, tells=tells)


def _plan_deadlines(step: record.Step, context: MoveContext) -> None:
    # Only the clock uses a deadline up; a person who acts in time keeps the promise.
    fired = step.action if context.role == Role.CLOCK else ""
    said = {"fired": fired, "came_from": step.from_status, "action": step.action}
    step.plan = deadlines.plan(step.case, context.live, at=context.at, calendar=context.calendar, **said)
    deadlines.refresh_due(step.case, step.plan, at=context.at, fired=fired)


def _write_together(cases: Sequence[Case], outcomes: Sequence[Outcome | None], at: datetime) -> None:
    """Once for all cases whose effect wants the same written."""
    waiting: dict[Together, list[Case]] = {}
    for case, outcome in zip(cases, outcomes, strict=True):
        if outcome is not None and outcome.together is not None:
            waiting.setdefault(outcome.together, []).append(case)
    for write, together in waiting.items():
        write(together, at)
