"""What is missing is sent; an address or a whole order is changed, before and after it has left."""

import pytest

from aftersales.actions.cases import decisions
from aftersales.actions.cases.applications import Delivery
from aftersales.actions.replacements import dispatches
from aftersales.actions.returns import interceptions
from aftersales.rules import actor
from aftersales.rules.vocabulary import CaseType, ChangeKind
from orders.refusals import Refused
from tests.aftersales.stages import DAY, HOUR, again, broken, pay, picture
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db
HOME = Delivery("李雷", "13900001234", "浙江 杭州", "文一路 2 号", "310000")


def change(order, people, kind, **fields):
    delivery = HOME if kind == ChangeKind.ADDRESS else None
    return opened(
        order,
        by=people.buyer,
        type=CaseType.ORDER_CHANGE,
        reason="wrong_address" if delivery else "changed_mind",
        change=kind,
        delivery=delivery,
        **fields,
    )


def test_a_missing_gift_is_sent_and_nothing_is_used_up(people, order):
    gift = sold(merchant=order.merchant, buyer=order.buyer, lines=[(1, 100), (1, 0)])
    present = gift.lines.last()
    case = opened(
        gift,
        by=people.buyer,
        type=CaseType.RESHIP,
        reason="part_missing",
        units={present.pk: 1},
        photos=[picture()],
    )
    decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)
    dispatches.dispatch(case.pk, by=people.warehouse, at=NOON + DAY, carrier="SF", waybill="GIFT1")

    done = dispatches.confirm(case.pk, by=people.buyer, at=NOON + 3 * DAY)

    present.refresh_from_db()
    assert (done.status, present.units_left) == ("completed", 1)
    assert broken() == []


def test_what_is_missing_and_not_sent_in_time_is_paid(order, people):
    case = opened(
        order,
        by=people.buyer,
        type=CaseType.RESHIP,
        reason="part_missing",
        units={order.lines.get().pk: 1},
        photos=[picture()],
    )
    decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)

    dispatches.give_money(case.pk, by=actor.CLOCK, at=NOON + 4 * DAY)
    pay(NOON + 4 * DAY)

    line = order.lines.get()
    assert (again(case).status, line.units_settled, line.amount_settled) == ("completed", 1, 50)
    assert again(case).breached_at is not None


def test_the_address_of_an_order_that_has_not_left_is_changed_at_once(unshipped, people):
    case = change(unshipped, people, ChangeKind.ADDRESS)

    done = decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)

    unshipped.refresh_from_db()
    assert done.status == "completed"
    assert (unshipped.receiver_name, unshipped.receiver_address, unshipped.phone_tail) == (
        "李雷",
        "文一路 2 号",
        "1234",
    )
    assert unshipped.lines.get().units_left == 2
    assert unshipped.freight_reserved == 0
    assert broken() == []


def test_on_its_way_it_is_stopped_and_sent_to_the_new_address(unsigned, people):
    case = change(unsigned, people, ChangeKind.ADDRESS)
    assert decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR).status == "intercepting"
    assert interceptions.intercepted(case.pk, by=actor.CARRIER, at=NOON + DAY).status == "awaiting_dispatch"
    dispatches.dispatch(case.pk, by=people.warehouse, at=NOON + 2 * DAY, carrier="SF", waybill="AGAIN1")

    done = dispatches.confirm(case.pk, by=people.buyer, at=NOON + 4 * DAY)

    unsigned.refresh_from_db()
    assert (done.status, unsigned.receiver_name) == ("completed", "李雷")
    assert broken() == []


def test_an_address_that_came_too_late_closes_the_case_and_frees_the_order(unsigned, people):
    case = change(unsigned, people, ChangeKind.ADDRESS)
    decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)

    interceptions.miss_interception(case.pk, by=actor.CLOCK, at=NOON + 3 * DAY)

    unsigned.refresh_from_db()
    assert (again(case).status, again(case).close_reason) == ("closed", "goods_delivered")
    assert (unsigned.receiver_name, unsigned.lines.get().units_left) == ("张小雨", 2)
    assert broken() == []


def test_an_order_that_has_not_left_is_cancelled_with_its_freight(unshipped, people):
    case = change(unshipped, people, ChangeKind.CANCEL)
    decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)
    pay(NOON + HOUR)

    unshipped.refresh_from_db()
    assert (again(case).status, again(case).agreed_amount) == ("completed", 110)
    assert (unshipped.freight_settled, unshipped.lines.get().units_settled) == (10, 2)
    assert broken() == []


def test_cancelled_on_its_way_it_is_stopped_or_becomes_a_return(unsigned, people):
    case = change(unsigned, people, ChangeKind.CANCEL)
    decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)

    interceptions.miss_interception(case.pk, by=actor.CLOCK, at=NOON + 3 * DAY)

    assert (again(case).status, again(case).type, again(case).change) == ("awaiting_return", "return_refund", "")
    assert broken() == []


def test_a_change_says_what_changes(unshipped, people):
    with pytest.raises(Refused) as refused:
        opened(unshipped, by=people.buyer, type=CaseType.ORDER_CHANGE, change=None)
    assert "what is to be changed" in refused.value.sentence
    with pytest.raises(Refused) as refused:
        opened(unshipped, by=people.buyer, type=CaseType.ORDER_CHANGE, change=ChangeKind.ADDRESS)
    assert "new address" in refused.value.sentence
