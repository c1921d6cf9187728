"""What people do with goods that are owed back: one parcel, a consent, or a task that says that it is late."""

from decimal import Decimal

import pytest

from aftersales import sweeps
from aftersales.actions import gate
from aftersales.actions.cases import decisions
from aftersales.actions.oversight import outages
from aftersales.actions.returns import receipts
from aftersales.actions.returns.goods import goods_back
from aftersales.models import Event, GoodsOwed, Notice, Receivable
from aftersales.queries.replacements import outbound
from aftersales.rules.actor import Actor
from aftersales.rules.vocabulary import Disposition, Role
from logistics.carriers.base import ReportedScan
from logistics.models import Parcel, StockMovement
from logistics.models.parcel import ParcelStatus
from logistics.parcels import tracking
from orders.refusals import Refused
from tests.aftersales.stages import DAY, HOUR, MINUTE, broken
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db
LATER = NOON + DAY


@pytest.fixture
def goods(received, buyer):
    """Two units of a case that was withdrawn while they were inspected."""
    decisions.withdraw(received.pk, by=buyer, at=LATER)
    return GoodsOwed.objects.get()


def send(row, people, at=LATER + HOUR, **fields):
    return goods_back.send(row.pk, by=people.warehouse, at=at, **{"carrier": "SF", "waybill": " sf99 "} | fields)


def reported(parcel, status, at, text):
    scan = ReportedScan(waybill=parcel.waybill, status=status, happened_at=at, text=text)
    tracking.record_reported(parcel.pk, [scan], at=at, recorded_by="sf")


def told(row):
    return [(line.title, line.units) for line in row.lines.all()]


def test_they_leave_in_a_parcel_that_is_none_of_those_the_order_was_shipped_in(goods, order, people):
    send(goods, people)

    row = GoodsOwed.objects.get()
    assert (row.outcome, row.parcel.waybill, row.parcel.direction) == ("sent", "SF99", "outbound")
    assert row.parcel not in outbound.sent(order.pk)
    assert Event.objects.filter(case=row.case, action="send_goods_back").get().details["waybill"] == "SF99"
    assert Notice.objects.filter(action="send_goods_back", recipient="buyer").count() == 1
    assert broken() == []


def test_they_are_sent_once(goods, people):
    send(goods, people)

    with pytest.raises(Refused, match="dealt with these goods meanwhile: Sent to the buyer"):
        send(goods, people, waybill="SF100")
    assert Parcel.objects.filter(waybill="SF100").count() == 0


def test_a_waybill_of_another_parcel_is_refused(goods, order, people):
    Parcel.objects.create(merchant=order.merchant, order=order, direction="outbound", carrier="YT", waybill="SF99")

    with pytest.raises(Refused, match="SF99 is that of another parcel"):
        send(goods, people)


def test_what_we_paid_in_the_buyers_place_is_owed_to_us(goods, people):
    send(goods, people, freight=Decimal(12))

    owed = Receivable.objects.get(kind="goods_back")
    assert (owed.debtor, owed.creditor, owed.amount, owed.rule) == ("buyer", "merchant", Decimal(12), "goods_back")


@pytest.mark.parametrize("freight", [Decimal("-1"), Decimal("0.001")])
def test_a_freight_that_nobody_can_have_paid_is_refused(freight, goods, people):
    with pytest.raises(Refused, match="what the carrier was paid"):
        send(goods, people, freight=freight)


def test_where_the_merchant_pays_nothing_is_asked_of_the_buyer(goods, people):
    GoodsOwed.objects.update(payer="merchant", rule="found_merchant")

    with pytest.raises(Refused, match="nothing is asked of the buyer"):
        send(goods, people, freight=Decimal(12))


def test_the_buyer_may_leave_them_to_us_and_says_how(goods, people):
    with pytest.raises(Refused, match="how the buyer agreed"):
        goods_back.give_up(goods.pk, by=people.agent, at=LATER, disposition=Disposition.SCRAP, note=" ")
    with pytest.raises(Refused, match="where else"):
        goods_back.give_up(goods.pk, by=people.agent, at=LATER, disposition=Disposition.TO_BUYER, note="By phone.")

    goods_back.give_up(goods.pk, by=people.agent, at=LATER, disposition=Disposition.SCRAP, note="By phone.")

    assert GoodsOwed.objects.get().outcome == "given_up"
    assert StockMovement.objects.filter(kind="scrap").get().units == 2
    assert broken() == []


def test_a_merchant_can_not_say_that_the_buyer_leaves_them(goods, people):
    with pytest.raises(gate.Forbidden):
        goods_back.give_up(goods.pk, by=people.merchant, at=LATER, disposition=Disposition.SCRAP, note="By phone.")


def test_another_shop_has_nothing_to_do_with_them(goods, people):
    foreign = Actor(frozenset({Role.MERCHANT}), merchant_id=goods.case.merchant_id + 1)
    with pytest.raises(gate.Forbidden):
        goods_back.send(goods.pk, by=foreign, at=LATER, carrier="SF", waybill="SF1")


def test_a_task_whose_time_has_passed_says_so_once(goods):
    sweeps.run(goods.due_at - MINUTE)
    assert GoodsOwed.objects.get().breached_at is None

    sweeps.run(goods.due_at + MINUTE)
    sweeps.run(goods.due_at + 2 * MINUTE)

    assert GoodsOwed.objects.get().breached_at == goods.due_at + MINUTE
    assert Event.objects.filter(action="miss_goods", role="clock").count() == 1
    assert Notice.objects.filter(action="miss_goods").get().recipient == "merchant"


def test_an_outage_moves_them_like_every_promise(goods):
    outages.declare(
        started_at=LATER + HOUR, ended_at=LATER + 3 * HOUR, reason="Network", user_id=None, at=LATER + 3 * HOUR
    )

    sweeps.apply_outages(LATER + 3 * HOUR)

    assert GoodsOwed.objects.get().due_at == goods.due_at + 2 * HOUR


def test_what_the_carrier_brings_back_is_owed_once_more(goods, order, people):
    send(goods, people)
    parcel = Parcel.objects.get(waybill="SF99")
    for text in ("Refused at the door", "Back at the sender"):
        reported(parcel, ParcelStatus.RETURNED, LATER + DAY, text)

    sweeps.run(LATER + DAY + MINUTE)

    assert [(row.outcome, told(row)) for row in GoodsOwed.objects.order_by("pk")] == [
        ("came_back", [("连衣裙 雾蓝", 2)]),
        ("waiting", [("连衣裙 雾蓝", 2)]),
    ]
    assert outbound.sent(order.pk) == []
    assert broken() == []


def test_two_cases_of_an_order_may_go_back_in_one_parcel(people, shop):
    order = sold(merchant=shop, lines=[(2, 100), (1, 40)])
    first, second = order.lines.order_by("pk")
    rows = []
    for line in (first, second):
        case = opened(order, by=people.agent, units={line.pk: 1})
        decisions.approve(case.pk, by=people.agent, at=NOON)
        receipts.receive(case.pk, by=people.warehouse, at=NOON, units={case.lines.get().pk: 1})
        decisions.withdraw(case.pk, by=people.agent, at=LATER)
        rows.append(GoodsOwed.objects.get(case=case))

    parcels = {send(row, people).parcel_id for row in rows}

    assert len(parcels) == 1
    assert broken() == []
