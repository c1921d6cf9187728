"""Deadlines that have passed: the clock does what was promised for that moment, one savepoint each."""

import gc
import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.db import connection, transaction

from aftersales.actions.cases import decisions as cases
from aftersales.actions.cases import negotiation
from aftersales.actions.disputes import arbitration, hearings
from aftersales.actions.gate import Live
from aftersales.actions.refunds import retries
from aftersales.actions.replacements import dispatches, repairs
from aftersales.actions.returns import inspections, interceptions
from aftersales.models import Case, Deadline
from aftersales.queries import locking
from aftersales.rules.actor import CLOCK, Actor
from aftersales.rules.cases import chains
from aftersales.rules.policies.clocks import CLOCKS
from aftersales.rules.vocabulary import DeadlineKind, DeadlineStatus, Status

log = logging.getLogger(__name__)
# Whoever acted in the last second is still being written; and two servers' clocks differ a little.
GRACE = timedelta(seconds=60)
# Enough for one statement to pay, few enough that a lock on these cases is never held for long.
BATCH = 500


class Verb(Protocol):
    """A verb that makes the move of a deadline on one case."""

    def __call__(self, case_id: int, *, by: Actor, at: datetime) -> object:
        """Lock the case and move it, in a savepoint of its own."""


class VerbForMany(Protocol):
    """The same verb for many cases that are locked already, with few statements for all of them."""

    def __call__(self, cases: Sequence[Case], live: Live, *, by: Actor, at: datetime) -> object:
        """Move all of them in one savepoint, or none."""


# Which move a deadline makes stands in `rules.policies.clocks`; here is only which verb makes a move.
VERBS: dict[str, Verb] = {
    "approve": cases.approve,
    "lapse_offer": negotiation.lapse,
    "miss_interception": interceptions.lapse,
    "expire": cases.expire,
    "presume_received": inspections.presume_received,
    "pass_inspection": inspections.lapse,
    "give_money_instead": dispatches.give_money,
    "confirm_receipt": dispatches.confirm,
    "offer_choice": repairs.offer_choice,
    "platform_pays": retries.platform_pays,
    "close_evidence": arbitration.close_evidence,
    "pass_on_decision": hearings.pass_on,
    "miss_decision": hearings.miss,
    "resume": arbitration.resume,
}
FOR_MANY: dict[str, VerbForMany] = {"approve": cases.approve_many}


@dataclass(frozen=True)
class Due:
    """A deadline that has passed, by its id and that of its case."""

    deadline_id: int
    case_id: int
    kind: DeadlineKind

    @property
    def action(self) -> str:
        """The move that was promised for this moment."""
        return CLOCKS[self.kind].action


def fire_deadlines(at: datetime, limit: int | None = None) -> Counter[str]:
    """Do what was promised for every deadline that passed more than a minute ago; answers how many of each kind."""
    done: Counter[str] = Counter()
    done[DeadlineKind.FIRST_REPLY] = miss_first_replies(at)
    while limit is None or done.total() < limit:
        with _uncollected():
            batch = _fire_batch(at)
        if not batch:
            break
        done += batch
    return done


@contextmanager
def _uncollected() -> Iterator[None]:
    """Spare a batch the garbage collector: it would look through thousands of objects that all live to its end."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def due(at: datetime, limit: int = BATCH) -> list[Due]:
    """Deadlines that the clock would act on now, the oldest first."""
    rows = (
        Deadline.objects.filter(status=DeadlineStatus.PENDING, due_at__lte=at - GRACE, kind__in=CLOCKS)
        # What failed a moment ago waits, else the oldest poison would fill every batch.
        .exclude(hold_until__gt=at)
        .order_by("due_at", "pk")
        .values_list("pk", "case_id", "kind")[:limit]
    )
    return [Due(deadline_id, case_id, DeadlineKind(kind)) for deadline_id, case_id, kind in rows]


@transaction.atomic
def _fire_batch(at: datetime) -> Counter[str]:
    """Do what the oldest deadlines promise; answers how many of each kind, none when nothing is left to do.

    1. Find what is due; nothing is locked yet.
    2. Lock its cases, lowest id first, without those in use: whoever holds one is about to decide it.
    3. Look again under the locks: somebody may have acted in between.
    4. Move those together that one statement can move; if one of them is refused, each is tried alone.
    5. Move the others one by one. What fails is held back and stops no other, else it would be found for ever.
    """
    found = due(at)
    locked = locking.free_cases([each.case_id for each in found])
    live = locking.live_deadlines(locked)
    still = [each for each in found if _is_still_due(each, live, at)]
    together = _moved_together([each for each in still if _needs_no_more(locked[each.case_id], each)], locked, live, at)
    for each in still:
        if each not in together:
            _fire_one(each, at)
    return Counter(each.kind for each in still)


def _is_still_due(each: Due, live: Live, at: datetime) -> bool:
    return any(
        deadline.pk == each.deadline_id
        and deadline.status == DeadlineStatus.PENDING
        and deadline.due_at <= at - GRACE
        and (deadline.hold_until is None or deadline.hold_until <= at)
        for deadline in live.get(each.case_id, ())
    )


def _needs_no_more(case: Case, each: Due) -> bool:
    """Whether the move writes nothing but what one statement writes for all."""
    return (
        each.action in FOR_MANY
        # Only where nothing else is written: no refund, no stock set aside, no search for an address.
        and chains.after_agreement(case) == Status.AWAITING_RETURN
        and not chains.exchanges(case)
        and case.return_address is not None
        and case.return_address.is_active
    )


def _moved_together(alike: Sequence[Due], locked: dict[int, Case], live: Live, at: datetime) -> set[Due]:
    """Those that were moved: all of a kind, or none of it when one was refused."""
    moved: set[Due] = set()
    for action in {each.action for each in alike}:
        mine = [each for each in alike if each.action == action]
        try:
            FOR_MANY[action]([locked[each.case_id] for each in mine], live, by=CLOCK, at=at)
        except Exception:
            log.exception("a batch of %s failed; each is tried alone", action)
        else:
            moved |= set(mine)
    return moved


def _fire_one(each: Due, at: datetime) -> None:
    try:
        VERBS[each.action](each.case_id, by=CLOCK, at=at)
    except Exception as error:
        log.warning("deadline %s of case %s failed: %s", each.kind, each.case_id, error)
        hold(each.deadline_id, error, at)


def hold(deadline_id: int, error: object, at: datetime) -> None:
    """Try again later, later each time; after five tries a supervisor has to look."""
    deadline = Deadline.objects.get(pk=deadline_id)
    deadline.hold(error, at)
    deadline.save(update_fields=["tries", "last_error", "hold_until", "status"])


def miss_first_replies(at: datetime) -> int:
    """A first reply that is late is missed: the case shows it, nothing else happens."""
    with connection.cursor() as cursor:
        cursor.execute(MISS_FIRST_REPLIES, [at, at])
        return cursor.rowcount


MISS_FIRST_REPLIES = """
WITH late AS (
    SELECT d.id, d.case_id FROM aftersales_deadline d JOIN aftersales_case c ON c.id = d.case_id
    WHERE d.status = 'pending' AND d.kind = 'first_reply' AND d.due_at <= %s
    ORDER BY d.case_id FOR UPDATE OF c SKIP LOCKED
), shown AS (
    UPDATE aftersales_case c SET breached_at = coalesce(c.breached_at, %s::timestamptz) FROM late
    WHERE c.id = late.case_id
)
UPDATE aftersales_deadline d SET status = 'missed', ended_at = d.due_at FROM late
WHERE d.id = late.id AND d.status = 'pending'
"""
