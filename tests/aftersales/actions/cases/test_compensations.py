"""Small compensations: late dispatch, spoiled food, coupons and points, and the ceiling that the tiers show."""

from datetime import timedelta
from decimal import Decimal

import pytest

from aftersales.actions.cases import decisions
from aftersales.models import Case, Coupon, Policy, Reason
from aftersales.queries.cases import compensation_tiers
from aftersales.rules.vocabulary import CaseType, GivenAs
from orders.models import Order, OrderLine
from orders.refusals import NotEntitled, Refused
from tests.aftersales.stages import HOUR, again, pay, picture
from tests.factories import NOON, opened, sold
from tests.races.together import nothing_broken

pytestmark = pytest.mark.django_db


def asked(order, people, reason, **fields):
    fields.setdefault("photos", (picture(),))
    return opened(order, by=people.buyer, type=CaseType.COMPENSATION, reason=reason, **fields)


def late(order, **fields):
    promised = order.shipped_at - timedelta(hours=1) if order.shipped_at else NOON - HOUR
    Order.objects.filter(pk=order.pk).update(promised_ship_at=promised, **fields)
    return Order.objects.get(pk=order.pk)


@pytest.mark.parametrize(("paid", "given"), [(100, "5.00"), (40, "3.00"), (60, "3.00"), (61, "3.05"), (2, "2.00")])
def test_late_dispatch_gives_a_share_at_least_the_floor_never_more_than_was_paid(paid, given, shop, order, people):
    slow = late(sold(merchant=shop, buyer=order.buyer, lines=[(1, paid)]))

    case = asked(slow, people, "dispatched_late")

    assert case.requested_amount == Decimal(given)


def test_what_has_not_left_yet_is_late_too(unshipped, people):
    assert asked(late(unshipped), people, "dispatched_late").requested_amount == 5


def test_dispatched_in_time_gives_nothing(order, people):
    Order.objects.filter(pk=order.pk).update(promised_ship_at=order.shipped_at)

    with pytest.raises(Refused, match="dispatched in time"):
        asked(order, people, "dispatched_late")


def test_goods_whose_departure_nobody_dated_may_have_left_in_time(order, people):
    undated = late(order, shipped_at=None, shipped_told_by="")

    with pytest.raises(Refused, match="Nobody has told when the goods were dispatched"):
        asked(undated, people, "dispatched_late")


def test_the_policy_sets_share_and_floor(order, people):
    Policy.objects.update(late_dispatch_percent=Decimal(10), late_dispatch_floor=Decimal(12))

    assert asked(late(order), people, "dispatched_late").requested_amount == 12


def three_lines(shop, order):
    return late(sold(merchant=shop, buyer=order.buyer, lines=[(1, 20)] * 3))


def test_the_floor_of_late_dispatch_is_the_orders_not_each_lines(shop, order, people):
    slow = three_lines(shop, order)

    case = asked(slow, people, "dispatched_late", units={line.pk: 1 for line in slow.lines.all()})

    assert case.requested_amount == 3
    assert tiers(case) == [(1, 0, 1)] * 3


def test_line_by_line_an_order_that_was_late_gives_no_more_than_at_once(shop, order, people):
    slow = three_lines(shop, order)
    first, second, _third = slow.lines.order_by("position")

    assert asked(slow, people, "dispatched_late", units={first.pk: 1}).requested_amount == 3
    with pytest.raises(Refused, match="compensated already"):
        asked(slow, people, "dispatched_late", units={second.pk: 1})


@pytest.mark.parametrize("turn", [1, -1])
def test_the_order_of_the_lines_changes_nothing_of_what_lateness_gives(turn, shop, order, people):
    slow = late(sold(merchant=shop, buyer=order.buyer, lines=[(1, 20), (1, 100)]))

    cases = [asked(slow, people, "dispatched_late", units={line.pk: 1}) for line in list(slow.lines.all())[::turn]]

    assert sum(case.requested_amount for case in cases) == 6


def test_lateness_is_paid_once(order, people):
    order = late(order)
    case = asked(order, people, "dispatched_late")
    decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)
    pay(NOON + HOUR)
    assert again(case).status == "completed"

    with pytest.raises(Refused, match="compensated already"):
        asked(order, people, "dispatched_late", at=NOON + 2 * HOUR)

    nothing_broken()


