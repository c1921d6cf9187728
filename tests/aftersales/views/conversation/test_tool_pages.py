"""Canned replies where people keep them: who may, what is wrong with a form, what is archived."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from aftersales.actions.conversation import tools
from aftersales.models import Reply, Team, User
from aftersales.rules.conversation.placeholders import DICTIONARY
from aftersales.rules.conversation.tools import Scope
from tests.aftersales.stored_tools import reply
from tests.aftersales.views.desk import LATER, address, seat, sent
from tests.shared_world import undone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("six_hours_later")]
LISTING = "/replies/"


def asked_for(client, case):
    """What the dialog of a case holds."""
    found = client.get(address(case, "replies"), headers={"HX-Request": "true"}).context["found"]
    return [each.text for each in found]


def form(**fields):
    return {
        "once": "", "whose": "personal", "title_en": "Hello", "body_en": "Hello {buyer}", "title_zh": "", "body_zh": "",
        "shortcut": "", "categories": "", **fields,
    }  # fmt: skip


@pytest.fixture
def style(db):
    return Team.objects.create(name="Style")


# Rights, cell by cell: who may keep what; the table of permissions says it again in other words.
CELLS = {
    ("agent", "personal"): True,
    ("agent", "own team"): False,
    ("agent", "other team"): False,
    ("agent", "global"): False,
    ("senior", "personal"): True,
    ("senior", "own team"): True,
    ("senior", "other team"): False,
    ("senior", "global"): False,
    ("supervisor", "personal"): True,
    ("supervisor", "own team"): True,
    ("supervisor", "other team"): True,
    ("supervisor", "global"): True,
}


@pytest.mark.parametrize(("who", "what"), CELLS, ids=lambda each: each)
def test_tools_are_stored_by_who_may_for_each_scope(who, what, people, style):
    other, by = Team.objects.create(name="Other"), getattr(people, who)
    User.objects.get(pk=by.user_id).teams.add(style)
    whose = {
        "personal": "personal",
        "own team": f"team-{style.pk}",
        "other team": f"team-{other.pk}",
        "global": "global",
    }
    teams = {"own team": style, "other team": other}
    scope = Scope.TEAM if what in teams else Scope(what)
    client = seat(by)

    made = client.post(reverse("aftersales:reply-new"), form(whose=whose[what]))
    assert made.status_code == (302 if CELLS[who, what] else 422)
    assert Reply.objects.filter(scope=scope).exists() == CELLS[who, what]

    keeper = by if what == "personal" else people.supervisor
    there = reply(keeper, scope=scope, team=teams.get(what), title_en="There", shortcut="there")
    page = reverse("aftersales:reply", args=[there.pk])
    with undone():
        changed = client.post(page, form(whose=whose[what], seen=there.changed_at.isoformat(), title_en="New"))
    archived = client.post(reverse("aftersales:reply-archive", args=[there.pk]))
    expected = 302 if CELLS[who, what] else 404 if what == "other team" else 403
    assert [client.get(page).status_code, changed.status_code, archived.status_code] == [
        200 if expected == 302 else expected, expected, expected,
    ]  # fmt: skip


def test_nobody_changes_what_is_somebody_elses_own(agent, supervisor, senior):
    own = reply(agent, scope=Scope.PERSONAL)

    for by in (supervisor, senior):
        client = seat(by)
        assert client.get(reverse("aftersales:reply", args=[own.pk])).status_code == 404
        assert client.post(reverse("aftersales:reply-archive", args=[own.pk])).status_code == 404
        assert own.title_en not in client.get(LISTING).text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"body_en": "Hello {waybil}"}, "There is no placeholder {waybil}. Did you mean {waybill}?"),
        ({"body_zh": "{退货单}", "title_zh": "题"}, "Did you mean {退货单号}?"),
        ({"body_en": "{{case.__class__}}"}, "There is no placeholder {case.__class__}."),
        ({"title_en": "", "body_en": ""}, "Give it a title in one language at least."),
        ({"body_en": ""}, "There is a title in this language, but no text."),
        ({"body_zh": "只有内容"}, "There is a text in this language, but no title."),
        ({"shortcut": "two words"}, "A shortcut is one word of letters and digits."),
        ({"body_en": "x" * 5001}, "at most 5000 characters"),
        ({"title_en": "x" * 101}, "at most 100 characters"),
        ({"whose": "global"}, "global is not one of the available choices"),
        ({"whose": "team-987654"}, "team-987654 is not one of the available choices"),
        ({"reasons": ["no_such_reason"]}, "no_such_reason is not one of the available choices"),
        ({"case_types": ["nonsense"]}, "nonsense is not one of the available choices"),
        ({"categories": "a" * 101}, "A category has at most 100 characters."),
    ],
)
def test_what_is_wrong_with_a_form_is_said_and_nothing_is_stored(fields, said, agent):
    response = seat(agent).post(reverse("aftersales:reply-new"), form(**fields))

    assert response.status_code == 422
    assert said in re.sub(r"&quot;|&#x27;|&amp;", "", response.text)
    assert not Reply.objects.exists()


def test_a_shortcut_is_somebodys_once(agent, agent2, supervisor):
    for by in (agent, agent2):
        assert seat(by).post(reverse("aftersales:reply-new"), form(shortcut="/hi")).status_code == 302

    again_sent = seat(agent).post(reverse("aftersales:reply-new"), form(shortcut="hi", title_en="Typed"))

    assert again_sent.status_code == 422
    assert "has this shortcut" in again_sent.text
    assert "Typed" in again_sent.text
    tools.archive(Reply.objects.get(owner=agent.user_id), is_archived=True, by=agent, at=LATER)
    assert seat(agent).post(reverse("aftersales:reply-new"), form(shortcut="hi")).status_code == 302


def test_the_second_to_save_a_tool_is_told_and_keeps_the_text(supervisor, supervisor2):
    made = reply(supervisor)
    seen, page = made.changed_at.isoformat(), reverse("aftersales:reply", args=[made.pk])

    first = seat(supervisor2).post(page, form(whose="global", seen=seen, title_en="Theirs"))
    second = seat(supervisor).post(page, form(whose="global", seen=seen, title_en="Mine"))

    assert (first.status_code, second.status_code) == (302, 409)
    assert "Somebody changed this meanwhile" in second.text
    assert "Mine" in second.text
    made.refresh_from_db()
    assert (made.title_en, made.changed_by_id) == ("Theirs", supervisor2.user_id)


def test_sent_twice_it_is_stored_once(case, agent):
    fields = sent(case, **{key: value for key, value in form().items() if key != "once"})

    answers = [seat(agent).post(reverse("aftersales:reply-new"), fields).status_code for _time in range(2)]

    assert answers == [302, 302]
    assert Reply.objects.count() == 1


def test_an_archived_tool_is_gone_from_cases_and_comes_back(case, agent, supervisor):
    made, client = reply(supervisor), seat(supervisor)
    archive = reverse("aftersales:reply-archive", args=[made.pk])

    client.post(archive)
    without = asked_for(seat(agent), case)
    listed = client.get(LISTING, {"list": "archived"}).text
    client.post(archive, {"restore": "1"})

    assert without == []
    assert "Thanks" in listed
    assert len(asked_for(seat(agent), case)) == 1


def test_the_list_goes_on_page_by_page_at_a_constant_cost(agent, supervisor):
    client = seat(agent)
    costs = {}

    for number in range(60):
        reply(supervisor, title_en=f"Reply {number:03}")
        if number in (2, 24):
            client.get(LISTING)
            with CaptureQueriesContext(connection) as queries:
                client.get(LISTING)
            costs[number] = len(queries)
    first = client.get(LISTING)
    second = client.get(first.context["older_url"])

    assert costs[2] == costs[24]
    assert "Reply 059" in first.text and "Reply 034" not in first.text
    assert "Reply 034" in second.text and "Reply 059" not in second.text
    assert len(first.content) <= 40_960
    assert "Reply 017" in client.get(LISTING, {"q": "017"}).text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_form_of_a_reply_documents_every_placeholder(language, agent):
    User.objects.filter(pk=agent.user_id).update(language=language)

    page = seat(agent).get(reverse("aftersales:reply-new")).text

    with translation.override(language):
        for word in DICTIONARY:
            assert f"<code>{word.shown}</code>" in page
            assert word.shown_example in page
