"""Rows that are due become actions: one savepoint each, the outcome written on the row."""

import gc
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from aftersales.actions import (
    arbitration,
    bulk,
    cases,
    collecting,
    gate,
    judging,
    negotiation,
    notices,
    outbox,
    payout,
    promises,
    refunds,
    repairs,
    replacements,
    returns,
    staffing,
)
from aftersales.models import Case, ClockBeat, Deadline, Outage
from aftersales.queries import locking, policies
from aftersales.rules import case_types
from aftersales.rules.actor import CLOCK
from aftersales.rules.vocabulary import DeadlineKind, DeadlineStatus
from logistics import imported
from logistics import sweeps as carriers
from orders import receipt
from orders.importers import runs

log = logging.getLogger(__name__)
GRACE = timedelta(seconds=60)
BATCH = 500

Fire = Callable[[int, datetime], object]
FIRE: dict[str, Fire] = {
    DeadlineKind.MERCHANT_RESPONSE: lambda pk, at: cases.approve(pk, by=CLOCK, at=at),
    DeadlineKind.OFFER: lambda pk, at: negotiation.lapse(pk, by=CLOCK, at=at),
    DeadlineKind.INTERCEPT: lambda pk, at: returns.miss_interception(pk, by=CLOCK, at=at),
    DeadlineKind.SHIP_RETURN: lambda pk, at: cases.expire(pk, by=CLOCK, at=at),
    DeadlineKind.RECEIPT: lambda pk, at: returns.presume_received(pk, by=CLOCK, at=at),
    DeadlineKind.INSPECTION: lambda pk, at: returns.pass_inspection(pk, [], by=CLOCK, at=at),
    DeadlineKind.DISPATCH: lambda pk, at: replacements.give_money(pk, by=CLOCK, at=at),
    DeadlineKind.REPLACEMENT: lambda pk, at: replacements.confirm(pk, by=CLOCK, at=at),
    DeadlineKind.REPAIR: lambda pk, at: repairs.offer_choice(pk, by=CLOCK, at=at),
    DeadlineKind.REFUND: lambda pk, at: refunds.platform_pays(pk, by=CLOCK, at=at),
    DeadlineKind.REJECTED: lambda pk, at: cases.expire(pk, by=CLOCK, at=at),
    DeadlineKind.EVIDENCE: lambda pk, at: arbitration.close_evidence(pk, by=CLOCK, at=at),
    DeadlineKind.SUSPENSION: lambda pk, at: arbitration.resume(pk, by=CLOCK, at=at),
}


@dataclass(frozen=True)
class Due:
    """A deadline that has passed, and its case."""

    deadline_id: int
    case_id: int
    kind: str


def run(at: datetime) -> Counter[str]:
    """Everything that is due, in order: outages and what carriers told first, then promises, money, notices, counts."""
    done: Counter[str] = Counter()
    note_sleep(at)
    done["outages"] = apply_outages(at)
    done += carriers.run(at)
    done["pickups"] = collecting.judge_due(at)
    done["judged"] = judging.judge_due(at)
    done += fire_deadlines(at)
    done["refunds"] = send_refunds(at)
    done["told"] = payout.apply_notices(at)
    done["handed"] = staffing.run(at)
    done["messages"] = outbox.send_due(at)
    done["notices"] = notices.deliver_due(at)
    done["receipts"] = confirm_receipts(at)
    done["files"] = runs.remove_old_files(at)
    fold_board()
    ClockBeat.objects.update_or_create(pk=1, defaults={"beat_at": at})
    return done


@transaction.atomic
def note_sleep(at: datetime) -> None:
    """When the clock itself slept, nobody could be served by it: that is an outage."""
    beat = ClockBeat.objects.select_for_update().filter(pk=1).first()
    if beat and at - beat.beat_at > settings.CLOCK_SLEPT_AFTER:
        Outage.objects.create(started_at=beat.beat_at, ended_at=at, reason=_("The clock had stopped."))
        # With the outage, so that neither a second sweep nor the one after a failure counts the same sleep again.
        ClockBeat.objects.filter(pk=1).update(beat_at=at)


def apply_outages(at: datetime) -> int:
    """Move deadlines for outages that have ended and were not counted yet."""
    waiting = Outage.objects.filter(applied_at__isnull=True, ended_at__lte=at).order_by("started_at")
    return sum(promises.apply_outage(outage, at=at) for outage in waiting)


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
        Deadline.objects.filter(status=DeadlineStatus.PENDING, due_at__lte=at - GRACE, kind__in=FIRE)
        .exclude(hold_until__gt=at)
        .order_by("due_at", "pk")
        .values_list("pk", "case_id", "kind")[:limit]
    )
    return [Due(*row) for row in rows]