@pytest.mark.parametrize(("degree", "most"), [(10, 10), (30, 30), (50, 50), (70, 70), (100, 100)])
def test_spoiled_food_is_paid_by_how_much_of_it_is_spoiled(degree, most, order, people):
    with pytest.raises(NotEntitled):
        asked(order, people, f"spoiled_{degree}", amount=Decimal(most) + Decimal("0.01"))

    assert asked(order, people, f"spoiled_{degree}", amount=Decimal(most)).requested_amount == most


def test_all_that_the_degree_allows_is_asked_where_no_sum_is_named(order, people):
    assert asked(order, people, "spoiled_30").requested_amount == 30


def test_only_what_is_wholly_spoiled_is_refunded_without_more(order, people):
    assert not Reason.objects.filter(code="spoiled").exists()
    assert [
        reason.code
        for reason in Reason.objects.filter(code__startswith="spoiled_")
        if CaseType.REFUND_ONLY in reason.case_types
    ] == ["spoiled_100"]


def test_spoiled_food_needs_a_photo(order, people):
    with pytest.raises(Refused, match="needs a photo"):
        asked(order, people, "spoiled_50", photos=())


def test_a_coupon_is_issued_when_agreed_and_uses_up_no_units(order, people):
    case = asked(order, people, "stain_or_smell", given_as=GivenAs.COUPON, amount=Decimal(20))
    assert not Coupon.objects.exists()

    case = decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)

    coupon = Coupon.objects.get()
    assert (case.status, coupon.kind, coupon.amount, coupon.points) == ("completed", "coupon", 20, 0)
    assert (coupon.buyer_id, coupon.valid_until) == (order.buyer_id, NOON + HOUR + timedelta(days=90))
    line = OrderLine.objects.get()
    assert (line.units_reserved, line.units_settled) == (0, 0)


def test_points_are_rounded_in_the_buyers_favour(order, people):
    Policy.objects.update(points_per_unit=7)
    case = asked(order, people, "stain_or_smell", given_as=GivenAs.POINTS, amount=Decimal("1.23"))

    decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)

    coupon = Coupon.objects.get()
    assert (coupon.kind, coupon.points) == ("points", 9)


def test_nothing_is_issued_for_a_case_that_was_refused(order, people):
    case = asked(order, people, "stain_or_smell", given_as=GivenAs.COUPON, amount=Decimal(20))

    decisions.withdraw(case.pk, by=people.buyer, at=NOON + HOUR)

    assert not Coupon.objects.exists()
    nothing_broken()


def tiers(case):
    case = Case.objects.get(pk=case.pk)
    return [(tier.most, tier.given, tier.left) for tier in compensation_tiers.of(case, list(case.lines.all()))]


def test_the_ladder_shows_what_of_the_ceiling_is_left(order, people):
    before = asked(order, people, "stain_or_smell", amount=Decimal(20))
    assert tiers(before) == [(30, 0, 30)]
    decisions.approve(before.pk, by=people.merchant, at=NOON + HOUR)
    pay(NOON + HOUR)

    case = opened(order, by=people.buyer, at=NOON + 2 * HOUR, reason="stain_or_smell", photos=(picture(),))

    assert tiers(case) == [(30, 20, 10)]
    assert tiers(before) == []


def test_the_ladder_of_late_dispatch_is_what_lateness_gives(order, people):
    assert tiers(asked(late(order), people, "dispatched_late")) == [(5, 0, 5)]


def test_the_ladder_takes_one_query_however_many_lines(shop, order, people, django_assert_num_queries):
    many = sold(merchant=shop, buyer=order.buyer, lines=[(1, 10)] * 6)
    case = opened(many, by=people.buyer, reason="stain_or_smell", units={line.pk: 1 for line in many.lines.all()},
                  photos=(picture(),))  # fmt: skip
    lines = list(case.lines.select_related("order_line"))
    case = Case.objects.select_related("reason", "policy", "order").get(pk=case.pk)

    with django_assert_num_queries(1):
        assert len(compensation_tiers.of(case, lines)) == 6
