"""The deadline sweep over silent merchants, beside one statement that writes the same and beside a loop over objects."""

import time
from collections.abc import Iterator
from datetime import timedelta
from statistics import median

import psycopg
from celery import Celery
from django.db import connection, transaction

from aftersales import sweeps
from aftersales.actions import clock
from aftersales.models import Case, Deadline, Event, Notice, Round
from aftersales.rules.vocabulary import DeadlineKind
from tests.bench import places, timing
from tests.bench.data import seed
from tests.bench.data.seed import THEN
from tests.bench.parts import worker
from tests.bench.report import Figure, at_least, at_most

PROCESSES = 2  # of the Celery worker
LOOP = 200  # the loop over objects is slow: it gets fewer


def measure(rounds: int, due: int) -> Iterator[Figure]:
    """Deadlines a second: through guards, transition, event, deadlines and outbox."""
    with psycopg.connect(places.url(connection.settings_dict["NAME"])) as bare:
        sides = {
            "sweep": lambda: _sweep(due),
            "set": lambda: _one_statement(bare, due),
            "loop": lambda: _loop(min(due, LOOP)),
        }
        found = timing.alternate(rounds, sides)
    rate = median(found["sweep"])
    yield at_least(
        "deadline sweep ÷ set-based SQL", rate, "deadlines/s", 0.5, median(found["set"]),
        timing.ratio(found["sweep"], found["set"]),
    )  # fmt: skip
    yield at_least(
        "deadline sweep ÷ loop over objects", rate, "deadlines/s", 30, median(found["loop"]),
        timing.ratio(found["sweep"], found["loop"]),
    )  # fmt: skip
    yield Figure("deadline sweep: peak memory", timing.peak_mb(), "MB")


def through_celery(rounds: int, due: int) -> Iterator[Figure]:
    """The same sweep asked for by a message, done by a worker with processes of its own."""
    with worker.running(PROCESSES) as running:
        _by_message(running.app, 10)
        sides = {"celery": lambda: _by_message(running.app, due), "direct": lambda: _sweep(due)}
        found = timing.alternate(rounds, sides)
        sessions = running.most_sessions()
        memory = running.peak_mb()
    yield at_least(
        "deadline sweep through Celery ÷ direct", median(found["celery"]), "deadlines/s", 0.8, median(found["direct"]),
        timing.ratio(found["celery"], found["direct"]),
    )  # fmt: skip
    yield at_most("Celery: database sessions for its processes", sessions, "sessions", PROCESSES, PROCESSES)
    yield Figure("Celery: peak memory of a process", memory, "MB")


def _sweep(due: int) -> float:
    staged = seed.stage(due)
    taken = timing.seconds(lambda: sweeps.fire_deadlines(THEN))
    _insist(staged, due)
    return due / taken


def _one_statement(bare: psycopg.Connection, due: int) -> float:
    staged = seed.stage(due)

    def act() -> None:
        while bare.execute(SET_BASED, {"at": THEN, "grace": timedelta(seconds=60), "limit": clock.BATCH}).fetchone()[0]:
            bare.commit()

    taken = timing.seconds(act)
    bare.commit()
    _insist(staged, due)
    return due / taken


def _loop(due: int) -> float:
    staged = seed.stage(due)
    found = Deadline.objects.filter(status="pending", kind=DeadlineKind.MERCHANT_RESPONSE, due_at__lte=THEN)
    taken = timing.seconds(lambda: [_one_object(deadline) for deadline in found.order_by("due_at")])
    _insist(staged, due)
    return due / taken


@transaction.atomic
def _one_object(deadline: Deadline) -> None:
    """What a plain Django task would do for one deadline."""
    case = Case.objects.select_for_update().get(pk=deadline.case_id)
    deadline.status, deadline.ended_at = "fired", THEN
    deadline.save()
    case.approve()
    case.version += 1
    case.return_address = case.merchant.return_addresses.get(is_default=True)
    case.approved_at = case.clock_approved_at = case.moved_at = case.breached_at = THEN
    case.due_at, case.due_kind = THEN + timedelta(days=case.policy.ship_return_days), DeadlineKind.SHIP_RETURN
    case.save()
    Event.objects.create(
        case=case, happened_at=THEN, action="approve", role="clock", from_status="pending_merchant",
        to_status=case.status, version=case.version,
    )  # fmt: skip
    Deadline.objects.create(
        case=case, kind=case.due_kind, started_at=THEN, due_at=case.due_at, policy=case.policy, calendar_version="cn-0"
    )
    case.approval_requests.filter(status="pending").update(status="void")
    Round.objects.filter(case=case, number=case.round_number).update(outcome="agreed", decided_at=THEN)
    for recipient in ("buyer", "merchant"):
        Notice.objects.create(case=case, recipient=recipient, action="approve", version=case.version, due_at=THEN)


