"""What has happened since a cursor: nothing twice, nothing left out, and to each only what is theirs to see."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.actions.cases import decisions
from aftersales.actions.console import assignment
from aftersales.actions.conversation import messages
from aftersales.models import Case, Event, Message, Team, User
from aftersales.queries.console import changes
from aftersales.queries.console.changes import Cursor, Position
from aftersales.queries.people.actors import with_rights
from aftersales.rules.vocabulary import Role
from tests.aftersales.many import many
from tests.factories import NOON, MerchantFactory, opened
from tests.people import person


def loaded(actor):
    """The person with roles and teams, as a request has them."""
    return with_rights([actor.user_id])[0]


def reported(actor, found):
    return changes.summary_for(loaded(actor), found)["cases"]


@pytest.fixture
def case(order, buyer):
    return opened(order, by=buyer)


@given(st.permutations(range(11, 41)), st.integers(1, 10))
def test_ids_that_come_out_of_order_are_each_found_once(commit_order, steps):
    committed, found, position = [], [], Position(10)

    for start in range(0, 30, steps):
        committed += commit_order[start : start + steps]
        wanted = [
            number
            for number in committed
            if number > position.last or any(low <= number <= high for low, high in position.gaps)
        ]
        found += wanted
        position = changes.read_cursor(f"{position.after(wanted)}.0").events

    assert sorted(found) == list(range(11, 41))
    assert position == Position(40)


def test_ids_that_never_come_are_given_up():
    position = Position(10).after([12])

    assert position.gaps == ((11, 11),)
    assert position.after([12 + changes.REACH]).gaps[0] == (13, 11 + changes.REACH)


@pytest.mark.parametrize(
    "text", ["", "x", "1", "1.2.3", "1~2.3", "-1.2", "1~3-.4", "9" * 40 + ".1", "1.2" * 9000, "\0.\0"]
)
def test_a_text_that_is_no_cursor_is_none(text):
    assert changes.read_cursor(text) is None


@pytest.mark.django_db
def test_a_row_that_is_committed_late_is_not_missed(case, buyer):
    """Its id is below one that was read already."""
    cursor = changes.newest()
    late = Message(pk=1_000_001, case=case, role=Role.BUYER, body="First", sent_at=NOON)
    Message(pk=1_000_002, case=case, role=Role.BUYER, body="Second", sent_at=NOON).save()
    cursor = Cursor(cursor.events, Position(1_000_000))

    first, cursor = changes.since(cursor)
    late.save(force_insert=True)
    second, cursor = changes.since(cursor)
    third, _cursor = changes.since(cursor)

    assert (len(first), len(second), third) == (1, 1, [])


@pytest.mark.django_db
def test_a_page_hears_what_came_after_it_was_made(case, buyer, agent):
    messages.send(case.pk, "Before", by=buyer, at=NOON + timedelta(minutes=1))
    messages.send(case.pk, "After", by=buyer, at=NOON + timedelta(minutes=3))

    found, _cursor = changes.since(changes.until(NOON + timedelta(minutes=2)))

    assert [row.action for row in found] == ["message"]
    assert reported(agent, found) == [{"number": case.number, "what": ["said"], "mine": False}]


@pytest.mark.django_db
def test_a_report_names_the_kind_of_change_and_no_words(case, buyer, agent, supervisor):
    cursor = changes.newest()
    assignment.assign(case.pk, User.objects.get(pk=agent.user_id), by=supervisor, at=NOON)
    messages.send(case.pk, "My secret", by=buyer, at=NOON)
    messages.note(case.pk, "Our secret", by=supervisor, at=NOON)

    found, _cursor = changes.since(cursor)

    assert reported(agent, found) == [{"number": case.number, "what": ["given", "said", "wrote"], "mine": True}]
    assert "secret" not in str(changes.summary_for(loaded(agent), found))


@pytest.mark.django_db
def test_merchants_hear_of_messages_and_moves_but_not_of_inner_affairs(case, agent, merchant, supervisor):
    cursor = changes.newest()
    messages.note(case.pk, "Between us", by=agent, at=NOON)
    assignment.assign(case.pk, User.objects.get(pk=agent.user_id), by=supervisor, at=NOON)
    inner, cursor = changes.since(cursor)
    messages.send(case.pk, "To you", by=agent, at=NOON)
    decisions.approve(case.pk, by=agent, at=NOON + timedelta(hours=1))
    outer, _cursor = changes.since(cursor)

    assert reported(merchant, inner) == []
    assert reported(merchant, outer) == [{"number": case.number, "what": ["moved", "said"], "mine": False}]


@pytest.mark.django_db
def test_a_person_hears_of_no_case_that_is_not_theirs(case, agent, buyer, supervisor):
    Case.objects.update(team=Team.objects.create(name="Night"))
    cursor = changes.newest()
    messages.send(case.pk, "Hello", by=buyer, at=NOON)
    stranger = person("stranger", Role.MERCHANT, merchant=MerchantFactory())

    found, _cursor = changes.since(cursor)

    assert reported(agent, found) == []
    assert changes.summary_for(with_rights([stranger.pk])[0], found)["cases"] == []
    assert len(reported(supervisor, found)) == 1


@pytest.mark.django_db
def test_of_a_great_many_changes_only_messages_are_reported_one_by_one(case, agent, buyer):
    cursor = changes.newest()
    Event.objects.bulk_create(
        Event(case=other, happened_at=NOON, action="approve", role=Role.CLOCK, to_status=other.status, version=2)
        for other in many(case, changes.FEW)
    )
    messages.send(case.pk, "Hello", by=buyer, at=NOON)

    found, _cursor = changes.since(cursor)

    answer = changes.summary_for(loaded(agent), found)
    assert answer["more"] is True
    assert [row["number"] for row in answer["cases"]] == [case.number]


@pytest.mark.django_db
def test_reading_changes_takes_two_queries_however_many_rows(case, buyer, django_assert_num_queries):
    cursor = changes.newest()
    with django_assert_num_queries(1):
        changes.since(cursor)
    for number in range(30):
        messages.send(case.pk, f"No. {number}", by=buyer, at=NOON)

    with django_assert_num_queries(2):
        changes.since(cursor)
