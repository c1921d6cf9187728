"""Each item has its own policy, the case one that no item chooses: the order of items never matters."""

from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftersales.actions.cases import decisions
from aftersales.actions.refunds import calculation
from aftersales.models import Policy, Reason, User
from aftersales.queries.cases import applications as offers
from aftersales.queries.cases.case_facts import CaseFacts
from aftersales.queries.policies import item_policies
from aftersales.rules import actor
from aftersales.rules.actor import CLOCK, Actor
from aftersales.rules.vocabulary import CaseType, Role
from orders.models import OrderLine
from orders.refusals import Refused
from tests import counts
from tests.aftersales.stages import DAY, HOUR, again, refusal
from tests.factories import NOON, asks, opened, sold

pytestmark = pytest.mark.django_db
D = Decimal
LONG_AGO = NOON - 400 * DAY
CLOCKS = {"merchant_response": 48 * HOUR, "first_reply": timedelta(minutes=5)}
KINDS = ("fresh", "furniture", "shoes", "gadgets", "")


def policy(name, **fields):
    return Policy.objects.create(**{"name": name, "version": 1, "effective_from": LONG_AGO, **fields})


def order_of(*goods, **fields):
    """An order of one unit of each: (category, paid)."""
    order = sold(lines=[(1, paid) for _category, paid in goods], **fields)
    for line, (category, _paid) in zip(order.lines.order_by("position"), goods, strict=True):
        OrderLine.objects.filter(pk=line.pk).update(category=category, title=category or "shirt")
    return order


def buyer_of(order):
    return actor.buyer(order.buyer_id)


def merchant_of(order):
    return Actor(frozenset({Role.MERCHANT}), merchant_id=order.merchant_id)


def all_of(order):
    return {line.pk: 1 for line in order.lines.all()}


@pytest.fixture
def furniture():
    return policy("Furniture", category="furniture", restocking_percent=D(20))


@pytest.mark.parametrize(
    ("goods", "back"),
    [
        ([("furniture", 500)], 400),
        ([("", 10), ("furniture", 500)], 410),
        ([("furniture", 500), ("", 10)], 410),
    ],
)
def test_the_fee_of_furniture_is_its_own(goods, back, furniture):
    order = order_of(*goods)

    case = opened(order, by=buyer_of(order), units=all_of(order))

    drafts = calculation.trial(again(case))
    assert sum(draft.amount for draft in drafts) == back
    assert [(draft.line_id, draft.amount) for draft in drafts if draft.kind == "restocking"] == [
        (order.lines.get(category="furniture").pk, D(-100))
    ]


@pytest.mark.parametrize("goods", list(permutations([("fresh", 20), ("", 10)])))
def test_fresh_goods_are_refused_by_name_wherever_they_stand(goods):
    order = order_of(*goods)

    with pytest.raises(Refused, match=r"^fresh: By law, fresh and perishable goods"):
        opened(order, by=buyer_of(order), units=all_of(order))

    shirt = order.lines.get(category="")
    assert opened(order, by=buyer_of(order), units={shirt.pk: 1}).status == "pending_merchant"


@pytest.mark.parametrize("goods", list(permutations([("furniture", 500), ("", 10)])))
def test_clocks_and_authority_come_from_no_item(goods):
    policy("Furniture", category="furniture", response_hours=1, authority_agent=D(0), ship_return_days=1)
    policy("No reason", reason=Reason.objects.get(code="changed_mind"), response_hours=2, release_above=D(0))
    order = order_of(*goods)

    case = opened(order, by=buyer_of(order), units=all_of(order))

    assert case.policy.name == "General"
    assert case.due_at == NOON + 48 * HOUR
    assert {line.policy.name for line in case.lines.all()} == {"No reason"}


def test_each_item_is_asked_for_within_its_own_window():
    policy("Shoes", category="shoes", no_reason_days=1)
    order = order_of(("shoes", 50), ("", 10))

    with pytest.raises(Refused, match=r"^shoes: The time to ask for this ended"):
        opened(order, by=buyer_of(order), units=all_of(order))

    assert opened(order, by=buyer_of(order), units={order.lines.get(category="").pk: 1})


def test_each_item_is_asked_for_as_often_as_its_own_policy_says():
    policy("Shoes", category="shoes", application_count=1)
    order = order_of(("", 10), ("shoes", 50))
    case = opened(order, by=buyer_of(order), units=all_of(order))
    decisions.withdraw(case.pk, by=buyer_of(order), at=NOON + HOUR)

    with pytest.raises(Refused, match="shoes was applied for 1 times; 1 is the limit"):
        opened(order, by=buyer_of(order), units=all_of(order))

    assert opened(order, by=buyer_of(order), units={order.lines.get(category="").pk: 1})


