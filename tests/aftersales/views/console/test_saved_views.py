"""Saved views as pages: made from a list, edited, pinned, shown as tabs; what is wrong with one is said kindly."""

import uuid

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftersales.actions.console import saved_views as actions
from aftersales.actions.console.saved_views import Wanted
from aftersales.models import Reason, SavedView, Team, User
from aftersales.queries.console import saved_views
from tests.aftersales.many import many
from tests.aftersales.views.desk import seat
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def case(order, buyer):
    return opened(order, by=buyer)


@pytest.fixture
def boss(supervisor):
    return User.objects.get(pk=supervisor.user_id)


def kept(by, name="Late returns", columns=("what", "due"), share="mine", sort="", **params):
    return actions.save(Wanted(name, params or {"view": "open"}, columns, sort, share), by=by, at=NOON)


def filled(**fields):
    """A form as somebody sends it who changes nothing else."""
    return {"once": str(uuid.uuid4()), "name": "Late", "share": "mine", "view": "open", "column_1": "what", **fields}


def texts(response, start, end):
    return [part.split(end)[0] for part in response.text.split(start)[1:]]


def test_a_list_becomes_a_view_and_a_tab(case, agent, agent_user):
    many(case, 2, status="inspecting")
    client = seat(agent)
    form = client.get("/cases/views/new/?view=open&state=inspecting&sort=newest")
    assert form.context["form"]["state"].value() == "inspecting"

    data = filled(state="inspecting", sort="newest", column_2="opened", column_3="due", pin="1")
    saved = client.post("/cases/views/new/", data)
    view = SavedView.objects.get()
    page = client.get(saved.url)

    assert saved.url == f"/cases/?saved={view.pk}"
    assert (view.params, view.sort) == ({"view": "open", "state": "inspecting"}, "newest")
    assert view.columns == ["what", "opened", "due"]
    assert page.context["columns"] == ("what", "opened", "due")
    assert len(page.context["rows"]) == 2
    assert [tab["label"] for tab in page.context["pinned"]] == ["Late"]
    assert page.context["pinned"][0]["current"]


def test_tabs_show_how_many_cases_they_hold(case, agent, agent_user):
    many(case, 2)
    actions.pin(kept(agent_user), by=agent_user)
    client = seat(agent)

    assert 'hx-get="/cases/views/counts/' in client.get("/cases/").text
    part = client.get("/cases/views/counts/").text

    assert '<span class="count">3</span>' in part
    assert "hx-get" not in part


@pytest.mark.parametrize("count", [1, 8])
def test_the_list_and_its_counts_cost_the_same_however_many_tabs(count, case, agent, agent_user):
    for number in range(count):
        actions.pin(kept(agent_user, name=str(number)), by=agent_user)
    client = seat(agent)
    spent = {}

    for url in ("/cases/", "/cases/views/counts/", "/cases/views/", f"/cases/?saved={SavedView.objects.first().pk}"):
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        spent[url.partition("=")[0]] = len(asked)

    assert spent == {"/cases/": 6, "/cases/views/counts/": 4, "/cases/views/": 5, "/cases/?saved": 6}


def test_filters_in_the_address_go_before_those_of_the_view(case, agent, agent_user):
    many(case, 2, status="inspecting")
    view = kept(agent_user, view="open", state="inspecting")
    client = seat(agent)

    changed = client.get(f"/cases/?saved={view.pk}&view=open&state=pending_merchant")
    same = client.get(f"/cases/?saved={view.pk}&view=open&state=inspecting")

    assert len(changed.context["rows"]) == 1
    assert "Save changes" in changed.text
    assert f'href="/cases/views/{view.pk}/?now=1&amp;view=open&amp;state=pending_merchant"' in changed.text
    assert "Save changes" not in same.text
    form = client.get(f"/cases/views/{view.pk}/?now=1&view=open&state=pending_merchant").context["form"]
    assert (form["name"].value(), form["state"].value()) == ("Late returns", "pending_merchant")


def test_pages_of_a_view_stay_in_the_view(case, agent, agent_user):
    many(case, 60)
    view = kept(agent_user)
    client = seat(agent)

    first = client.get(f"/cases/?saved={view.pk}")
    second = client.get(first.context["older_url"])

    assert first.context["older_url"].startswith(f"/cases/?saved={view.pk}&after=")
    assert second.context["columns"] == ("what", "due")
    assert len(second.context["rows"]) == 21


