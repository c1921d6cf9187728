"""What open pages ask by themselves: the stream, the poll that tells the same, and the pieces that they fetch then."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from aftersales.actions.cases import decisions
from aftersales.actions.console import assignment
from aftersales.actions.conversation import messages
from aftersales.live import hub as hubs
from aftersales.live import presence
from aftersales.models import Case, Team, User
from aftersales.queries.console import changes
from config import request_policy
from tests.aftersales.many import many
from tests.aftersales.views.desk import LATER, address, seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("six_hours_later")]


@pytest.fixture(autouse=True)
def turned_by_hand(monkeypatch):
    """No thread: a test's own transaction is seen by nobody else."""
    monkeypatch.setattr(hubs.HUB, "_begin", lambda: None)
    monkeypatch.setattr(presence, "KEY", "desk:present:views")
    monkeypatch.setattr(presence.REST, "until", 0.0)
    presence._ask(lambda client: client.delete(presence.KEY))


def listen(client, **query):
    """The stream, and an iterator over what it says."""
    response = client.get("/live/", query)
    return response, iter(response.streaming_content)


def hang_up(*streams):
    """End every stream; Django then closes the responses as it does for tests."""
    hubs.HUB.stop()
    for says in streams:
        assert list(says) is not None


def data_of(frames, event="changes"):
    """The data of each event of a kind in these bytes."""
    found = []
    for part in b"".join(frames).decode().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in part.splitlines() if ": " in line)
        if lines.get("event") == event:
            found.append(json.loads(lines["data"]))
    return found


def cursor_of(frame):
    return next(line for line in frame.decode().splitlines() if line.startswith("id: ")).removeprefix("id: ")


def test_the_stream_reports_changes_as_they_happen(case, agent, buyer):
    response, says = listen(seat(agent))
    opening = next(says)
    messages.send(case.pk, "My secret", by=buyer, at=LATER)
    hubs.HUB.turn(timezone.now(), 1)

    told = next(says)

    assert response["Content-Type"].startswith("text/event-stream")
    assert "no-store" in response["Cache-Control"]
    assert b"retry: " in opening and data_of([opening]) == [{"cases": [], "more": False, "presence": []}]
    assert data_of([told])[0]["cases"] == [{"number": case.number, "what": ["said"], "mine": False}]
    assert b"secret" not in told
    hang_up(says)
    assert hubs.HUB.streams == set()


def test_a_stream_that_broke_goes_on_from_its_cursor(case, agent, buyer):
    client = seat(agent)
    _response, says = listen(client)
    cursor = cursor_of(next(says))
    hang_up(says)
    messages.send(case.pk, "Meanwhile", by=buyer, at=LATER)

    by_header = client.get("/live/", headers={"Last-Event-ID": cursor})
    by_address = client.get("/live/", {"since": cursor})

    for again in (iter(by_header.streaming_content), iter(by_address.streaming_content)):
        assert data_of([next(again)])[0]["cases"][0]["number"] == case.number
        hang_up(again)


def test_a_new_page_hears_what_happened_since_it_was_made(case, agent, buyer):
    made_at = timezone.now() - timedelta(seconds=2)
    messages.send(case.pk, "Between", by=buyer, at=timezone.now() - timedelta(seconds=1))

    _response, says = listen(seat(agent), at=made_at.isoformat())

    assert len(data_of([next(says)])[0]["cases"]) == 1
    hang_up(says)


def test_polling_reports_the_same_as_the_stream(case, agent, supervisor, merchant, buyer):
    start = str(changes.newest())
    messages.send(case.pk, "Hello", by=buyer, at=LATER)
    messages.note(case.pk, "Between us", by=agent, at=LATER)
    decisions.approve(case.pk, by=merchant, at=LATER)

    for who in (agent, supervisor, merchant):
        polled = seat(who).get("/live/poll/", {"since": start}).json()
        _response, says = listen(seat(who), since=start)
        streamed = data_of([next(says)])[0]
        hang_up(says)
        assert polled["cases"] == streamed["cases"] != []
        assert seat(who).get("/live/poll/", {"since": polled["cursor"]}).json()["cases"] == []


@pytest.mark.parametrize(
    "query", ["since=x", "since=1.2.3", "at=x", "at=2026-03-10", "at=9999-99-99T00:00:00Z", "since=%00", ""]
)
def test_a_stream_with_a_broken_cursor_begins_now(query, case, agent):
    answer = seat(agent).get(f"/live/poll/?{query}")

    assert answer.status_code == 200
    assert answer.json()["cases"] == []


def test_a_full_server_tells_the_browser_when_to_ask_again(agent, settings):
    settings.LIVE_STREAMS_IN_THREADS = 1
    client = seat(agent)
    _response, says = listen(client)
    next(says)

    refused = client.get("/live/")

    assert (refused.status_code, refused["Retry-After"]) == (503, "60")
    assert client.get("/live/poll/").status_code == 200
    hang_up(says)
    assert listen(client)[0].status_code == 200


