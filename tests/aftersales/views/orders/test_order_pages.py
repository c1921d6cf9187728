"""Orders as pages: the list, the facts of one, what is possible for it; the form that opens a case."""

import re
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aftersales.models import Case, Team, User
from aftersales.rules.vocabulary import Role
from logistics.models import Parcel
from orders.models import Payment, Purchase
from tests.aftersales.views.desk import address, picture, seat, upload
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


def test_the_form_comes_filled_in_and_opens_a_case(order, agent):
    client, line = seat(agent), order.lines.get()
    form = client.get(page_of(order, "apply") + "?type=return_refund").context["form"]

    response = client.post(
        page_of(order, "apply"),
        asked(order, amount_LINE="１００", description="太小\x00了\u202e", photos=[upload(picture())]),
    )

    case = Case.objects.get()
    assert (form[f"units_{line.pk}"].value(), form[f"amount_{line.pk}"].value()) == (2, "100.00")
    assert response.url == address(case)
    assert (case.type, case.requested_amount, case.description) == ("return_refund", Decimal(100), "太小了")
    assert case.evidence.count() == 1


def test_a_refund_before_shipping_brings_the_freight(unshipped, agent):
    form = seat(agent).get(page_of(unshipped, "apply"))
    seat(agent).post(page_of(unshipped, "apply"), asked(unshipped, type="refund_only"))

    assert "¥110.00" in words(form)
    assert Case.objects.get().freight_held == Decimal(10)


def test_sent_twice_opens_one_case(order, agent):
    client, typed = seat(agent), asked(order)

    first, second = client.post(page_of(order, "apply"), typed), client.post(page_of(order, "apply"), typed)

    assert first.url == second.url == address(Case.objects.get())


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("0", "must be at least 0.01"), ("-1", "cannot be negative"), ("0.001", "at most 2 decimal places"),
        ("1e9", "cannot be more than"), ("NaN", "in digits"), ("100.01", "At most ¥100.00 for 2 of it."),
        ("１００．０１", "At most ¥100.00 for 2 of it."), ("lots", "in digits"), ("1" * 5000, "in digits"),
        ("US$5", "in digits"),
    ],
)  # fmt: skip
def test_a_bad_amount_is_named_and_what_was_typed_stays(amount, sentence, order, agent):
    response = seat(agent).post(page_of(order, "apply"), asked(order, amount_LINE=amount, description="kept words"))

    assert response.status_code == 422
    assert sentence in words(response)
    assert "kept words" in response.text
    assert not Case.objects.exists()


@pytest.mark.parametrize("units", ["3", "-1", "1.5", "x", "99999999999999999999"])
def test_more_units_than_are_left_are_refused(units, order, agent):
    response = seat(agent).post(page_of(order, "apply"), asked(order, units_LINE=units))

    assert response.status_code == 422
    assert not Case.objects.exists()


def test_lines_of_another_order_are_not_asked_for(order, unshipped, agent):
    foreign = unshipped.lines.get()
    line = order.lines.get()

    typed = asked(order, **{f"units_{line.pk}": 0, f"units_{foreign.pk}": 1, f"amount_{foreign.pk}": 1})
    response = seat(agent).post(page_of(order, "apply"), typed)

    assert response.status_code == 422
    assert "Choose at least one item." in words(response)
    foreign.refresh_from_db()
    assert foreign.units_reserved == 0


def test_extra_fields_change_nothing(order, agent):
    extra = {"status": "completed", "merchant_id": "1", "assignee": "1", "requested_amount": "1", "policy": "1"}

    seat(agent).post(page_of(order, "apply"), asked(order, **extra))

    case = Case.objects.get()
    assert (case.status, case.merchant, case.assignee) == ("pending_merchant", order.merchant, None)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reason": "broken"}, "needs a photo"),
        ({"reason": "out_of_stock"}, "Select a valid choice"),
        ({"reason": ""}, "This field is required"),
        ({"description": "x" * 2001}, "at most 2000 characters"),
        ({"reason": "broken", "photos": [upload(b"<svg onload=alert(1)>", "a.svg")]}, "not a JPEG, PNG or WebP"),
        ({"photos": [upload(b"", "a.jpg")]}, "empty"),
        ({"photos": [upload(picture(), f"{n}.jpg") for n in range(10)]}, "At most 9 photos at once."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_opened(fields, sentence, order, agent):
    response = seat(agent).post(page_of(order, "apply"), asked(order, **fields))

    assert response.status_code == 422
    assert sentence in words(response)
    assert not Case.objects.exists()


def test_units_that_change_have_their_amount_worked_out(order, agent):
    line = order.lines.get()
    typed = asked(order, units_LINE="1", amount_LINE="100.00", description="kept") | {"recalculate": "1"}

    response = seat(agent).post(page_of(order, "apply"), typed)

    form = response.context["form"]
    assert response.status_code == 200
    assert (form[f"amount_{line.pk}"].value(), form["description"].value()) == ("50.00", "kept")
    assert not Case.objects.exists()


def test_somebody_was_faster(order, agent, buyer):
    client, typed = seat(agent), asked(order)
    client.get(page_of(order, "apply"))
    other = opened(order, by=buyer)

    response = client.post(page_of(order, "apply"), typed)

    assert response.status_code == 422
    assert f"already in case {other.number}" in words(response)


def test_a_merchant_applies_for_their_own_buyer(order, merchant):
    response = seat(merchant).post(page_of(order, "apply"), asked(order))

    assert response.url == address(Case.objects.get())
    assert User.objects.get(pk=merchant.user_id) == Case.objects.get().applied_by
