"""The palette: what it offers to whom, at what cost, and where it leads."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from aftersales.actions.cases import decisions
from aftersales.actions.conversation import messages
from aftersales.models import Case, Team, User
from aftersales.rules.vocabulary import Role
from tests.aftersales.many import many
from tests.aftersales.views.desk import address, seat
from tests.factories import NOON, MerchantFactory, opened, sold
from tests.people import actor_for, person

pytestmark = pytest.mark.django_db
OPTION = re.compile(r'<a role="option"[^>]* href="([^"]+)"[^>]*>.*?<b[^>]*>([^<]+)</b>', re.S)


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def case(order, buyer):
    return opened(order, by=buyer, description="袖口开线")


def asked(client, text="", case=None, part="options"):
    given = {"q": text} | ({"case": case.number} if case else {})
    return client.get("/palette/", given, headers={"X-Palette": part})


def offered(client, text="", case=None):
    """Addresses and labels of the lines."""
    response = asked(client, text, case)
    assert response.status_code == 200
    return dict(OPTION.findall(response.text))


def test_a_case_is_found_by_what_people_have_at_hand(case, agent):
    messages.send(case.pk, "The zipper is jammed, 拉链卡住了", by=agent, at=NOON)
    desk = seat(agent)

    for text in (case.number, case.order.number, "6620", "张小雨", "张晓雨", "DRESS-M", "拉链", "zippers", "开线"):
        assert address(case) in offered(desk, text), text
    assert f"/orders/{case.order.number}/" in offered(desk, case.order.number)


def test_a_hit_in_a_text_is_shown_marked_and_escaped(case, agent):
    messages.send(case.pk, "<img src=x> 拉链 & <b>卡住</b>", by=agent, at=NOON)

    shown = asked(seat(agent), "拉链").text

    assert "&lt;img src=x&gt; <mark>拉链</mark> &amp; &lt;b&gt;" in shown
    assert "<i>message</i>" in shown


def test_only_what_can_be_done_now_is_offered_and_leads_where_the_button_leads(case, agent, merchant):
    def buttons(client):
        page = client.get(address(case)).text
        steps = page[page.index('class="actions"') : page.index("</section>", page.index('class="actions"'))]
        beside = re.search(r'<div class="row tight acts">.*?</div>', page, re.S)
        return set(re.findall(r'href="([^"]+)"', steps + (beside[0] if beside else ""))) - {f"{address(case)}macros/"}

    for who in (agent, merchant):
        client = seat(who)
        acts = {url for url in offered(client, "", case) if url.startswith(address(case)) and url != address(case)}
        assert acts == {url for url in buttons(client) if url.startswith(address(case))}
        assert acts
    assert list(offered(seat(agent), "Agree to", case)) == [address(case, "approve")]
    assert address(case, "approve") not in offered(seat(agent), "Agree")


def test_actions_go_with_the_case(case, agent):
    decisions.approve(case.pk, by=agent, at=NOON)

    assert address(case, "approve") not in offered(seat(agent), "", case)


def test_views_and_pages_are_those_of_the_role(case, agent, warehouse, supervisor):
    assert {"/cases/?view=mine", "/orders/"} <= set(offered(seat(agent)))
    assert "/now/" not in offered(seat(agent))
    assert "/now/" in offered(seat(supervisor))
    assert "/warehouse/" in offered(seat(warehouse))
    assert "/cases/?view=mine" not in offered(seat(warehouse))
    assert list(offered(seat(supervisor), "appro")) == ["/approvals/"]


def test_nothing_of_others_is_offered(case, shop, agent):
    messages.note(case.pk, "inside only", by=agent, at=NOON)
    assert address(case) in offered(seat(agent), "inside")
    Case.objects.update(team=Team.objects.create(name="Else"))
    outsider = person("outsider", Role.AGENT)
    outsider.teams.add(team := Team.objects.create(name="Out"))
    team.merchants.add(MerchantFactory())
    rival = person("rival", Role.MERCHANT, merchant=MerchantFactory())
    own = person("own", Role.MERCHANT, merchant=shop)

    for who in (outsider, rival):
        client = seat(actor_for(who))
        for text in (case.number, case.order.number, "6620", "张小雨", "张晓雨", "DRESS-M", "开线"):
            urls = offered(client, text, case)
            assert not [url for url in urls if case.number in url or case.order.number in url], text
    assert address(case) not in offered(seat(actor_for(own)), "inside")


def test_without_a_text_the_cases_somebody_was_at_last_come_first(case, agent, supervisor):
    others = [opened(sold(merchant=case.merchant), by=supervisor) for _number in range(3)]
    messages.note(others[0].pk, "looked at it", by=agent, at=NOON)
    decisions.approve(others[1].pk, by=agent, at=NOON + timedelta(minutes=1))
    messages.send(case.pk, "Hello", by=agent, at=NOON + timedelta(minutes=2))

    found = [url for url in offered(seat(agent)) if re.match("/cases/AS-", url)]

    assert found == [address(case), address(others[1]), address(others[0])]
    Case.objects.filter(pk=case.pk).update(team=Team.objects.create(name="Else"))
    assert address(case) not in offered(seat(agent))


def test_a_plain_address_leads_to_the_list(case, agent):
    assert seat(agent).get("/palette/?q=退款").url == "/cases/?q=%E9%80%80%E6%AC%BE"
    assert seat(agent).get("/palette/").url == "/cases/"
    assert Client().get("/palette/", headers={"X-Palette": "options"}).status_code == 302


@pytest.mark.parametrize("text", ["", "%", "'", "\0", "<script>", "退" * 5000, "{{ user }}", "&|!"])
def test_the_palette_answers_to_any_text(text, case, agent):
    response = asked(seat(agent), text)

    assert response.status_code == 200
    assert "<script>" not in response.text


@pytest.mark.parametrize("number", ["AS-99-000001", "\0", "x" * 400, "../../"])
def test_a_case_that_is_none_offers_no_actions(number, case, agent):
    response = seat(agent).get("/palette/", {"case": number}, headers={"X-Palette": "options"})

    assert response.status_code == 200
    assert "data-presses" not in response.text


def test_the_palette_is_translated_and_its_field_is_a_combobox(case, agent):
    User.objects.filter(pk=agent.user_id).update(language="zh-hans")

    with translation.override("zh-hans"):
        shown = asked(seat(agent), part="dialog").text

    assert re.search(r'<input[^>]* role="combobox"[^>]* aria-controls="pal-list"', shown)
    assert 'role="listbox"' in shown
    assert "页面" in shown


def test_the_palette_takes_as_many_queries_however_much_there_is(case, agent):
    client = seat(agent)

    def cost(text):
        asked(client, text)
        with CaptureQueriesContext(connection) as queries:
            response = asked(client, text)
        return len(queries), len(response.content)

    few = {text: cost(text)[0] for text in ("开线", "张小雨", "DRESS-M", "")}
    many(case, 60)

    for text, count in few.items():
        queries, size = cost(text)
        assert queries == count <= 14
        assert size <= 16_000
