"""Orders as pages: the list, the facts of one, and what is possible for it."""

import re
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aftersales.models import Case, Team
from aftersales.rules.vocabulary import Role
from logistics.models import Parcel
from orders.models import Payment, Purchase
from tests.aftersales.views.desk import address, seat
from tests.factories import NOON, MerchantFactory, opened, sold
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def page_of(order, action=""):
    return reverse(f"aftersales:order-{action}" if action else "aftersales:order", args=[order.number])


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def asked(order, **fields):
    """What the form sends for all units of the first line."""
    line = order.lines.order_by("position").first()
    typed = {"type": "return_refund", "reason": "changed_mind", f"units_{line.pk}": line.units_left}
    changed = {name.replace("LINE", str(line.pk)): value for name, value in fields.items()}
    return typed | {"once": str(uuid.uuid4())} | changed


def test_the_page_tells_what_was_sold_held_given_back_and_is_left(shop, agent, buyer):
    order = sold(merchant=shop, lines=[(3, 300), (2, 50)], payments=[("card", 300), ("points", 60)])
    Payment.objects.filter(order=order, method="card").update(instalment_count=6)
    Parcel.objects.create(merchant=shop, order=order, direction="outbound", carrier="SF", waybill="SF1")
    opened(order, by=agent, units={order.lines.first().pk: 2})

    text = words(seat(agent).get(page_of(order)))

    assert "3 ¥300.00 2 ¥200.00 0 ¥0.00 1 ¥100.00" in text
    assert "Goods in all ¥350.00 ¥200.00 ¥0.00 ¥150.00" in text
    assert "6 instalments" in text
    assert "SF SF1" in text


def test_phone_address_and_name_are_masked(order, agent):
    text = seat(agent).get(page_of(order)).text

    assert "138****6620" in text
    for secret in ("13812346620", "张小雨", "南京西路 1 号"):
        assert secret not in text


def test_orders_bought_together_and_cases_of_the_buyer_are_linked(order, unshipped, agent, buyer):
    purchase = Purchase.objects.create(source="manual", number="P-1")
    type(order).objects.update(purchase=purchase)
    case = opened(order, by=buyer)

    text = seat(agent).get(page_of(unshipped)).text

    assert page_of(order) in text
    assert address(case) in text


def test_a_page_costs_the_same_however_much_was_bought(shop, agent, buyer):
    small = sold(merchant=shop)
    large = sold(merchant=shop, lines=[(1, 10)] * 6, payments=[("card", 30), ("wallet", 40)])
    opened(large, by=agent)
    client, costs = seat(agent), []

    for url in (page_of(small), page_of(large), page_of(small, "apply"), page_of(large, "apply")):
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        costs.append(len(queries))

    assert costs[0] == costs[1]
    assert costs[2] == costs[3]


def test_the_list_is_filtered_paged_and_costs_the_same(shop, agent):
    client = seat(agent)
    sold(merchant=shop, source="jd", ordered_at=NOON - timedelta(days=30))
    client.get("/orders/")
    with CaptureQueriesContext(connection) as few:
        client.get("/orders/")
    for _order in range(44):
        sold(merchant=shop)

    with CaptureQueriesContext(connection) as many:
        first = client.get("/orders/")

    assert len(few) == len(many) <= 8
    assert len(first.content) <= 40_000
    assert len(re.findall("data-row", first.text)) == 40
    on = client.get(re.search(r'href="([^"]+)" rel="next"', first.text)[1].replace("&amp;", "&"))
    assert len(re.findall("data-row", on.text)) == 5
    assert len(re.findall("data-row", client.get("/orders/?source=jd").text)) == 1
    assert len(re.findall("data-row", client.get("/orders/?until=2026-02-28").text)) == 1


@pytest.mark.parametrize(
    "query",
    ["status=x", "source=%00", "since=2026-02-30", "until=x", "merchant=%F0%9F%98%80", "after=1", "q=%00", "q=%25"],
)
def test_whatever_stands_in_the_address_there_is_a_list(query, order, agent):
    assert seat(agent).get(f"/orders/?{query}").status_code == 200


def test_another_shop_and_another_team_find_nothing_here(order, agent_user):
    stranger = person("stranger", Role.MERCHANT, merchant=MerchantFactory())
    night = Team.objects.create(name="Night")
    night.merchants.add(stranger.merchant)
    agent_user.teams.set([night])

    for user in (stranger, agent_user):
        client = seat(type("Somebody", (), {"user_id": user.pk}))
        assert client.get(page_of(order)).status_code == 404
        assert client.get(page_of(order, "apply")).status_code == 404
        assert client.post(page_of(order, "apply"), asked(order)).status_code == 404
        assert order.number not in client.get("/orders/").text
    assert not Case.objects.exists()


def test_the_buttons_lead_to_the_form_and_say_what_is_not_possible(order, unshipped, agent, finance):
    text = words(seat(agent).get(page_of(unshipped)))

    assert "type=refund_only" in seat(agent).get(page_of(unshipped)).text
    assert "I want to return Not while the goods are: Not shipped." in text
    assert "Your role may not apply for a buyer." in words(seat(finance).get(page_of(order)))
    assert seat(finance).get(page_of(order, "apply")).status_code == 403
