"""A compiled query returns what Django would return anew, for every shape of rows and every person."""

import threading

import pytest
from django.db import connection

from aftersales.models import Case, Event, Team, User
from aftersales.queries import visibility
from aftersales.queries.console import agent_queue, queue
from aftersales.rules.vocabulary import Role
from orders.db.compiled_query import CompiledQuery, Statement
from tests.aftersales.many import many
from tests.factories import NOON, MerchantFactory, opened
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(order, buyer):
    return opened(order, by=buyer)


def test_objects_and_their_related_ones_come_as_from_the_queryset(case):
    query = CompiledQuery(
        lambda pk: Event.objects.filter(case=pk).select_related("case__order", "user").order_by("pk"), int
    )

    (event,) = query(case.pk)

    assert event == Event.objects.get(case=case)
    assert event.data == Event.objects.get(case=case).data
    assert "case" in event._state.fields_cache
    assert event.case.order == case.order
    assert query(case.pk + 1) == []


def test_rows_of_values_and_annotations_come_as_from_the_queryset(case):
    rows = CompiledQuery(lambda number: Case.objects.filter(number=number).values("number", "order__number"), str)

    assert rows(case.number) == list(Case.objects.values("number", "order__number"))
    assert rows("AB-0") == []


def test_rows_of_bare_values_come_as_from_the_queryset(case):
    rows = CompiledQuery(lambda number: Case.objects.filter(number=number).values_list("number", "order__number"), str)

    assert rows(case.number) == [(case.number, case.order.number)]


def test_a_value_may_stand_in_several_places(case):
    written = []

    def write(pk):
        written.append(pk)
        return "SELECT %s::bigint, %s::bigint, %s::bigint", [pk, 7, pk]

    statement = Statement(write, int)

    assert statement.rows(5) == [(5, 7, 5)]
    assert statement.rows(6) == [(6, 7, 6)]
    assert len(written) == 1


@pytest.mark.django_db(transaction=True)
def test_threads_do_not_mix_their_values(case):
    query = CompiledQuery(lambda pk: Case.objects.filter(pk=pk), int)
    others = many(case, 3)
    found = {}

    def ask(pk):
        found[pk] = [each.pk for _turn in range(20) for each in query(pk)]
        connection.close()

    threads = [threading.Thread(target=ask, args=[each.pk]) for each in (case, *others)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert found == {each.pk: [each.pk] * 20 for each in (case, *others)}


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR, Role.WAREHOUSE, Role.MERCHANT, Role.FINANCE, Role.ADMIN])
def test_nobody_sees_more_through_a_compiled_query(role, case, shop):
    insider = person("insider", role, **({"merchant": shop} if role == Role.MERCHANT else {}))
    stranger = person("stranger", Role.MERCHANT, merchant=MerchantFactory())

    for user in (insider, stranger, User.objects.get(pk=insider.pk)):
        expected = list(visibility.cases_for(user).filter(number=case.number))
        assert visibility.NUMBERED(user, case.number) == expected


def test_somebody_switched_off_sees_nothing_through_a_compiled_query(case, agent_user):
    agent_user.is_active = False

    assert visibility.NUMBERED(agent_user, case.number) == []


@pytest.mark.parametrize("teams", [0, 1, 2])
def test_the_bare_desk_is_the_desk_with_a_filter_that_fits_all(teams, case, agent_user):
    own = [Team.objects.create(name=f"Team {number}") for number in range(teams)]
    agent_user.teams.set(own)
    for team in (*own, None, Team.objects.create(name="Elsewhere")):
        many(case, 2, team=team)
    many(case, 2, assignee=agent_user)
    many(case, 1, status="completed", closed_at=NOON)
    user = User.objects.get(pk=agent_user.pk)
    Case.objects.update(opened_on="2026-03-10")

    bare, narrowed = {}, {"view": "desk", "opened": "2026-03-10"}

    assert queue.page(user, bare, NOON) == queue.page(user, narrowed, NOON)
    assert queue.counts(user, bare, NOON) == queue.counts(user, narrowed, NOON)
    assert len(queue.page(user, bare, NOON).rows) == 1 + 2 * teams + 2 + 2
    assert agent_queue.page(user, 3).rows == queue.page(user, narrowed, NOON, size=3).rows
