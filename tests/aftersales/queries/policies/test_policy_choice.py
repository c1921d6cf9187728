"""Which policy decides, and that a case keeps it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from aftersales.actions.cases import decisions
from aftersales.models import Policy, Reason
from aftersales.queries.policies import policy_choice
from aftersales.rules.cases import automatic_decisions
from orders.models import OrderLine
from tests.aftersales.stages import HOUR, again
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db


def policy(name, **fields):
    return Policy.objects.create(**{"name": name, "version": 1, "effective_from": NOON - timedelta(days=1), **fields})


def resolved(order, *, at=NOON, type="return_refund", reason="changed_mind", category="shoes"):
    request = policy_choice.Request(order, type, Reason.objects.get(code=reason))
    line = OrderLine(order=order, category=category)
    return policy_choice.of_item(policy_choice.for_order(order, at), request, line).name


def of_the_case(order, *, at=NOON, type="return_refund"):
    return policy_choice.of_case(policy_choice.for_order(order, at), order, type).name


@pytest.fixture
def scoped(order):
    """One policy per kind of scope, from the least to the most specific."""
    reason = Reason.objects.get(code="changed_mind")
    return [
        policy("currency", currency="CNY"),
        policy("level", buyer_level=order.buyer.level),
        policy("channel", channel="manual"),
        policy("type", case_type="return_refund"),
        policy("category", category="shoes"),
        policy("reason", reason=reason),
        policy("merchant", merchant=order.merchant),
    ]


def test_of_those_that_fit_the_most_specific_decides(scoped, order):
    names = []
    for row in reversed(scoped):
        names.append(resolved(order))
        row.delete()

    assert names == ["merchant", "reason", "category", "type", "channel", "level", "currency"]
    assert resolved(order) == "General"


def test_two_scopes_beat_one_of_them(scoped, order):
    policy("both", merchant=order.merchant, category="shoes")

    assert resolved(order) == "both"
    assert resolved(order, category="hats") == "merchant"


@pytest.mark.parametrize(
    "other",
    [
        {"currency": "USD"},
        {"amount_from": 111, "category": "shoes"},
        {"amount_below": 110, "category": "shoes"},
        {"buyer_level": 3},
        {"channel": "taobao"},
        {"case_type": "refund_only"},
        {"category": "boots"},
    ],
)
def test_a_policy_for_something_else_does_not_decide(other, order):
    policy("other", **other)

    assert resolved(order) == "General"


def test_a_policy_of_another_shop_does_not_decide(order):
    policy("other", merchant=sold().merchant)

    assert resolved(order) == "General"


def test_a_policy_decides_from_its_first_moment_until_its_last(order):
    policy("today", category="shoes", effective_from=NOON, effective_until=NOON + HOUR)

    second = timedelta(seconds=1)
    names = [resolved(order, at=at) for at in (NOON - second, NOON, NOON + HOUR - second, NOON + HOUR)]

    assert names == ["General", "today", "today", "General"]


def test_without_any_policy_nothing_is_decided_in_silence(order):
    Policy.objects.all().delete()

    with pytest.raises(policy_choice.NoPolicy):
        resolved(order)


def test_an_open_case_keeps_its_version_for_every_later_promise(order, buyer, merchant):
    case = opened(order, by=buyer)
    Policy.objects.filter(pk=case.policy_id).update(effective_until=NOON + HOUR)
    policy("General", version=2, effective_from=NOON + HOUR, ship_return_days=1, authority_agent=Decimal(0))

    case = decisions.approve(case.pk, by=merchant, at=NOON + 2 * HOUR)

    assert case.due_at == NOON + 2 * HOUR + timedelta(days=7)
    assert again(case).deadlines.get(kind="ship_return").policy.version == 1


@pytest.mark.parametrize(
    ("amount", "limit", "below"), [(99, 100, True), (100, 100, False), (0, 0, False), (5, 0, False)]
)
def test_a_limit_of_nothing_is_switched_off(amount, limit, below):
    assert automatic_decisions.below(Decimal(amount), Decimal(limit)) is below