@transaction.atomic
def _fire_batch(at: datetime) -> Counter[str]:
    """Lock the cases first, skipping those in use, then look again at what is still due on them."""
    found = due(at)
    locked = locking.free_cases([each.case_id for each in found])
    live = locking.live_deadlines(locked)
    still = [
        each for each in found if any(d.pk == each.deadline_id and _is_due(d, at) for d in live.get(each.case_id, []))
    ]
    silent = [each for each in still if _batchable(locked[each.case_id], each)]
    done: Counter[str] = Counter()
    if _approve_silent([locked[each.case_id] for each in silent], live, at):
        done[DeadlineKind.MERCHANT_RESPONSE] += len(silent)
    else:
        silent = []
    apart = {each.deadline_id for each in silent}
    for each in still:
        if each.deadline_id not in apart:
            _fire_one(each, at)
            done[each.kind] += 1
    return done


def _is_due(deadline: Deadline, at: datetime) -> bool:
    return (
        deadline.status == DeadlineStatus.PENDING
        and deadline.due_at <= at - GRACE
        and (deadline.hold_until is None or deadline.hold_until <= at)
    )


def _batchable(case: Case, each: Due) -> bool:
    return (
        each.kind == DeadlineKind.MERCHANT_RESPONSE
        and case_types.of(case.type).pays_for_returns
        and case.return_address is not None
        and case.return_address.is_active
    )


def _approve_silent(silent: list[Case], live: dict[int, list[Deadline]], at: datetime) -> bool:
    """Agree to many returns with few statements; false when one of them stands against it."""
    if not silent:
        return False
    try:
        with transaction.atomic():
            gate.move_many(
                silent,
                live,
                "approve",
                by=CLOCK,
                at=at,
                effect=lambda case: cases.prepare_agreement(case, by=CLOCK, at=at),
            )
            cases.rounds_agreed([case.pk for case in silent], at=at)
    except Exception:
        log.exception("a batch of silent approvals failed; each is tried alone")
        return False
    return True


def _fire_one(each: Due, at: datetime) -> None:
    try:
        with transaction.atomic():
            FIRE[each.kind](each.case_id, at)
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


def send_refunds(at: datetime, limit: int = 200) -> int:
    """Send what is queued and ask after what is unknown; one refund a turn."""
    return _count(lambda: payout.send_next(at), limit)


def run_imports(at: datetime, limit: int = 20) -> int:
    """Do the imports that wait, one after the other."""
    return _count(lambda: runs.perform_next(at, record=imported.record), limit)


def run_bulk(at: datetime, limit: int = 100) -> int:
    """Rows of acts for many cases, in the order in which people asked for them."""
    return _count(lambda: bulk.perform_next(at), limit)


def confirm_receipts(at: datetime) -> int:
    """Date the receipt of orders that were signed for, and complete those whose time has come."""
    general = policies.in_force(at).order_by("pk").first()
    if general is not None:
        receipt.date_signed(general.confirm_days)
    return receipt.confirm_due(at)


def fold_board() -> int:
    """Fold the counted changes into the board."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FOLD)
        return cursor.rowcount


def _count(turn: Callable[[], bool], limit: int) -> int:
    return sum(1 for _turn in _while(turn, limit))


def _while(turn: Callable[[], bool], limit: int) -> Iterable[int]:
    for number in range(limit):
        if not turn():
            return
        yield number


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
FOLD = """
WITH taken AS (
    DELETE FROM aftersales_boarddelta
    WHERE id IN (SELECT id FROM aftersales_boarddelta ORDER BY id LIMIT 50000 FOR UPDATE SKIP LOCKED)
    RETURNING status, merchant_id, assignee_id, opened_on, delta
), summed AS (
    SELECT side.kind, status, side.subject, sum(delta) AS delta FROM taken
    CROSS JOIN LATERAL (
        VALUES ('day', (opened_on - date '1970-01-01')::bigint), ('assignee', assignee_id), ('merchant', merchant_id)
    ) AS side (kind, subject)
    GROUP BY 1, 2, 3 HAVING sum(delta) <> 0 ORDER BY 1, 2, 3
)
INSERT INTO aftersales_boardcount AS b (kind, status, subject, count) SELECT kind, status, subject, delta FROM summed
ON CONFLICT (kind, status, subject) DO UPDATE SET count = b.count + excluded.count
"""
