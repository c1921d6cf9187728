"""The queue as a page: what it shows, at what cost, whatever stands in its address; claiming the next case."""

import re
import uuid

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftersales.models import Case, Event, Submission, Team, User
from tests.aftersales.many import many
from tests.aftersales.views.desk import address, seat
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def case(order, buyer):
    return opened(order, by=buyer)


def shown(response):
    """Numbers of the cases on the page, in order."""
    return re.findall(r"data-row[^>]*>(AS-[\d-]+)<", response.text)


def cost(client, url):
    """Queries and bytes of a page that was looked at before."""
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    assert response.status_code == 200
    return len(queries), len(response.content)


@pytest.mark.parametrize("url", ["/cases/", "/cases/?view=all", "/cases/?view=open&merchant=1&team=1&reason=broken"])
@pytest.mark.parametrize("who", ["agent", "supervisor", "merchant", "finance"])
def test_a_page_costs_the_same_however_long_the_list(url, who, case, people):
    client = seat(getattr(people, who))
    few = cost(client, url)[0]

    many(case, 60)

    queries, size = cost(client, url)
    assert queries == few <= 8
    assert size <= 40 * 1024


def test_pages_lead_forward_and_back_and_keep_the_filters(case, supervisor):
    many(case, 60)
    client = seat(supervisor)
    first = client.get("/cases/?view=open&type=return_refund")

    on = client.get(re.search(r'href="([^"]+)" rel="next"', first.text)[1].replace("&amp;", "&"))
    back = client.get(re.search(r'href="([^"]+)" rel="prev"', on.text)[1].replace("&amp;", "&"))

    assert len(shown(first)) == 40
    assert len(shown(on)) == 21
    assert shown(back) == shown(first)
    assert "type=return_refund" in on.request["QUERY_STRING"]
    assert 'rel="prev"' not in first.text


@pytest.mark.parametrize(
    "query",
    ["view=x", "state=%00", "due=5m", "age=7+", "merchant=%F0%9F%98%80", "team=99999999999999999999", "after=1~2",
     "before=~", "after=none~1", "ended=2026-02-30", "q=%25%25", "q=" + "x" * 3000, "q=%00", "view=a&view=b",
     "assignee=%2D1", "breached=yes"],
)  # fmt: skip
def test_whatever_stands_in_the_address_there_is_a_page(query, case, agent, supervisor):
    for who in (agent, supervisor):
        assert seat(who).get(f"/cases/?{query}").status_code == 200


def test_what_makes_no_sense_is_named_and_left_out(case, supervisor):
    response = seat(supervisor).get("/cases/?state=gone&due=4h&view=open")

    assert "Left out, because it makes no sense here: state." in response.text
    assert shown(seat(supervisor).get("/cases/?state=gone&view=open")) == [case.number]


def test_script_in_the_address_stays_text(case, supervisor):
    response = seat(supervisor).get('/cases/?q=<script>alert(1)</script>&merchant="><img src=x>')

    assert "<script>alert" not in response.text
    assert "<img src=x" not in response.text


def test_htmx_gets_the_rows_alone_from_the_same_address(case, supervisor):
    client = seat(supervisor)

    part = client.get("/cases/?view=open&state=&type=", headers={"HX-Request": "true", "HX-Target": "rows"})

    assert part.text.lstrip().startswith("<section")
    assert shown(part) == [case.number]
    assert part["HX-Push-Url"] == "/cases/?view=open"
    assert "HX-Target" in part["Vary"]


def test_the_queue_masks_the_names_of_buyers(case, supervisor):
    page = seat(supervisor).get("/cases/?view=open").text

    assert "张**" in page
    assert "张小雨" not in page


def test_a_number_leads_straight_to_its_case(case, supervisor):
    assert seat(supervisor).get("/cases/", {"q": case.number}).url == address(case)
    assert seat(supervisor).get("/cases/", {"q": case.order.number}).url == address(case)


def test_the_number_of_an_order_without_a_case_leads_to_the_order(shop, supervisor):
    order = sold(merchant=shop, number="A/B #7?x", external_number="7?x")

    response = seat(supervisor).get("/cases/", {"q": "7?x"}, follow=True)

    assert response.redirect_chain == [("/orders/A/B%20%237%3Fx/", 302)]
    assert response.context["order"] == order


def test_the_next_case_is_taken_once_however_often_the_button_is_pressed(case, agent, agent_user):
    many(case, 3)
    client, once = seat(agent), str(uuid.uuid4())

    first = client.post("/cases/claim/", {"once": once})
    second = client.post("/cases/claim/", {"once": once})

    taken = Case.objects.get(assignee=agent_user)
    assert first.url == second.url == address(taken)
    assert Event.objects.get(action="claim").case == taken
    assert Submission.objects.count() == 1


def test_claiming_from_an_empty_queue_is_answered_with_a_sentence(case, agent):
    Case.objects.update(team=Team.objects.create(name="Night"))

    response = seat(agent).post("/cases/claim/", {"once": str(uuid.uuid4())}, follow=True)

    assert "Nobody is waiting" in response.text
    assert not Case.objects.filter(assignee__isnull=False).exists()


def test_an_agent_at_capacity_is_told_so_and_the_list_stays(case, agent, agent_user):
    User.objects.filter(pk=agent_user.pk).update(capacity=1)
    many(case, 1, assignee=agent_user)

    response = seat(agent).post("/cases/claim/", {"once": str(uuid.uuid4())})

    assert response.status_code == 422
    assert "You have 1 of 1 cases" in response.text
    assert case.number in shown(response)


def test_who_may_not_claim_has_no_button_and_is_refused(case, merchant):
    client = seat(merchant)

    assert "/cases/claim/" not in client.get("/cases/").text
    assert client.post("/cases/claim/", {"once": str(uuid.uuid4())}).status_code == 403
    assert client.get("/cases/claim/").status_code == 405


def test_both_languages_have_the_page(case, agent):
    client = seat(agent)

    for language in ("en", "zh-hans"):
        client.post("/language/", {"language": language})
        assert client.get("/cases/").status_code == 200
