"""What a policy decides by itself: returns below a sum, and what stands against it, each told in the timeline."""

from decimal import Decimal

import pytest

from aftersales.actions.cases import decisions
from aftersales.models import Policy
from aftersales.moves import deciding
from aftersales.queries.cases import wording
from aftersales.rules.actor import POLICY
from aftersales.rules.vocabulary import CaseType
from tests.aftersales.stages import HOUR, again
from tests.factories import NOON, OrderLineFactory, asks, opened, sold, tiny_photo

pytestmark = pytest.mark.django_db


def rules(**numbers):
    """The policy in force, with these numbers."""
    Policy.objects.update(**numbers)


def told(case, action):
    """What the timeline says of the newest such event."""
    event = case.events.filter(action=action).latest("pk")
    return wording.details(event, again(case), {})


@pytest.mark.parametrize(
    ("type", "reason"), [("return_refund", "changed_mind"), ("exchange", "changed_mind"), ("repair", "broken")]
)
def test_a_return_below_the_limit_is_authorised_by_the_policy(type, reason, order, buyer):
    rules(authorise_below=Decimal(101))

    case = opened(order, by=buyer, type=type, reason=reason, photos=(tiny_photo(),))

    assert case.status == "awaiting_return"
    assert case.events.get(action="approve").role == "policy"
    assert told(case, "approve")[0] == "Return authorised by itself: below ¥101.00"


def test_at_the_limit_a_person_decides_and_the_log_says_why(order, buyer):
    rules(authorise_below=Decimal(100))

    case = opened(order, by=buyer)

    assert case.status == "pending_merchant"
    assert told(case, "apply") == ["not “Return authorised by itself”: the sum is not below the limit"]


def test_a_refund_without_goods_is_no_return(order, buyer):
    rules(authorise_below=Decimal(101))

    assert opened(order, by=buyer, type=CaseType.REFUND_ONLY, reason="agreed").status == "pending_merchant"


def category_without(order, name):
    """A policy of its own for a category: nothing there is authorised by itself."""
    general = Policy.objects.get(name="General")
    return Policy.objects.create(name="Jewels", version=1, effective_from=general.effective_from, category=name)


def test_a_category_is_excluded_by_a_policy_of_its_own(order, buyer):
    rules(authorise_below=Decimal(101))
    category_without(order, "jewels")
    order.lines.update(category="jewels")

    assert opened(order, by=buyer).status == "pending_merchant"


def test_an_excluded_category_is_found_behind_other_goods(order, buyer):
    rules(authorise_below=Decimal(500))
    category_without(order, "jewels")
    jewel = OrderLineFactory(order=order, position=2, category="jewels", quantity=1, paid_amount=Decimal(10))
    plain = order.lines.exclude(pk=jewel.pk).get()

    assert opened(order, by=buyer, units={plain.pk: 1, jewel.pk: 1}).status == "pending_merchant"


def test_what_is_sent_first_a_person_decides(order, buyer):
    rules(authorise_below=Decimal(101))

    case = opened(order, by=buyer, type=CaseType.EXCHANGE, dispatches_first=True)

    assert case.status == "pending_merchant"
    assert told(case, "apply") == ["not “Return authorised by itself”: the replacement would be sent first"]


@pytest.mark.parametrize("rule", ["authorise_below", "auto_approve_below"])
def test_a_merchant_without_an_address_is_asked(rule, order, buyer):
    order.merchant.return_addresses.update(is_default=False)
    rules(**{rule: Decimal(101)})

    case = opened(order, by=buyer)

    assert case.status == "pending_merchant"
    assert told(case, "apply")[0].endswith("the merchant has no return address")


def test_a_prepaid_label_makes_the_merchant_pay_the_way_back(order, buyer):
    rules(authorise_below=Decimal(101), has_prepaid_label=True)

    case = opened(order, by=buyer)

    assert (case.reason.freight_payer, case.freight_payer) == ("buyer", "merchant")
    assert "The return label is prepaid: the merchant pays the way back." in told(case, "approve")


def test_a_prepaid_label_counts_where_a_person_agrees_too(order, people):
    rules(has_prepaid_label=True)
    case = opened(order, by=people.buyer)

    case = decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)

    assert case.freight_payer == "merchant"


def test_a_rule_that_is_off_is_not_spoken_of(order, buyer):
    case = opened(order, by=buyer)

    assert case.events.get().data == {"round": 1}


def test_the_policy_may_do_nothing_but_agree(order, people):
    case = opened(order, by=people.buyer)

    assert [move.name for move in (deciding.REJECT, deciding.WITHDRAW, deciding.OFFER) if POLICY.role_for(move)] == []
    assert POLICY.role_for(deciding.APPROVE) == "policy"
    assert case.status == "pending_merchant"


def test_no_return_is_asked_of_one_unit_while_another_case_has_the_other(order, buyer):
    rules(returnless_below=Decimal(60))
    line = order.lines.get()
    other = opened(order, by=buyer, type=CaseType.REFUND_ONLY, reason="agreed", units={line.pk: 1})

    case = decisions.apply(asks(order, units={line.pk: 1}), by=buyer, at=NOON)

    assert (case.type, case.status) == ("refund_only", "refunding")
    assert [each.lines.get().units_held for each in (other, case)] == [1, 1]


def test_the_first_rule_that_fits_decides_and_the_ones_before_it_are_told(buyer, order):
    rules(returnless_below=Decimal(10), authorise_below=Decimal(500))
    big = sold(merchant=order.merchant, buyer=order.buyer)

    case = opened(big, by=buyer)

    assert told(case, "approve") == [
        "Return authorised by itself: below ¥500.00",
        "not “Nothing need come back”: the sum is not below the limit",
    ]
