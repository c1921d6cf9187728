"""Conversions that are refused: what others hold, what does not fit, who may not, what came too late."""

from decimal import Decimal

import pytest

from aftersales.actions import gate
from aftersales.actions.cases import decisions
from aftersales.actions.cases.applications import Wanted
from aftersales.models import Case
from aftersales.rules.vocabulary import CaseType
from orders.refusals import NotEntitled, Refused
from tests.aftersales import reshaped
from tests.aftersales.reshaped import whole
from tests.aftersales.stages import HOUR, MINUTE, again, picture
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db


AGREED = "agreed"


def converted(case, to, *, by, at=NOON + HOUR, **fields):
    """The case that goes on as another type."""
    return reshaped.converted(case, to, by=by, at=at, **fields)


def test_what_the_new_type_needs_and_others_hold_is_refused_and_nothing_moves(order, agent, buyer):
    old = opened(
        order, by=buyer, type=CaseType.COMPENSATION, reason="stain_or_smell", amount=Decimal(8), photos=[picture()]
    )
    line = order.lines.get()
    opened(order, by=buyer, type=CaseType.EXCHANGE, reason=AGREED, units={line.pk: 1})

    with pytest.raises(NotEntitled, match="1 of 2"):
        converted(old, "return_refund", by=agent, reason="stain_or_smell")

    assert again(old).status == "pending_merchant"
    assert Case.objects.count() == 2
    assert whole() == []


def test_units_of_one_item_become_a_type_that_another_case_has_already(order, agent, buyer):
    line = order.lines.get()
    other = opened(order, by=buyer, type=CaseType.EXCHANGE, reason=AGREED, units={line.pk: 1})
    old = opened(order, by=buyer, type=CaseType.REFUND_ONLY, reason=AGREED, units={line.pk: 1})

    new = converted(old, "exchange", by=agent)

    assert [each.lines.get().units_held for each in (other, new)] == [1, 1]


def test_more_units_than_the_case_holds_do_not_go_over(order, agent, buyer):
    line = order.lines.get()
    other = opened(order, by=buyer, type=CaseType.EXCHANGE, reason=AGREED, units={line.pk: 1})
    old = opened(order, by=buyer, type=CaseType.REFUND_ONLY, reason=AGREED, units={line.pk: 1})

    with pytest.raises(Refused, match=other.number):
        converted(old, "exchange", by=agent, lines={line.pk: Wanted(2)})


def test_after_the_cut_off_the_clock_decides(order, agent, buyer):
    old = opened(order, by=buyer, reason=AGREED)

    with pytest.raises(gate.Overtaken):
        converted(old, "refund_only", by=agent, at=old.due_at + MINUTE)


def test_a_conversion_into_the_same_type_is_refused(order, agent, buyer):
    old = opened(order, by=buyer, reason=AGREED)

    with pytest.raises(Refused, match="already"):
        converted(old, "return_refund", by=agent)


def test_what_does_not_fit_the_goods_is_refused(unshipped, agent, buyer):
    old = opened(unshipped, by=buyer, type=CaseType.REFUND_ONLY)

    with pytest.raises(Refused, match="does not fit"):
        converted(old, "return_refund", by=agent, reason="changed_mind")


def test_items_of_other_cases_do_not_slip_in(shop, agent):
    order = sold(merchant=shop, lines=[(1, 40), (1, 60)])
    one, other = order.lines.order_by("position")
    old = opened(order, by=agent, reason=AGREED, units={one.pk: 1})

    with pytest.raises(Refused, match="not part of the case"):
        converted(old, "refund_only", by=agent, lines={other.pk: Wanted(1)})


def test_merchants_and_buyers_do_not_convert(order, buyer, merchant):
    old = opened(order, by=buyer, reason=AGREED)

    for by in (buyer, merchant):
        with pytest.raises(gate.Forbidden):
            converted(old, "refund_only", by=by)


def test_a_converted_case_is_not_opened_again(order, agent, buyer, supervisor):
    old = opened(order, by=buyer, reason=AGREED)
    new = converted(old, "refund_only", by=agent)

    with pytest.raises(Refused, match=new.number):
        decisions.reopen(old.pk, by=supervisor, at=NOON + 2 * HOUR, why="By mistake.")
