"""Now: every number is its list, those that the roll-up knows at once too, whatever moved and was folded in between."""

from datetime import timedelta
from random import Random

import pytest

from aftersales import sweeps
from aftersales.models import Case, User
from aftersales.queries.console import queue
from aftersales.queries.oversight import dashboard, tiles
from aftersales.queries.people import actors
from aftersales.rules.policies import shop_day
from aftersales.rules.vocabulary import ENDED, CaseType, Priority, Status
from tests.aftersales.many import many
from tests.factories import NOON, MerchantFactory, ReturnAddressFactory, opened, sold

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def boss(supervisor):
    return User.objects.get(pk=supervisor.user_id)


@pytest.fixture
def two_shops(order, buyer):
    """A case of each of two merchants."""
    other = MerchantFactory()
    ReturnAddressFactory(merchant=other)
    return [opened(order, by=buyer), opened(sold(merchant=other, buyer=order.buyer), by=buyer)]


def some(random, people):
    """What a case may look like that a number of Now asks about."""
    status = random.choice(Status.values)
    opened_at = NOON - random.randint(0, 12) * DAY
    return {
        "status": status,
        "type": random.choice([CaseType.REFUND_ONLY, CaseType.RETURN_REFUND, CaseType.REPAIR]),
        "assignee": random.choice([None, *people]),
        "opened_at": opened_at,
        "opened_on": shop_day.of(opened_at),
        "due_at": random.choice([None, NOON + random.randint(-600, 600) * timedelta(minutes=1)]),
        "breached_at": random.choice([None, NOON - HOUR]),
        "clock_approved_at": random.choice([None, NOON - random.choice((HOUR, DAY))]),
        "closed_at": NOON - random.choice((HOUR, DAY)) if status in ENDED else None,
        "priority": random.choice(Priority.values),
        "due_kind": random.choice(["decision", "overdue_decision"]),
        "suspension_cause": "police" if status == Status.SUSPENDED else "",
        "close_reason": "withdrawn" if status == Status.CLOSED else "",
    }


def shuffled(random, cases, people):
    """Cases of every kind; some counts are folded, then some cases move on."""
    for case in cases:
        for _each in range(40):
            many(case, 1, **some(random, people))
        sweeps.fold_board()
    for pk in random.sample(list(Case.objects.values_list("pk", flat=True)), 25):
        Case.objects.filter(pk=pk).update(**some(random, people))


def numbers(board, today):
    """Every number of the tables."""
    for row in dashboard.backlog(board, today):
        yield from (*row.ages, row.total)
    for agent in dashboard.agents(board, today):
        yield from (agent.open, agent.waiting, agent.closed_today)
    for merchant in dashboard.merchants(board):
        yield from (merchant.open, merchant.waiting)


@pytest.mark.parametrize("seed", range(3))
def test_numbers_and_their_lists_agree(seed, two_shops, boss, agent_user):
    shuffled(Random(seed), two_shops, [boss, agent_user])
    board, today = dashboard.board(), shop_day.of(NOON)

    shown = tiles.numbers(boss, board, NOON)

    assert sum(number for _tile, number in shown) > 100
    for tile, number in shown:
        assert number == tile.rows(boss, NOON).count(), tile.name
    for number in numbers(board, today):
        assert number.value == queue.filtered(boss, number.params, NOON).count(), number.params


def test_every_tile_speaks_a_language_its_list_understands():
    for tile in tiles.TILES:
        if tile.listing is tiles.CASES:
            assert queue.ignored(tile.params_on(shop_day.of(NOON)), NOON) == []


def test_a_tile_counts_no_further_than_its_list(monkeypatch, two_shops, boss):
    monkeypatch.setattr(tiles, "CAP", 3)
    many(two_shops[0], 6, breached_at=NOON, due_at=NOON - HOUR)

    found = {str(tile.name): number for tile, number in tiles.numbers(boss, dashboard.board(), NOON)}

    assert (found["promise missed"], found["past due"], found["open"]) == (4, 6, 8)


def test_the_tiles_take_one_query(boss, two_shops, django_assert_num_queries):
    board = dashboard.board()
    (boss,) = actors.with_rights([boss.pk])  # as a request reads a person: roles and teams with the session

    with django_assert_num_queries(1):
        tiles.numbers(boss, board, NOON)
