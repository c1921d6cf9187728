"""The pages of goods that go back: who sees them, what they say, one click one parcel."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from aftersales.actions.cases import decisions
from aftersales.actions.returns.goods import goods_back
from aftersales.models import GoodsOwed, Receivable
from aftersales.queries.oversight import tiles
from aftersales.rules.vocabulary import Role
from tests.aftersales.stages import DAY, HOUR, stage
from tests.factories import NOON
from tests.people import person

pytestmark = pytest.mark.django_db


def logged_in(role):
    client = Client()
    client.force_login(person(f"page-{role}", role))
    return client


@pytest.fixture
def warehouse_client(db):
    return logged_in(Role.WAREHOUSE)


@pytest.fixture
def agent_client(agent_user):
    client = Client()
    client.force_login(agent_user)
    return client


@pytest.fixture
def order(order):
    """Bought and signed for these days, not in the year of the frozen clock."""
    since = timezone.now() - NOON
    for name in ("ordered_at", "paid_at", "shipped_at", "signed_at"):
        setattr(order, name, getattr(order, name) + since)
    order.save()
    return order


@pytest.fixture
def goods(order, people):
    """Two units of a case that was withdrawn yesterday, while they were inspected."""
    yesterday = timezone.now() - DAY
    case = stage("inspecting", order, people, at=yesterday - 5 * HOUR)
    decisions.withdraw(case.pk, by=people.buyer, at=yesterday)
    return GoodsOwed.objects.select_related("case").get()


def url(goods, act=""):
    return f"/warehouse/goods/{goods.pk}/{act}"


def test_the_warehouse_finds_them_in_a_list_and_sends_them(warehouse_client, goods):
    assert goods.case.number in warehouse_client.get("/warehouse/goods/").content.decode()
    assert goods.case.number not in warehouse_client.get("/warehouse/goods/?list=overdue").content.decode()
    page = warehouse_client.get(url(goods)).content.decode()
    assert "The buyer withdrew the request and pays this way." in page and "连衣裙 雾蓝" in page

    sent = {"carrier": "SF", "waybill": "sf9", "freight": "12", "once": "a" * 32}
    assert warehouse_client.post(url(goods, "send/"), sent).status_code == 302
    assert warehouse_client.post(url(goods, "send/"), sent).status_code == 302

    goods.refresh_from_db()
    assert (goods.outcome, goods.parcel.waybill, Receivable.objects.get(kind="goods_back").amount) == (
        "sent",
        "SF9",
        12,
    )
    assert "SF9" in warehouse_client.get(url(goods)).content.decode()
    assert goods.case.number in warehouse_client.get("/warehouse/goods/?list=ended").content.decode()


def test_what_somebody_else_has_sent_is_refused_in_a_sentence(warehouse_client, goods, people):
    goods_back.send(goods.pk, by=people.warehouse, at=timezone.now(), carrier="SF", waybill="SF1")

    answer = warehouse_client.post(url(goods, "send/"), {"carrier": "SF", "waybill": "SF2", "once": "b" * 32})

    assert answer.status_code in (409, 422)
    assert "Somebody has dealt with these goods meanwhile" in answer.content.decode()


def test_only_an_agent_records_that_the_buyer_leaves_them(warehouse_client, agent_client, goods):
    said = {"disposition": "scrap", "note": "Call of today", "once": "c" * 32}

    assert warehouse_client.post(url(goods, "leave/"), said).status_code == 403
    assert agent_client.post(url(goods, "leave/"), said).status_code == 302

    goods.refresh_from_db()
    assert (goods.outcome, goods.note) == ("given_up", "Call of today")


def test_goods_set_aside_on_arrival_become_a_task(warehouse_client, order, people):
    case = stage("inspecting", order, people, at=timezone.now() - 5 * HOUR)
    address = f"/warehouse/{case.number}/aside/"
    assert "Set goods aside" in warehouse_client.get(f"/warehouse/{case.number}/").content.decode()
    assert warehouse_client.get(address).status_code == 200
    assert warehouse_client.post(address, {"other": "A mug", "once": "d" * 32}).status_code == 422

    said = {f"units-{order.lines.get().pk}": "1", "other": "A mug", "other_units": "2", "once": "e" * 32}
    answer = warehouse_client.post(address, said)

    row = GoodsOwed.objects.get()
    assert answer.url == url(row)
    assert [(line.title, line.units) for line in row.lines.all()] == [("连衣裙 雾蓝", 1), ("A mug", 2)]


def test_case_and_order_show_them_with_who_pays(agent_client, goods):
    for page in (f"/cases/{goods.case.number}/", f"/orders/{goods.case.order.number}/"):
        text = agent_client.get(page).content.decode()
        assert "Goods that go back to the buyer" in text and url(goods) in text


def test_a_supervisor_counts_those_that_are_late(goods):
    supervisor_user = person("boss", Role.SUPERVISOR)
    tile = next(each for each in tiles.TILES if each.listing is tiles.GOODS)
    at = timezone.now()

    assert tile.rows(supervisor_user, at).count() == 0
    assert tile.rows(supervisor_user, at + timedelta(hours=73)).count() == 1


def test_lists_read_as_much_for_many_as_for_one(warehouse_client, goods, django_assert_max_num_queries):
    with django_assert_max_num_queries(30) as few:
        warehouse_client.get("/warehouse/goods/")
    for number in range(4):
        copy = GoodsOwed.objects.create(
            case=goods.case, cause="late", payer="buyer", rule="refused", created_at=goods.created_at,
            due_at=goods.due_at, outcome="given_up", note="x", ended_at=goods.due_at + timedelta(number),
        )  # fmt: skip
        copy.lines.create(title=f"Thing {number}", units=1)
    with django_assert_max_num_queries(len(few)):
        warehouse_client.get("/warehouse/goods/?list=ended")