@pytest.mark.parametrize(
    ("params", "named"),
    [
        ({"reason": "changed_mind", "view": "open"}, "reason"),
        ({"team": "987654", "view": "open"}, "team"),
        ({"state": "no_such_state", "view": "open"}, "state"),
        ({"merchant": "987654", "view": "open"}, "merchant"),
    ],
)
def test_a_view_whose_filter_became_invalid_says_so_and_shows_the_rest(params, named, case, agent, agent_user):
    view = kept(agent_user, **params)
    if named == "reason":
        SavedView.objects.update(params={**params, "reason": "gone_by_now"})
        assert not Reason.objects.filter(code="gone_by_now").exists()

    page = seat(agent).get(f"/cases/?saved={view.pk}")

    assert page.status_code == 200
    assert f"no longer there or makes no sense: {named}." in page.text
    assert f'href="/cases/views/{view.pk}/"' in page.text
    assert len(page.context["rows"]) == 1


def test_a_view_that_is_gone_or_not_shared_leads_to_where_work_begins(case, agent, boss):
    view = kept(boss)

    for pk in (view.pk, 987654, "x", "9" * 30, "-1"):
        page = seat(agent).get("/cases/", {"saved": pk})
        assert page.status_code == 200
        assert "not there any more" in page.text
        assert "Late returns" not in page.text
    assert seat(agent).get(f"/cases/views/{view.pk}/").status_code == 404
    assert seat(agent).post(f"/cases/views/{view.pk}/delete/").status_code == 404


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": " "}, "This field is required"),
        ({"name": "x" * 61}, "at most 60"),
        ({"column_1": ""}, "Choose at least one column"),
        ({"column_2": "what"}, "chosen twice"),
        ({"column_2": "password"}, "not one of the available choices"),
        ({"share": "team"}, "Say which team"),
        ({"share": "all"}, "not one of the available choices"),
        ({"view": "ended", "sort": "amount"}, "no such order"),
        ({"state": "x"}, "not one of the available choices"),
        ({"merchant": "9" * 30}, "This makes no sense"),
        ({"ended": "2026-02-30"}, "This makes no sense"),
    ],
)
def test_what_is_wrong_with_a_view_is_said_at_its_field_and_the_text_stays(fields, said, agent):
    answer = seat(agent).post("/cases/views/new/", filled(merchant="Moon") | fields)

    assert answer.status_code == 422
    assert said in answer.text
    assert not SavedView.objects.exists()
    assert fields.get("merchant", "Moon") in answer.text


def test_a_team_of_others_is_no_choice(agent):
    night = Team.objects.create(name="Night")

    answer = seat(agent).post("/cases/views/new/", filled(share="team", team=night.pk))

    assert answer.status_code == 422
    assert not SavedView.objects.exists()


def test_a_view_is_copied_pinned_moved_and_deleted_by_plain_forms(agent, agent_user, boss):
    view, client = kept(boss, share="all"), seat(agent)

    def press(address, **data):
        return client.post(f"/cases/views/{view.pk}/{address}/", {"once": str(uuid.uuid4()), **data})

    assert press("copy").status_code == press("pin", act="pin").status_code == 302
    own = SavedView.objects.get(owner=agent_user)
    client.post(f"/cases/views/{own.pk}/pin/", {"act": "pin"})
    press("pin", act="on")
    assert [one.owner for one in saved_views.pinned(agent_user)] == [agent_user, boss]
    assert press("delete").status_code == 422
    assert press("pin", act="sideways").status_code == 422
    assert client.post(f"/cases/views/{own.pk}/delete/").status_code == 302
    assert [one.owner for one in saved_views.pinned(agent_user)] == [boss]
    page = client.get("/cases/views/")
    assert "Late returns" in page.text
    assert "Everybody" in page.text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("who", ["agent", "supervisor", "merchant", "finance", "warehouse", "admin"])
def test_every_page_of_saved_views_opens_for_every_role(who, language, people, case):
    client = seat(getattr(people, who))
    client.post("/language/", {"language": language})
    made = client.post("/cases/views/new/", filled())

    view = SavedView.objects.get()
    for url in ("/cases/views/", "/cases/views/new/?view=open", f"/cases/views/{view.pk}/", made.url):
        assert client.get(url).status_code == 200, url
