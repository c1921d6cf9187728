"""Who is at a case: seen there and in lists, by those who may see the case."""

import pytest

from aftersales.live import hub as hubs
from aftersales.live import presence
from aftersales.models import Case, Team, User
from tests.aftersales.many import many
from tests.aftersales.views.desk import LATER, seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("six_hours_later")]


@pytest.fixture(autouse=True)
def turned_by_hand(monkeypatch):
    """No thread: a test's own transaction is seen by nobody else."""
    monkeypatch.setattr(hubs.HUB, "_begin", lambda: None)
    monkeypatch.setattr(presence, "KEY", "desk:present:views")
    monkeypatch.setattr(presence.REST, "until", 0.0)
    presence._ask(lambda client: client.delete(presence.KEY))


def test_who_opens_a_case_is_seen_there_and_in_lists(case, agent, agent2):
    first, second = seat(agent), seat(agent2)

    alone = first.post(f"/live/cases/{case.number}/here/", {"how": "looking"})
    together = second.post(f"/live/cases/{case.number}/here/", {"how": "writing"})
    listed = first.get("/live/presence/", {"n": f"{case.number},AS-99-9999"}).json()
    second.post(f"/live/cases/{case.number}/here/", {"how": "gone"})

    assert alone.text.strip() == ""
    assert "Agent is looking" in together.text
    assert listed == {case.number: [{"sign": "A", "says": "Agent2 is writing", "writes": True}]}
    assert first.get("/live/presence/", {"n": case.number}).json() == {}


def test_nobody_is_seen_at_a_case_that_is_not_theirs_to_see(case, agent, agent2, agent_user):
    presence.note(case.number, User.objects.get(pk=agent2.user_id), is_writing=False, at=LATER)
    Case.objects.update(team=Team.objects.create(name="Night"))
    client = seat(agent)

    assert client.get("/live/presence/", {"n": case.number}).json() == {}
    assert client.post(f"/live/cases/{case.number}/here/", {"how": "looking"}).status_code == 404


def test_presence_in_lists_costs_the_same_however_many_rows(case, agent, agent2, django_assert_num_queries):
    others = many(case, 30)
    for each in (case, *others):
        presence.note(each.number, User.objects.get(pk=agent2.user_id), is_writing=False, at=LATER)
    client = seat(agent)
    client.get("/live/presence/", {"n": case.number})  # notes that somebody is here

    for numbers in ([case.number], [each.number for each in others]):
        with django_assert_num_queries(4):
            found = client.get("/live/presence/", {"n": ",".join(numbers)}).json()
        assert set(found) == set(numbers)
