"""Surplus units, foreign goods and parcels that come when all is decided: recorded, and owed back."""

import pytest

from aftersales import sweeps
from aftersales.actions.cases import decisions
from aftersales.actions.returns import inspections, receipts
from aftersales.actions.returns.goods import goods_aside
from aftersales.actions.returns.goods.goods_aside import Aside
from aftersales.models import GoodsOwed
from logistics.models import Parcel
from orders.refusals import Refused
from tests.aftersales.stages import DAY, HOUR, MINUTE, again, broken, found, inspect, pay, picture, refusal, stage
from tests.factories import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + DAY


def told(row):
    return [(line.title, line.units) for line in row.lines.all()]


def test_surplus_and_foreign_goods_are_recorded_and_owed_back_at_once(received, order, people):
    line = order.lines.get()
    aside = Aside({line.pk: 1}, other="A mug", other_units=2, carrier="SF", waybill="sf7", photos=[picture()])

    row = goods_aside.put(received.pk, aside, by=people.warehouse, at=LATER)

    assert (row.cause, row.rule, told(row)) == ("surplus", "surplus", [("连衣裙 雾蓝", 1), ("A mug", 2)])
    assert received.evidence.count() == 1
    assert Parcel.objects.get(waybill="SF7").status == "received"
    assert received.lines.get().units_here == 2
    again_set_aside = goods_aside.put(received.pk, Aside({line.pk: 1}), by=people.warehouse, at=LATER + HOUR)
    assert (again_set_aside, told(row)) == (row, [("连衣裙 雾蓝", 2), ("A mug", 2)])
    assert broken() == []


@pytest.mark.parametrize("aside", [Aside({}), Aside({}, other="A mug"), Aside({}, other_units=1), Aside({0: 1})])
def test_nothing_is_set_aside_that_nobody_names(aside, received, people):
    with pytest.raises(Refused):
        goods_aside.put(received.pk, aside, by=people.warehouse, at=LATER)


def test_a_second_parcel_belongs_to_the_case_while_nobody_has_decided_about_the_money(order, people):
    case = stage("return_in_transit", order, people)
    line = case.lines.get()
    receipts.receive(case.pk, by=people.warehouse, at=LATER, units={line.pk: 1}, waybill=f"SF{case.pk}")
    seen = found(line, 1, accepted=False)
    inspections.fail_inspection(case.pk, seen, by=people.warehouse, at=LATER, reason=refusal())

    now = receipts.receive(case.pk, by=people.warehouse, at=LATER + HOUR, units={line.pk: 1}, waybill="SECOND")

    assert (now.status, case.lines.get().units_here) == ("rejected", 2)
    sweeps.fire_deadlines(again(case).due_at + MINUTE)
    assert told(GoodsOwed.objects.get()) == [("连衣裙 雾蓝", 2)]
    assert broken() == []


def test_nothing_is_received_where_nobody_agreed_to_a_return(order, people):
    case = stage("rejected", order, people)

    with pytest.raises(Refused, match="set the goods aside instead"):
        receipts.receive(case.pk, by=people.warehouse, at=LATER, units={case.lines.get().pk: 1})


@pytest.mark.parametrize("is_paid", [False, True], ids=["refunding", "completed"])
def test_a_parcel_after_the_decision_is_recorded_and_goes_back(is_paid, order, people):
    case = stage("return_in_transit", order, people)
    line = case.lines.get()
    receipts.receive(case.pk, by=people.warehouse, at=LATER, units={line.pk: 1}, waybill=f"SF{case.pk}")
    inspect(again(case), people, LATER)
    if is_paid:
        pay(LATER)

    row = goods_aside.put(
        case.pk, Aside({line.order_line_id: 1}, waybill="SECOND"), by=people.warehouse, at=LATER + HOUR
    )

    assert (row.cause, told(row)) == ("late", [("连衣裙 雾蓝", 1)])
    pay(LATER + 2 * HOUR)
    assert (again(case).status, GoodsOwed.objects.count()) == ("completed", 1)
    assert broken() == []


def test_what_was_paid_for_unseen_is_the_merchants_when_it_comes(order, people):
    """Nobody received the return in time, the buyer has the money: the parcel that turns up later goes nowhere."""
    case = stage("return_in_transit", order, people)
    sweeps.fire_deadlines(case.due_at + MINUTE)
    pay(case.due_at + MINUTE)
    line = order.lines.get()

    nothing = goods_aside.put(case.pk, Aside({line.pk: 2}), by=people.warehouse, at=case.due_at + DAY)
    more = goods_aside.put(case.pk, Aside({line.pk: 1}), by=people.warehouse, at=case.due_at + DAY)

    assert (nothing, more.cause, told(more)) == (None, "late", [("连衣裙 雾蓝", 1)])
    assert case.lines.get().units_here == 2
    assert broken() == []


def test_a_case_opened_again_takes_up_a_parcel_that_came_late(order, people):
    case = stage("return_in_transit", order, people)
    line = case.lines.get()
    receipts.receive(case.pk, by=people.warehouse, at=LATER, units={line.pk: 1}, waybill=f"SF{case.pk}")
    inspect(again(case), people, LATER)
    pay(LATER)
    goods_aside.put(case.pk, Aside({line.order_line_id: 1}), by=people.warehouse, at=LATER + HOUR)
    decisions.reopen(case.pk, by=people.supervisor, at=LATER + 2 * HOUR, why="The second parcel came.")
    decisions.approve(case.pk, by=people.merchant, at=LATER + 3 * HOUR)
    receipts.receive(case.pk, by=people.warehouse, at=LATER + 4 * HOUR, units={line.pk: 1})
    inspect(again(case), people, LATER + 5 * HOUR)
    pay(LATER + 6 * HOUR)

    assert (again(case).status, order.lines.get().units_settled) == ("completed", 2)
    assert GoodsOwed.objects.get().outcome == "taken_up"
    assert broken() == []
