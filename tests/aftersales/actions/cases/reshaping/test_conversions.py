"""A case becomes another type: one ends, another goes on with what both hold, in the time that was left."""

from datetime import timedelta
from decimal import Decimal

import pytest

from aftersales.actions.cases import decisions, negotiation
from aftersales.actions.cases.applications import Delivery, Swap, Wanted
from aftersales.actions.disputes import evidence
from aftersales.models import Case, Policy, Round
from aftersales.queries.cases import case_links
from aftersales.rules.vocabulary import CaseType, ChangeKind, GivenAs
from orders.models import OrderLine
from orders.refusals import Refused
from tests.aftersales import reshaped
from tests.aftersales.reshaped import whole
from tests.aftersales.stages import DAY, HOUR, MINUTE, again, picture, stage
from tests.factories import NOON, opened, sold, tiny_photo

pytestmark = pytest.mark.django_db
AGREED = "agreed"


def converted(case, to, *, by, at=NOON + HOUR, **fields):
    """The case that goes on as another type."""
    return reshaped.converted(case, to, by=by, at=at, **fields)


def held(order):
    """Units and money that cases hold of the first line, and the freight."""
    order.refresh_from_db()
    line = order.lines.order_by("position").first()
    return line.units_reserved, line.amount_reserved, order.freight_reserved


def test_the_old_case_ends_and_the_new_one_goes_on(order, agent, buyer):
    old = opened(order, by=buyer, type=CaseType.REFUND_ONLY, reason=AGREED, description="It does not fit.")

    new = converted(old, "return_refund", by=agent, why="The goods are to come back.")

    old = again(old)
    assert (old.status, old.close_reason, old.rounds.get().outcome) == ("closed", "converted", "closed")
    assert (new.type, new.status, new.parent, new.round_number) == ("return_refund", "pending_merchant", old, 1)
    assert (new.description, new.opened_at, new.applied_role) == ("It does not fit.", old.opened_at, "buyer")
    assert held(order) == (2, Decimal(100), 0)
    assert [(line.units_held, line.amount_held) for line in old.lines.all()] == [(0, 0)]
    assert whole() == []


def test_both_logs_say_what_happened_and_name_the_other(order, agent, buyer):
    old = opened(order, by=buyer, reason=AGREED)

    new = converted(old, "refund_only", by=agent, why="Not worth the way back.")

    ended, begun = old.events.last(), new.events.get()
    assert (ended.action, ended.data["other"], ended.data["type"]) == ("convert", new.number, "refund_only")
    assert (begun.action, begun.data["other"], begun.why) == ("continue", old.number, "Not worth the way back.")
    assert (begun.role, begun.user_id, begun.to_status) == ("agent", agent.user_id, "pending_merchant")


def test_the_exact_sum_goes_along_even_if_units_would_be_priced_otherwise_now(shop, agent, buyer):
    """The last unit took the remainder; another case that ends does not lower it."""
    order = sold(merchant=shop, lines=[(3, 10)], payments=[("wallet", 20)])
    line = order.lines.get()
    first, *_others, last = (opened(order, by=agent, type=kind, reason=AGREED, units={line.pk: 1})
        for kind in (CaseType.REFUND_ONLY, CaseType.RETURN_REFUND, CaseType.EXCHANGE))  # fmt: skip
    decisions.withdraw(first.pk, by=agent, at=NOON)

    new = converted(last, "repair", by=agent)

    assert (last.lines.get().amount, new.lines.get().amount_held) == (Decimal("3.34"), Decimal("3.34"))
    assert whole() == []


def test_a_lower_sum_becomes_the_whole_price_where_goods_are_sent(order, agent, buyer):
    old = opened(order, by=buyer, type=CaseType.REFUND_ONLY, reason=AGREED, amount=Decimal(30))

    new = converted(old, "exchange", by=agent)

    assert new.requested_amount == Decimal(100)
    assert held(order) == (2, Decimal(100), 0)


def test_a_compensation_lets_the_units_go(order, agent, buyer):
    old = opened(order, by=buyer, reason="stain_or_smell", photos=[picture()])
    line = order.lines.get()

    new = converted(
        old,
        "compensation",
        by=agent,
        reason="stain_or_smell",
        given_as=GivenAs.COUPON,
        lines={line.pk: Wanted(2, Decimal(8))},
    )

    assert (new.given_as, new.requested_amount) == ("coupon", Decimal(8))
    assert held(order) == (0, 0, 0)
    assert whole() == []


def test_from_money_alone_to_a_return_takes_the_units(order, agent, buyer):
    old = opened(
        order, by=buyer, type=CaseType.COMPENSATION, reason="stain_or_smell", amount=Decimal(8), photos=[picture()]
    )

    new = converted(old, "return_refund", by=agent, reason="stain_or_smell")

    assert new.requested_amount == Decimal(100)
    assert held(order) == (2, Decimal(100), 0)


def test_freight_that_was_asked_is_asked_on(unshipped, agent, buyer):
    old = opened(unshipped, by=buyer, type=CaseType.REFUND_ONLY)

    new = converted(old, "order_change", by=agent, reason="changed_mind", change=ChangeKind.CANCEL)

    assert (again(old).freight_held, new.freight_held) == (0, Decimal(10))
    assert held(unshipped) == (2, Decimal(100), Decimal(10))
    assert whole() == []