def test_a_reason_for_some_goods_does_not_fit_what_is_asked_with_them():
    order = order_of(("fresh", 20), ("shoes", 50))
    option = offers.options(order, order.lines.order_by("position"), NOON)[CaseType.COMPENSATION]
    fit = next(each for each in option.reasons if each.reason.code == "spoiled_10")

    assert [title for title, _why in fit.excepted] == ["shoes"]
    assert fit.refusal([order.lines.get(category="fresh").pk]) == ""
    assert fit.refusal(list(all_of(order))).startswith("shoes: “Fresh food spoiled")


def test_an_item_keeps_its_version_when_another_one_begins(furniture):
    order = order_of(("furniture", 500))
    case = opened(order, by=buyer_of(order))
    Policy.objects.filter(pk=furniture.pk).update(effective_until=NOON + HOUR)
    policy("Furniture", version=2, category="furniture", restocking_percent=D(50), effective_from=NOON + HOUR)

    decisions.reject(case.pk, by=merchant_of(order), at=NOON + 2 * HOUR, reason=refusal())
    decisions.reapply(case.pk, asks(order), by=buyer_of(order), at=NOON + 3 * HOUR)

    assert case.lines.get().policy == furniture


def test_silence_agrees_only_while_every_item_was_asked_in_time():
    policy("Shoes", category="shoes", no_reason_days=3)
    order = order_of(("", 10), ("shoes", 50))
    case = opened(order, by=buyer_of(order), units=all_of(order))

    facts = CaseFacts(again(case), CLOCK, Role.CLOCK, NOON)

    assert facts.window_end == order.signed_at.replace(hour=16, minute=0) + timedelta(days=3)


def test_policies_of_many_cases_are_read_together(furniture, django_assert_num_queries):
    orders = [order_of(("furniture", 500), ("", 10)), order_of(("", 10)), order_of(("furniture", 5))]
    cases = [again(opened(order, by=buyer_of(order), units=all_of(order))) for order in orders]
    alone = [item_policies.of(again(case)) for case in cases]
    assert all(case.policy for case in cases)

    with django_assert_num_queries(2):
        item_policies.read_ahead(cases)
        together = [item_policies.of(case) for case in cases]

    assert together == alone
    assert {policy.name for policy in together[0].values()} == {"Furniture", "General"}


def test_the_page_of_a_case_names_the_policy_of_each_item(furniture, client, supervisor):
    order = order_of(("furniture", 500), ("", 10))
    case = opened(order, by=buyer_of(order), units=all_of(order))
    client.force_login(User.objects.get(pk=supervisor.user_id))

    page = " ".join(client.get(reverse("aftersales:case", args=[case.number])).content.decode().split())

    assert f"?policy={furniture.pk}" in page and f"?policy={case.policy_id}" in page
    assert reverse("aftersales:rule", args=["sum", furniture.pk]) in page


@st.composite
def worlds(draw):
    """Goods of some categories, and what the policies of these say about items and, in vain, about cases."""
    goods = draw(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 900)), min_size=1, max_size=4))
    numbers = {
        kind: {
            "no_reason_allowed": draw(st.booleans()),
            "no_reason_days": draw(st.sampled_from([1, 7])),
            "restocking_percent": D(draw(st.integers(0, 50))),
            "response_hours": draw(st.integers(1, 99)),
            "offer_hours": draw(st.integers(1, 99)),
        }
        for kind in draw(st.sets(st.sampled_from(KINDS[:-1])))
    }
    return goods, numbers, draw(st.permutations(range(len(goods))))


@settings(
    max_examples=counts.of(sample=20, long=300),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(worlds())
def test_neither_order_nor_company_changes_what_an_item_gets(world):
    goods, numbers, turns = world
    turned = [goods[turn] for turn in turns]
    with transaction.atomic():
        for kind, fields in numbers.items():
            policy(kind, category=kind, **fields)

        together, other_way = _offered(goods), _offered(turned)

        assert together == [_offered([each])[0] for each in goods]
        assert other_way == [together[turn] for turn in turns]
        assert _clocks(goods) == _clocks(turned) == CLOCKS
        transaction.set_rollback(True)


def _offered(goods):
    """For each item whether it can be returned without a reason, and the fee."""
    order = order_of(*goods)
    option = offers.options(order, order.lines.order_by("position"), NOON)[CaseType.RETURN_REFUND]
    fits, lines = [each for each in option.reasons if each.reason.code == "changed_mind"], list(order.lines.all())
    allowed = [line for line in lines if fits and line.pk not in fits[0].against]
    fees = _fees(order, allowed)
    return [(line in allowed, fees.get(line.pk)) for line in lines]


def _fees(order, allowed):
    if not allowed:
        return {}
    case = opened(order, by=buyer_of(order), units={line.pk: 1 for line in allowed})
    found = {line.pk: D(0) for line in allowed}
    for draft in calculation.trial(again(case)):
        if draft.kind == "restocking":
            found[draft.line_id] += draft.amount
    return found


def _clocks(goods):
    order = order_of(*goods)
    case = opened(order, by=buyer_of(order), units=all_of(order), reason="agreed")
    return {each.kind: each.due_at - NOON for each in case.deadlines.all()}
