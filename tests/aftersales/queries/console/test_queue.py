"""The queue: each filter finds its cases and no others, within what the person may see, by an index."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftersales.actions.cases import decisions
from aftersales.actions.console import assignment
from aftersales.models import Case, Team, User
from aftersales.queries.console import filter_names, queue
from aftersales.queries.people.actors import actor_for
from aftersales.rules.actor import CLOCK
from aftersales.rules.vocabulary import Role, Status
from tests.aftersales.many import many
from tests.factories import NOON, MerchantFactory, ReturnAddressFactory, opened, sold
from tests.people import person

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def case(order, buyer):
    return opened(order, by=buyer)


@pytest.fixture
def boss(supervisor):
    return User.objects.get(pk=supervisor.user_id)


def found(user, at=NOON, **params):
    """Numbers in the list, as a set."""
    return set(queue.filtered(user, params, at).values_list("number", flat=True))


def numbers(rows):
    return {row.number for row in rows}


def test_an_agent_begins_with_their_own_and_nobodys(case, agent_user, boss):
    mine, others = many(case, 1, assignee=agent_user), many(case, 1, assignee=boss)
    theirs_turn = many(case, 1, status=Status.AWAITING_RETURN)

    shown = found(agent_user)

    assert shown == {case.number} | numbers(mine)
    assert not shown & (numbers(others) | numbers(theirs_turn))
    assert found(boss) == shown | numbers(others)


@pytest.mark.parametrize(
    ("params", "fields"),
    [
        ({"state": "inspecting"}, {"status": "inspecting"}),
        ({"state": "completed"}, {"status": "completed", "closed_at": NOON}),
        ({"type": "refund_only"}, {"type": "refund_only"}),
        ({"view": "breached"}, {"breached_at": NOON}),
        ({"breached": "1"}, {"breached_at": NOON}),
        ({"view": "unassigned", "age": "7+"}, {"opened_on": (NOON - 8 * 24 * HOUR).date()}),
        ({"age": "3-7"}, {"opened_on": (NOON - 7 * 24 * HOUR).date()}),
        ({"age": "1-3"}, {"opened_on": (NOON - 2 * 24 * HOUR).date()}),
        ({"opened": "2026-03-01"}, {"opened_on": "2026-03-01"}),
        ({"due": "15m"}, {"due_at": NOON + timedelta(minutes=14)}),
        ({"due": "1h"}, {"due_at": NOON + timedelta(minutes=59)}),
        ({"due": "4h"}, {"due_at": NOON + timedelta(minutes=239)}),
        ({"due": "overdue"}, {"due_at": NOON - timedelta(seconds=1)}),
        ({"view": "due"}, {"due_at": NOON + 3 * HOUR}),
        ({"view": "clock"}, {"clock_approved_at": NOON}),
        ({"clock_approved": "2026-03-10"}, {"clock_approved_at": NOON}),
        ({"view": "ended"}, {"status": "completed", "closed_at": NOON}),
        ({"ended": "2026-03-10"}, {"status": "completed", "closed_at": NOON}),
    ],
)
def test_a_filter_finds_its_cases_and_no_others(params, fields, case, boss):
    fitting = many(case, 2, due_at=case.due_at, **fields) if "due_at" not in fields else many(case, 2, **fields)

    assert found(boss, **params) == numbers(fitting)
    assert queue.count(boss, params, NOON) == 2
    assert {row["number"] for row in queue.page(boss, params, NOON).rows} == numbers(fitting)


def test_people_teams_merchants_and_reasons_are_filters(case, agent_user, boss):
    team, shop = Team.objects.create(name="Night"), MerchantFactory(name="Moon shop")
    ReturnAddressFactory(merchant=shop)
    other = opened(sold(merchant=shop), by=actor_for(boss), reason="agreed")
    Case.objects.filter(pk=other.pk).update(team=team, assignee=agent_user)

    for params in (
        {"assignee": str(agent_user.pk)},
        {"team": str(team.pk)},
        {"merchant": str(shop.pk)},
        {"merchant": shop.code.upper()},
        {"merchant": "moon"},
        {"reason": "agreed"},
    ):
        assert found(boss, **params) == {other.number}, params
    assert found(boss, assignee="none") == {case.number}
    asked = {"merchant": str(shop.pk), "team": str(team.pk), "reason": "agreed"}
    told = {"merchant": "Moon shop", "team": "Night", "reason": other.reason.name}
    assert filter_names.names(boss, asked) == told
    stranger = person("stranger", Role.MERCHANT, merchant=MerchantFactory())
    assert filter_names.names(stranger, asked) == {"reason": other.reason.name}


@pytest.mark.parametrize(
    "params",
    [
        {"view": "x"}, {"state": "gone"}, {"type": "gift"}, {"merchant": "9" * 30}, {"assignee": "me"}, {"team": "-1"},
        {"age": "2"}, {"due": "5m"}, {"breached": "0"}, {"clock_approved": "2026-02-30"}, {"ended": "0001-01-01"},
        {"opened": "9999-12-31"}, {"team": "١"}, {"assignee": "1e9"},
    ],
)  # fmt: skip
def test_filters_that_make_no_sense_are_left_out_and_named(params, case, boss):
    assert queue.ignored(params, NOON) == list(params)
    assert case.number in found(boss, **params)


def test_nobody_sees_more_through_a_filter(case, agent_user, shop):
    night = Team.objects.create(name="Night")
    Case.objects.filter(pk=case.pk).update(team=night)
    elsewhere = person("elsewhere", Role.MERCHANT, merchant=MerchantFactory())

    for params in ({}, {"view": "all"}, {"team": str(night.pk)}, {"merchant": str(shop.pk)}, {"q": case.number}):
        assert found(agent_user, **params) == set()
        assert found(elsewhere, **params) == set()
    agent_user.teams.add(night)
    assert found(User.objects.get(pk=agent_user.pk), view="all") == {case.number}


def test_a_case_taken_by_an_agent_of_another_team_stays_theirs(case, agent_user):
    Case.objects.filter(pk=case.pk).update(team=Team.objects.create(name="Night"), assignee=agent_user)

    assert found(agent_user, view="mine") == {case.number}


def test_lists_begin_with_what_is_due_first_and_with_the_newest_end(case, boss):
    late, soon = many(case, 1, due_at=NOON + 9 * HOUR)[0], many(case, 1, due_at=NOON + HOUR)[0]
    ended = [many(case, 1, status="completed", closed_at=NOON + step * HOUR)[0] for step in (1, 2)]

    assert [row["number"] for row in queue.page(boss, {"view": "open"}, NOON).rows] == [
        soon.number,
        late.number,
        case.number,
    ]
    assert [row["number"] for row in queue.page(boss, {"view": "ended"}, NOON).rows] == [
        ended[1].number,
        ended[0].number,
    ]


def test_the_next_case_is_the_one_due_first_among_what_may_be_taken(case, agent_user, agent):
    many(case, 1, team=Team.objects.create(name="Night"), due_at=NOON)
    soon = many(case, 1, due_at=NOON + HOUR)[0]
    told = queue.waiting(agent_user)
    assert queue.counts(agent_user, {"view": "all"}, NOON) == (2, told)

    taken = assignment.claim_next(agent_user, by=agent, at=NOON)

    assert (told.count, told.soonest_due_at) == (2, NOON + HOUR)
    assert taken.number == soon.number
    assert queue.waiting(agent_user).count == 1


def test_someone_of_the_desk_and_of_the_warehouse_can_claim(case, shop):
    both = person("both", Role.AGENT)
    both.groups.add(*person("w", Role.WAREHOUSE).groups.all())
    both = User.objects.get(pk=both.pk)

    taken = assignment.claim_next(both, by=actor_for(both), at=NOON)

    assert taken.pk == case.pk


def test_what_the_clock_agreed_to_is_found_on_its_day(case, boss):
    decisions.approve(case.pk, by=CLOCK, at=NOON + 48 * HOUR)

    assert found(boss, at=NOON + 50 * HOUR, clock_approved="2026-03-12") == {case.number}
    assert found(boss, at=NOON + 50 * HOUR, clock_approved="2026-03-11") == set()


# Which of the indexes of open cases a planner takes for one row is its own affair; that it reads one in order is ours.
@pytest.mark.parametrize(
    ("params", "index"),
    [
        ({"view": "desk"}, "case_open_"),
        ({"view": "mine"}, "case_open_"),
        ({"view": "unassigned"}, "case_open_"),
        ({"view": "open"}, "case_open_due"),
        ({"view": "waiting", "state": "inspecting"}, "case_open_"),
        ({"view": "open", "team": "1"}, "case_open_"),
        ({"view": "ended"}, "case_newest_ended"),
        ({"view": "all"}, "case_newest"),
        ({"view": "all", "sort": "oldest"}, "case_newest"),
        ({"view": "open", "sort": "newest"}, ("case_open_opened", "case_newest")),
        ({"view": "open", "sort": "oldest"}, ("case_open_opened", "case_newest")),
        ({"view": "open", "sort": "amount"}, "case_open_amount"),
        ({"view": "breached", "sort": "amount"}, "case_open_"),
        ({"clock_approved": "2026-03-10"}, "case_clock_approved"),
    ],
)
def test_every_view_reads_an_index_in_order(params, index, case, boss):
    with CaptureQueriesContext(connection) as asked:
        queue.page(boss, params, NOON)

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {asked[-1]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert any(name in plan for name in ([index] if isinstance(index, str) else index)), plan
    assert "Seq Scan on aftersales_case" not in plan