def test_a_server_that_can_not_hand_over_sockets_serves_fewer_streams(agent, settings):
    settings.LIVE_STREAMS_IN_THREADS = 0

    assert seat(agent).get("/live/").status_code == 503


def test_strangers_are_sent_to_the_login(client):
    for path in ("/live/", "/live/poll/", "/live/list/", "/live/next/", "/live/presence/", "/settings/alerts/"):
        assert client.get(path).url.startswith("/login/")


def test_live_requests_do_not_prolong_a_session(case, agent):
    client = seat(agent)
    client.get("/cases/")
    before = client.session[request_policy.SEEN]
    with time_machine.travel(LATER + timedelta(minutes=5), tick=False):
        for path in ("/live/poll/", "/live/next/", f"/live/cases/{case.number}/"):
            client.get(path)
        client.post(f"/live/cases/{case.number}/here/", {"how": "looking"})
        asked_by_itself = client.session[request_policy.SEEN]
        client.get("/cases/")

    assert asked_by_itself == before
    assert client.session[request_policy.SEEN] > before


def of_case(client, case, version=None, seen=LATER - timedelta(minutes=1)):
    query = {"version": case.version if version is None else version, "seen": f"{seen.isoformat()}~0"}
    return client.get(f"/live/cases/{case.number}/", query)


def test_a_case_without_changes_answers_with_nothing(case, agent):
    assert of_case(seat(agent), case).status_code == 204


def test_a_case_says_who_changed_it_and_how(case, agent, supervisor):
    decisions.approve(case.pk, by=supervisor, at=LATER)

    said = of_case(seat(agent), case)

    assert "Supervisor agreed" in said.text
    assert "Waiting for merchant → Awaiting return" in said.text
    assert f'href="{address(case)}"' in said.text


def test_a_case_says_how_much_was_written_by_others(case, agent, agent2, buyer):
    messages.send(case.pk, "My secret", by=buyer, at=LATER)
    messages.send(case.pk, "Mine", by=agent, at=LATER)
    messages.note(case.pk, "Between us", by=agent2, at=LATER)

    said = of_case(seat(agent), case)

    assert "1 new message – read first" in said.text
    assert "secret" not in said.text


def test_a_shop_is_not_told_of_inner_changes(case, agent, merchant, supervisor):
    assignment.assign(case.pk, User.objects.get(pk=agent.user_id), by=supervisor, at=LATER)

    assert "assigned the case" in of_case(seat(supervisor), case).text
    assert of_case(seat(merchant), case).status_code == 204


@pytest.mark.parametrize(
    "query", ["version=x&seen=y", "version=9999999999999&seen=~", "seen=2026-01-01~1", "seen=%00~0", ""]
)
def test_whatever_a_page_says_it_has_seen_there_is_an_answer(query, case, agent):
    assert seat(agent).get(f"/live/cases/{case.number}/?{query}").status_code in (200, 204)


def test_the_list_is_told_how_much_is_new_or_changed_and_stays(case, agent):
    other, ended, foreign = many(case, 3)
    Case.objects.filter(pk=foreign.pk).update(team=Team.objects.create(name="Night"))
    Case.objects.filter(pk=ended.pk).update(assignee=User.objects.create_user("busy"))
    numbers = ",".join([other.number, ended.number, foreign.number, "AS-99-9999", "nonsense"])

    said = seat(agent).get("/live/list/", {"view": "desk", "n": numbers, "shown": case.number})

    assert "2 new or changed" in said.text  # the one that is shown, and one that belongs here
    assert 'hx-get="/cases/?view=desk"' in said.text
    assert seat(agent).get("/live/list/", {"n": foreign.number}).text.strip() == ""
    assert "Many new or changed" in seat(agent).get("/live/list/", {"more": "1"}).text


def test_counts_say_what_waits_and_what_is_due_soon(case, agent, agent_user, merchant):
    many(case, 2, assignee=agent_user)
    Case.objects.filter(assignee=agent_user).update(due_at=LATER + timedelta(minutes=5))

    said = seat(agent).get("/live/next/")

    assert "1 waiting" in said.text
    assert "2 of yours due within 15 min" in said.text
    assert "view=mine&amp;due=15m" in said.text
    assert seat(merchant).get("/live/next/").status_code == 204


def test_without_redis_every_page_is_there(case, agent, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    client = seat(agent)

    assert client.get("/cases/").status_code == client.get(address(case)).status_code == 200
    assert client.post(f"/live/cases/{case.number}/here/", {"how": "looking"}).status_code == 200
    assert client.get("/live/presence/", {"n": case.number}).json() == {}
    assert client.get("/live/poll/").status_code == 200
    _response, says = listen(client)
    assert next(says)
    hang_up(says)
