"""What stands against an application: window, reason, photos, count, what others hold, sums that are none."""

from datetime import timedelta
from decimal import Decimal

import pytest

from aftersales.actions import gate
from aftersales.actions.cases import decisions
from aftersales.actions.cases.applications import Application, Wanted
from aftersales.models import Case, Policy
from aftersales.queries.cases import applications
from aftersales.rules import actor
from aftersales.rules.vocabulary import CaseType
from orders.refusals import NotEntitled, Refused
from tests.aftersales.stages import DAY, HOUR, picture
from tests.factories import NOON, asks, opened, sold, tiny_photo

pytestmark = pytest.mark.django_db


def test_the_window_counts_whole_days_from_the_day_after_signature(order, buyer):
    signed_on_the_8th = order.signed_at
    last_moment = signed_on_the_8th.replace(hour=16, minute=0) + 7 * DAY  # midnight in Shanghai, end of the 15th

    opened(order, by=buyer, at=last_moment - timedelta(seconds=1), units={order.lines.get().pk: 1})
    other = sold(merchant=order.merchant, buyer=order.buyer)
    with pytest.raises(Refused, match="ended at"):
        opened(other, by=buyer, at=last_moment)


def test_the_window_never_starts_at_order_time(unsigned, buyer):
    unsigned.ordered_at = NOON - 300 * DAY
    unsigned.save()

    case = opened(unsigned, by=buyer, type=CaseType.REFUND_ONLY)

    assert case.goods_state == "shipped"


def test_quality_may_be_claimed_after_the_window_without_reason(order, buyer):
    at = NOON + 10 * DAY

    with pytest.raises(Refused, match="ended at"):
        opened(order, by=buyer, at=at)
    case = opened(order, by=buyer, at=at, reason="broken", photos=[picture()])

    assert (case.fault, case.freight_payer) == ("merchant", "merchant")


def test_goods_that_a_policy_excludes_are_not_returned_without_a_reason(order, buyer):
    Policy.objects.create(
        name="Fresh food", version=1, category="fresh", effective_from=NOON - 100 * DAY, no_reason_allowed=False
    )
    order.lines.update(category="fresh")

    with pytest.raises(Refused, match="without a reason"):
        opened(order, by=buyer)


@pytest.mark.parametrize(
    ("goods", "type", "reason"),
    [
        ("unshipped", "return_refund", "changed_mind"),
        ("unshipped", "refund_only", "not_received"),
        ("order", "refund_only", "out_of_stock"),
        ("order", "refund_only", "wrong_item"),
        ("unsigned", "return_refund", "broken"),
    ],
)
def test_a_reason_must_fit_type_and_goods(goods, type, reason, request, buyer):
    with pytest.raises(Refused, match="does not fit"):
        opened(request.getfixturevalue(goods), by=buyer, type=type, reason=reason, photos=[picture()])


def test_a_reason_that_needs_a_photo_is_refused_without_one(order, buyer):
    with pytest.raises(Refused, match="needs a photo"):
        opened(order, by=buyer, reason="broken")

    case = opened(order, by=buyer, reason="broken", photos=[picture()])

    assert case.evidence.get().role == "buyer"


def test_an_item_is_applied_for_five_times_at_most_and_withdrawing_does_not_reset(order, buyer):
    for hour in range(5):
        case = opened(order, by=buyer, at=NOON + hour * HOUR)
        decisions.withdraw(case.pk, by=buyer, at=NOON + hour * HOUR)

    with pytest.raises(Refused, match="5 times"):
        opened(order, by=buyer, at=NOON + 6 * HOUR)

    assert order.lines.get().units_reserved == 0


def test_units_that_other_cases_hold_are_refused_with_their_numbers_and_the_free_ones_are_not(order, buyer):
    line = order.lines.get()
    first = opened(order, by=buyer, units={line.pk: 1})

    with pytest.raises(Refused, match=f"1 of 2 can still be asked for. In cases: 1 in case {first.number}"):
        opened(order, by=buyer, units={line.pk: 2})
    second = opened(order, by=buyer, units={line.pk: 1})

    with pytest.raises(Refused, match=f"0 of 2 .*1 in case {first.number} · 1 in case {second.number}"):
        opened(order, by=buyer, units={line.pk: 1})


@pytest.mark.parametrize("units", [3, -1, 10**6])
def test_units_that_were_not_sold_are_refused(units, order, buyer):
    with pytest.raises(Refused):
        opened(order, by=buyer, units={order.lines.get().pk: units})


@pytest.mark.parametrize("amount", ["100.01", "-1", "0.001", "NaN", "Infinity"])
def test_a_sum_above_what_was_paid_or_in_fractions_is_refused(amount, order, buyer):
    with pytest.raises(NotEntitled):
        opened(order, by=buyer, amount=Decimal(amount))


def test_an_application_for_no_unit_is_refused(order, buyer):
    with pytest.raises(Refused, match="at least one"):
        opened(order, by=buyer, units={order.lines.get().pk: 0})


def test_a_line_of_somebody_elses_order_is_refused_even_while_it_is_in_a_case(order, buyer):
    foreign = sold()
    opened(foreign, by=actor.buyer(foreign.buyer_id))
    asked = asks(order)
    application = Application(
        order_id=order.pk, type=asked.type, reason=asked.reason, lines={foreign.lines.get().pk: Wanted(1)}
    )

    with pytest.raises(NotEntitled, match="not part of the order"):
        decisions.apply(application, by=buyer, at=NOON)


def test_an_order_of_somebody_else_is_forbidden(order, merchant):
    foreign = sold()

    for by in (merchant, actor.buyer(order.buyer_id)):
        with pytest.raises(gate.Forbidden):
            opened(foreign, by=by)
    assert not Case.objects.exists()


def test_freight_of_shipped_goods_is_not_given_back(order, buyer):
    with pytest.raises(Refused, match="Freight"):
        opened(order, by=buyer, wants_freight=True)


def test_nothing_can_be_asked_back_where_nothing_was_paid(shop, buyer, order):
    unpaid = sold(merchant=shop, buyer=order.buyer, lines=[(1, 0)], freight_amount=0, unshipped=True, paid_at=None)

    with pytest.raises(Refused, match="Nothing has been paid"):
        opened(unpaid, by=buyer, type=CaseType.REFUND_ONLY)


@pytest.mark.parametrize(
    ("category", "fits"), [("Fresh food", True), ("生鲜/水果", True), ("Dresses", False), ("", True)]
)
def test_a_reason_for_some_goods_is_for_those_only(category, fits, order, buyer):
    order.lines.update(category=category)
    asked = asks(order, type=CaseType.COMPENSATION, reason="spoiled_30", amount=Decimal(10), photos=[tiny_photo()])
    offered = applications.options(order, order.lines.all(), NOON)[CaseType.COMPENSATION].reasons

    assert ("spoiled_30" in [fit.reason.code for fit in offered]) == fits
    if fits:
        assert decisions.apply(asked, by=buyer, at=NOON).requested_amount == 10
        return
    with pytest.raises(Refused) as refused:
        decisions.apply(asked, by=buyer, at=NOON)
    assert "is for other goods: fresh, food" in refused.value.sentence
