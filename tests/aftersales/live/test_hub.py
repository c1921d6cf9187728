"""One turn tells everybody what is theirs; who has left, logged out or lost a right hears nothing more."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.utils import timezone

from aftersales.actions.conversation import messages
from aftersales.actions.people import accounts
from aftersales.live import hub as hubs
from aftersales.live import presence, wire
from aftersales.models import Case, Team, User
from aftersales.queries.console import changes
from aftersales.rules.actor import Actor
from aftersales.rules.vocabulary import Role
from tests.aftersales.views.desk import seat
from tests.factories import NOON, opened
from tests.people import granted

pytestmark = pytest.mark.django_db
CHIEF = Actor(frozenset({Role.ADMIN}))


@pytest.fixture
def case(order, buyer):
    return opened(order, by=buyer)


@pytest.fixture
def turn(hub):
    """One turn of the hub after so many seconds."""
    return lambda seconds=0.0: hub.turn(timezone.now(), seconds)


def test_each_stream_reports_the_cases_of_its_person(listening, turn, case, agent, agent2, supervisor, buyer):
    User.objects.get(pk=agent2.user_id).teams.clear()
    Case.objects.update(team=Team.objects.get(name="Desk"))
    mine, other, chief = listening(agent), listening(agent2), listening(supervisor)

    messages.send(case.pk, "Hello", by=buyer, at=NOON)
    turn()
    turn()

    expected = {"cases": [{"number": case.number, "what": ["said"], "mine": False}], "more": False, "presence": []}
    assert mine.told() == chief.told() == [expected]
    assert other.told() == []


def test_a_frame_carries_the_cursor_from_which_the_next_stream_goes_on(listening, turn, hub, case, agent, buyer):
    ear = listening(agent)
    messages.send(case.pk, "Hello", by=buyer, at=NOON)
    turn()
    cursor = next(line.removeprefix("id: ") for line in ear.heard[0].splitlines() if line.startswith("id: "))
    messages.send(case.pk, "Are you there?", by=buyer, at=NOON)

    found, _cursor = changes.since(changes.read_cursor(cursor))

    assert [row.case.number for row in found] == [case.number]


def test_frames_written_before_the_hand_over_wait_for_it(hub, turn, case, agent, buyer):
    client = seat(agent)
    stream = hub.open(User.objects.get(pk=agent.user_id), client.session.session_key, most=9)
    messages.send(case.pk, "Hello", by=buyer, at=NOON)
    turn()
    box = wire.Mailbox()

    stream.attach(box)

    assert case.number in box.frames.get_nowait().decode()


def test_a_stream_that_ends_before_the_hand_over_is_closed_by_it(hub, agent_user):
    stream, box = hub.open(agent_user, "key", most=1), wire.Mailbox()

    hub.stop()
    stream.attach(box)

    assert box.frames.get_nowait() is None


def logs_out(client, user):
    client.post("/logout/")


def is_switched_off(client, user):
    User.objects.filter(pk=user.pk).update(is_active=False)


def gets_another_password(client, user):
    user.set_password("a new and long one")
    user.save()


def loses_all_roles(client, user):
    user.groups.clear()


def loses_one_role(client, user):
    granted(user, Role.SENIOR)
    user.groups.add(Group.objects.get(name="senior"))
    user.groups.remove(Group.objects.get(name="agent"))


def loses_the_second_factor(client, user):
    accounts.remove_second_factor(user.pk, by=CHIEF, at=timezone.now())


def is_idle_for_long(client, user):
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))


ENDS = [logs_out, is_switched_off, gets_another_password, loses_all_roles, loses_one_role, loses_the_second_factor]


@pytest.mark.parametrize("what", [*ENDS, is_idle_for_long])
def test_the_stream_of_somebody_who_may_no_longer_listen_ends(what, listening, turn, case, agent, agent_user, buyer):
    client = seat(agent)
    ear = listening(agent, client)
    turn(0)

    what(client, agent_user)
    turn(hubs.RIGHTS_SECONDS)
    messages.send(case.pk, "Hello", by=buyer, at=NOON)
    turn(hubs.RIGHTS_SECONDS + 1)

    assert ear.told("over") == [{}]
    assert ear.told() == []
    assert not ear.is_open


def test_the_hub_reads_rights_anew(listening, turn, case, agent, agent_user, buyer):
    Case.objects.update(team=Team.objects.get(name="Desk"))
    ear = listening(agent)
    turn(0)

    agent_user.teams.clear()
    turn(hubs.RIGHTS_SECONDS)
    messages.send(case.pk, "Hello", by=buyer, at=NOON)
    turn(hubs.RIGHTS_SECONDS + 1)

    assert ear.is_open
    assert ear.told() == []


def test_a_stream_whose_reader_has_left_is_forgotten(hub, listening, turn, agent):
    ear = listening(agent)

    ear.has_left = True
    turn()

    assert hub.streams == set()


def test_a_beat_tells_that_the_stream_lives_and_how_far_it_is(listening, turn, agent):
    ear = listening(agent)

    for seconds in (0, 1, hubs.BEAT_SECONDS, hubs.BEAT_SECONDS + 1):
        turn(seconds)

    assert len(ear.told("beat")) == 2
    assert changes.read_cursor(ear.heard[0].splitlines()[0].removeprefix("id: "))


def test_no_more_streams_than_there_are_places(hub, agent, agent_user):
    hub.open(agent_user, "one", most=1)

    with pytest.raises(hubs.Full):
        hub.open(agent_user, "two", most=1)


def test_a_turn_costs_the_same_however_many_listen(listening, turn, case, people, buyer, django_assert_num_queries):
    listening(people.agent)
    turn(0)
    messages.send(case.pk, "Hello", by=buyer, at=NOON)
    with django_assert_num_queries(2):
        turn(1)
    for who in (people.agent2, people.senior, people.supervisor, people.merchant, people.warehouse):
        listening(who)
    messages.send(case.pk, "Hello", by=buyer, at=NOON)

    with django_assert_num_queries(2):
        turn(2)


def test_who_comes_to_a_case_is_told_to_those_who_see_it(listening, turn, case, agent, agent_user, agent2, merchant):
    mine, colleague, shop = listening(agent), listening(agent2), listening(merchant)
    turn()

    presence.note(case.number, agent_user, is_writing=False, at=timezone.now())
    turn()
    turn()

    assert colleague.told() == [{"cases": [], "more": False, "presence": [case.number]}]
    assert mine.told() == shop.told() == []


def test_changes_are_reported_without_redis(listening, turn, case, agent, buyer, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    ear = listening(agent)
    messages.send(case.pk, "Hello", by=buyer, at=NOON)

    turn()

    assert len(ear.told()) == 1


def test_a_database_that_is_away_ends_no_stream(monkeypatch, agent, agent_user):
    """The thread itself, on a database that answers with a fault the first time."""
    hub, turns = hubs.Hub(), []

    def failing(at, seconds):
        turns.append(seconds)
        if len(turns) == 1:
            raise OperationalError("gone")
        hub.streams.clear()

    monkeypatch.setattr(hubs, "TURN_SECONDS", 0.05)
    monkeypatch.setattr(hub, "turn", failing)
    hub.open(agent_user, "key", most=1)
    thread = hub.thread
    thread.join(10)

    assert len(turns) == 2
    assert hub.thread is None and hub.cursor is None


def test_a_look_that_failed_is_taken_again_at_once(listening, turn, agent, agent_user, monkeypatch):
    client = seat(agent)
    ear = listening(agent, client)
    turn(0)
    is_switched_off(client, agent_user)
    with monkeypatch.context() as patch, pytest.raises(OperationalError):
        patch.setattr(hubs.actors, "with_rights", lambda _ids: (_ for _ in ()).throw(OperationalError))
        turn(hubs.RIGHTS_SECONDS)

    turn(hubs.RIGHTS_SECONDS + hubs.TURN_SECONDS)

    assert not ear.is_open


def test_nobody_listens_for_thirty_seconds_who_may_not():
    assert hubs.RIGHTS_SECONDS + 10 * hubs.TURN_SECONDS < 30
