"""No state waits without a clock: whatever move brings a case there, whatever ran before. Made from the records."""

import pytest
from django.db import transaction

from aftersales import moves
from aftersales.actions import deadlines
from aftersales.models import Case, Deadline, Policy
from aftersales.queries.policies import calendars
from aftersales.rules.policies import clock_lines
from aftersales.rules.policies.clocks import CLOCKS, paused_in
from aftersales.rules.vocabulary import OPEN, DeadlineStatus, Role, Status
from orders.refusals import Refused
from tests.aftersales.moves.chart_cells import DO, Undone, only_move
from tests.aftersales.stages import MINUTE, again, stage
from tests.factories import NOON

# Every way into a state in which a case waits: the move, where it comes from, where it leads or stays.
WAYS = [
    (move.name, source, target)
    for move in moves.MOVES
    for source in move.sources
    for target in (move.targets or (source,))
    if target in OPEN
]
CLOCK_MOVES = {clock.action for clock in CLOCKS.values()} | {clock.instead for clock in CLOCKS.values()}


def beginnings(source):
    """Every set of deadlines that a case in the state may run under: one of each line, or none where it was stuck."""
    for line in clock_lines.lines_in(source):
        yield from ([kind] for kind in line)
    yield []


def live_ones(case, kinds, resting):
    running = [Deadline(case=case, kind=kind, started_at=NOON, due_at=NOON + MINUTE) for kind in kinds]
    paused = [
        Deadline(case=case, kind=kind, status=DeadlineStatus.PAUSED, started_at=NOON, due_at=NOON, left=MINUTE)
        for kind in resting
    ]
    return [*running, *paused]


@pytest.mark.django_db
def test_no_way_leads_into_a_state_without_a_clock(shop):
    calendar, policy = calendars.of(shop.pk), Policy.objects.first()
    waiting = []
    for action, source, target in WAYS:
        for kinds in beginnings(source):
            for resting in ([], *([kind] for kind in paused_in(source))):
                case = Case(status=target, policy=policy, suspension_cause="court")
                fired = action if action in CLOCK_MOVES else ""
                planned = deadlines.plan(
                    case, live_ones(case, kinds, resting), at=NOON, calendar=calendar, fired=fired,
                    came_from=source, action=action,
                )  # fmt: skip
                kept = [each.kind for each in planned.running if each.kind in CLOCKS]
                if not kept or len(kept) != len(clock_lines.lines_in(target)):
                    waiting.append((action, source, target, kinds, resting, kept))

    assert WAYS
    assert waiting == []


def test_every_open_state_has_a_clock_and_begins_with_one_of_each_line():
    for status in OPEN:
        assert clock_lines.lines_in(status), status
        assert set(clock_lines.wanted(status)) == set(clock_lines.first_in(status))


def entered(case, move, by, at):
    """The case as the move leaves it, and the deadlines that run; nothing where it is refused. All is taken back."""
    found = None
    try:
        with transaction.atomic():
            DO.get(move.name, only_move(move.name))(case, by, at)
            left = again(case)
            runs = left.deadlines.filter(status="pending", kind__in=CLOCKS).count()
            found = left.status, runs, left.due_at
            raise Undone
    except (Undone, Refused):
        return found


@pytest.mark.django_db
@pytest.mark.parametrize("state", Status)
def test_a_case_that_is_moved_really_gets_its_clock(state, order, people):
    case = stage(state, order, people)
    at = case.moved_at + MINUTE
    tried = [(move, role) for move in moves.MOVES if state in move.sources for role in Role if role in move.who]

    found = {
        (move.name, role): came
        for move, role in tried
        if (came := entered(case, move, getattr(people, role), at)) is not None
    }

    assert found
    assert [cell for cell, (status, runs, due_at) in found.items() if status in OPEN and not (runs and due_at)] == []