def test_a_change_of_address_holds_no_freight(unshipped, agent, buyer):
    old = opened(unshipped, by=buyer, type=CaseType.REFUND_ONLY)
    there = Delivery("李雷", "13900001111", "上海 徐汇", "漕溪路 2 号")

    new = converted(old, "order_change", by=agent, reason="changed_mind", change=ChangeKind.ADDRESS, delivery=there)

    assert new.delivery_change.receiver_name == "李雷"
    assert held(unshipped)[2] == 0


def test_an_exchange_says_what_is_wanted(order, agent, buyer):
    old = opened(order, by=buyer, reason=AGREED)
    line = order.lines.get()
    swap = Swap(sku="DRESS-L", variant="L", price=Decimal(55))

    new = converted(old, "exchange", by=agent, lines={line.pk: Wanted(2, swap=swap)})

    assert new.lines.get().wanted_sku == "DRESS-L"
    assert held(order) == (2, Decimal(100), 0)


@pytest.mark.parametrize(
    ("hours", "left"), [(6, 42), (40, 12)], ids=["what was left", "at least the floor of the policy"]
)
def test_a_conversion_gives_nobody_new_time(hours, left, order, agent, buyer):
    old = opened(order, by=buyer, reason=AGREED)

    new = converted(old, "refund_only", by=agent, at=NOON + hours * HOUR)

    assert new.due_at == NOON + (hours + left) * HOUR
    assert [(each.kind, each.status) for each in new.deadlines.all()] == [("merchant_response", "pending")]
    assert set(old.deadlines.values_list("status", flat=True)) <= {"met", "missed"}


def test_an_open_offer_is_void_and_the_paused_time_goes_on(order, agent, buyer, merchant):
    old = opened(order, by=buyer, reason=AGREED)
    negotiation.offer(old.pk, by=merchant, at=NOON + 10 * HOUR, amount=Decimal(5))

    new = converted(old, "refund_only", by=agent, at=NOON + 20 * HOUR)

    assert old.offers.get().status == "void"
    assert new.due_at == NOON + 20 * HOUR + 38 * HOUR


def test_after_a_rejection_the_merchant_is_asked_anew(order, people):
    old = stage("rejected", order, people)

    new = converted(old, "exchange", by=people.agent, at=NOON + 2 * HOUR)

    assert new.due_at == NOON + 2 * HOUR + 48 * HOUR


def test_the_window_is_open_if_it_was_when_first_asked(order, agent, buyer):
    old = opened(order, by=buyer)
    order.signed_at = NOON - timedelta(days=7, hours=1)
    order.save()
    Case.objects.filter(pk=old.pk).update(opened_at=NOON - DAY)

    once = converted(old, "exchange", by=agent, reason="changed_mind", at=NOON + 30 * HOUR)
    twice = converted(once, "return_refund", by=agent, reason="changed_mind", at=NOON + 31 * HOUR)

    assert twice.status == "pending_merchant"
    assert case_links.family(twice.pk) == [old.pk, once.pk, twice.pk]


def test_the_policy_is_the_version_in_force_when_it_was_first_asked(order, agent, buyer):
    old = opened(order, by=buyer, reason=AGREED)
    Policy.objects.update(effective_until=NOON + MINUTE)
    policy = old.policy
    Policy.objects.create(name=policy.name, version=99, effective_from=NOON + MINUTE, response_hours=1)

    assert converted(old, "refund_only", by=agent).policy == policy


def test_photos_shown_once_need_not_be_shown_again(order, agent, buyer):
    old = opened(order, by=buyer, reason=AGREED)
    evidence.add(old.pk, [tiny_photo()], by=buyer, at=NOON)

    once = converted(old, "refund_only", by=agent, reason="stain_or_smell")
    twice = converted(once, "return_refund", by=agent, reason="stain_or_smell", at=NOON + 2 * HOUR)

    assert [each.case for each in case_links.evidence(twice.pk)] == [old]


def test_whoever_worked_on_the_old_case_works_on_the_new_one(order, agent, buyer):
    old = opened(order, by=buyer, reason=AGREED)
    Case.objects.filter(pk=old.pk).update(assignee=agent.user_id, first_reply_at=NOON + MINUTE)

    new = converted(old, "refund_only", by=agent)

    assert (new.assignee_id, new.team_id, new.first_reply_at) == (agent.user_id, old.team_id, NOON + MINUTE)
    assert again(new).first_reply_at == NOON + MINUTE


def test_applications_of_the_old_case_go_on_counting(order, agent, buyer):
    old = opened(order, by=buyer, reason=AGREED)

    new = converted(old, "refund_only", by=agent)
    Policy.objects.update(application_count=2)
    decisions.withdraw(new.pk, by=buyer, at=NOON + 2 * HOUR)

    assert Round.objects.filter(case__order=order).count() == 2
    with pytest.raises(Refused, match="2 times"):
        opened(order, by=buyer, reason=AGREED, at=NOON + 3 * HOUR)


def test_an_item_that_is_not_named_is_free_again(shop, agent):
    order = sold(merchant=shop, lines=[(1, 40), (1, 60)])
    one, other = order.lines.order_by("position")
    old = opened(order, by=agent, reason=AGREED, units={one.pk: 1, other.pk: 1})

    converted(old, "refund_only", by=agent, lines={one.pk: Wanted(1)})

    assert [line.units_reserved for line in OrderLine.objects.filter(order=order).order_by("position")] == [1, 0]
    assert whole() == []