def _by_message(app: Celery, due: int) -> float:
    staged = seed.stage(due)
    started = time.perf_counter()
    app.send_task(worker.FIRE, [THEN.isoformat()])
    while _pending(staged):
        if time.perf_counter() - started > 300:
            raise RuntimeError("the worker does not come to its end")
        time.sleep(0.01)
    return due / (time.perf_counter() - started)


def _pending(staged: seed.Staged) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM aftersales_deadline WHERE status = 'pending' AND due_at < %s)", [THEN]
        )
        return bool(cursor.fetchone()[0])


def _insist(staged: seed.Staged, due: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(DONE, [staged.first, staged.last])
        done = cursor.fetchone()
    if done != (due, due, due, 2 * due, due):
        raise RuntimeError(f"of {due} deadlines: cases, events, deadlines, notices, rounds written {done}")


DONE = """
WITH mine AS (SELECT id FROM aftersales_case WHERE id >= 600000000 + %s AND id < 600000000 + %s AND status = 'awaiting_return')
SELECT (SELECT count(*) FROM mine),
    (SELECT count(*) FROM aftersales_event WHERE case_id IN (SELECT id FROM mine) AND action = 'approve'),
    (SELECT count(*) FROM aftersales_deadline WHERE case_id IN (SELECT id FROM mine) AND kind = 'ship_return'),
    (SELECT count(*) FROM aftersales_notice WHERE case_id IN (SELECT id FROM mine)),
    (SELECT count(*) FROM aftersales_round WHERE case_id IN (SELECT id FROM mine) AND outcome = 'agreed')
"""
# The same locks, guards, updates and inserts without Python between them.
SET_BASED = """
WITH due AS (
    SELECT d.id, d.case_id FROM aftersales_deadline d
    WHERE d.status = 'pending' AND d.kind = 'merchant_response' AND d.due_at <= %(at)s::timestamptz - %(grace)s::interval
        AND (d.hold_until IS NULL OR d.hold_until <= %(at)s)
    ORDER BY d.due_at, d.id LIMIT %(limit)s
), locked AS (
    SELECT c.id, c.version, c.round_number, c.policy_id, due.id AS deadline_id, p.ship_return_days,
        coalesce(a.id, b.id) AS address_id
    FROM aftersales_case c JOIN due ON due.case_id = c.id JOIN aftersales_policy p ON p.id = c.policy_id
    LEFT JOIN logistics_returnaddress a ON a.id = c.return_address_id AND a.is_active
    LEFT JOIN logistics_returnaddress b ON b.merchant_id = c.merchant_id AND b.is_default AND b.is_active
    WHERE c.status = 'pending_merchant' AND c.type = 'return_refund' AND coalesce(a.id, b.id) IS NOT NULL
    ORDER BY c.id FOR UPDATE OF c SKIP LOCKED
), moved AS (
    UPDATE aftersales_case c SET status = 'awaiting_return', version = c.version + 1, moved_at = %(at)s,
        approved_at = %(at)s, clock_approved_at = %(at)s, breached_at = coalesce(c.breached_at, %(at)s),
        return_address_id = l.address_id, due_at = %(at)s + l.ship_return_days * interval '1 day', due_kind = 'ship_return'
    FROM locked l WHERE c.id = l.id RETURNING c.id, c.version, c.due_at, c.policy_id, c.round_number
), logged AS (
    INSERT INTO aftersales_event (case_id, happened_at, action, role, from_status, to_status, version, why, data)
    SELECT id, %(at)s, 'approve', 'clock', 'pending_merchant', 'awaiting_return', version, '', '{}' FROM moved
), fired AS (
    UPDATE aftersales_deadline d SET status = 'fired', ended_at = %(at)s FROM locked l WHERE d.id = l.deadline_id
), started AS (
    INSERT INTO aftersales_deadline (case_id, kind, status, started_at, due_at, pause_count, extension_count, policy_id,
        calendar_version, tries, last_error)
    SELECT id, 'ship_return', 'pending', %(at)s, due_at, 0, 0, policy_id, 'cn-0', 0, '' FROM moved
), told AS (
    INSERT INTO aftersales_notice (case_id, recipient, action, version, status, due_at, tries, last_error)
    SELECT id, r, 'approve', version, 'pending', %(at)s, 0, '' FROM moved, (VALUES ('buyer'), ('merchant')) AS to_whom (r)
), voided AS (
    UPDATE aftersales_approvalrequest a SET status = 'void' FROM locked l WHERE a.case_id = l.id AND a.status = 'pending'
), agreed AS (
    UPDATE aftersales_round r SET outcome = 'agreed', decided_at = %(at)s FROM locked l
    WHERE r.case_id = l.id AND r.number = l.round_number
)
SELECT count(*) FROM moved
"""
