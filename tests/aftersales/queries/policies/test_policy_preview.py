"""The preview of a policy asks the rules that decide: what it says of a version is what the version does."""

from decimal import Decimal

import pytest

from aftersales.models import Policy
from aftersales.queries.policies import policy_fields, policy_preview
from aftersales.rules.cases import automatic_decisions, decision_sentences
from tests.aftersales.stages import again
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db
SUMS = (84, 88, 92, 95, 99)


def candidate(**changes):
    """An unsaved second version of the general policy."""
    numbers = policy_fields.copied(Policy.objects.get(name="General"))
    numbers = {Policy._meta.get_field(name).attname: value for name, value in numbers.items()}
    return Policy(**{"name": "General", "version": 2, "effective_from": NOON} | numbers | changes)


def returns(agent, *sums):
    return [opened(sold(lines=[(1, each)]), by=agent) for each in sums]


def rules_of(change):
    return [sentence for sentence in change.differences if "instead of" in sentence]


def test_a_returnless_limit_shows_the_returns_below_it(agent):
    returns(agent, *SUMS, 100, 140)

    seen = policy_preview.preview(candidate(returnless_below=Decimal(100)), NOON)

    assert seen.examined == 7
    assert sorted(change.case.requested_amount for change in seen.changes) == list(SUMS)
    assert {tuple(change.differences) for change in seen.changes} == {
        ("Nothing need come back instead of: A person decides",)
    }


def test_each_kind_of_difference_has_its_number_and_its_sum(agent):
    returns(agent, *SUMS, 100)

    seen = policy_preview.preview(candidate(returnless_below=Decimal(90), authority_agent=Decimal(95)), NOON)

    returnless, second = seen.kinds["Nothing need come back"], seen.kinds["Agent would need a second person"]
    assert (returnless.number, returnless.asked) == (2, {"CNY": Decimal(172)})
    assert (second.number, second.asked) == (2, {"CNY": Decimal(199)})


@pytest.mark.parametrize("rule", automatic_decisions.RULES)
@pytest.mark.parametrize("type", ["return_refund", "exchange"])
def test_what_the_preview_says_is_what_the_policy_then_does(rule, type, agent):
    asked = opened(sold(lines=[(1, 80)]), by=agent, type=type)
    switched_on = {rule: Decimal(100), "instant_buyer_level": 0}

    seen = policy_preview.preview(candidate(**switched_on), NOON)
    Policy.objects.update(**switched_on)
    same = opened(sold(lines=[(1, 80)]), by=agent, type=type)

    decided = same.events.filter(action="approve").values_list("data__rule", flat=True).first()
    said = [f"{decision_sentences.RULES[decided]} instead of: A person decides"] if decided else []
    assert [rules_of(change) for change in seen.changes if change.case == asked] == ([said] if said else [])


def test_a_return_that_nothing_had_to_come_back_of_would_wait_for_a_person_again(agent):
    Policy.objects.update(returnless_below=Decimal(100))
    (case,) = returns(agent, 80)

    (change,) = policy_preview.preview(candidate(returnless_below=Decimal(0)), NOON).changes

    assert again(case).type == "refund_only"
    assert change.differences == ["A person decides instead of: Nothing need come back"]


def test_a_version_that_keeps_all_numbers_decides_nothing_differently(agent):
    returns(agent, *SUMS)

    seen = policy_preview.preview(candidate(), NOON)

    assert (seen.examined, seen.changes) == (5, [])


def test_a_fee_is_that_of_the_calculation(agent):
    returns(agent, 80)

    seen = policy_preview.preview(candidate(restocking_percent=Decimal(10)), NOON)

    (change,) = seen.changes
    assert (change.money, seen.totals) == (Decimal(-8), {"CNY": Decimal(-8)})
    assert len(rules_of(change)) == 1 and "Restocking fee" in change.differences[0]


def test_limits_of_a_day_and_of_a_role_are_looked_at(agent):
    returns(agent, 80)

    seen = policy_preview.preview(candidate(authority_agent_day=Decimal(50), release_above=Decimal(60)), NOON)

    assert seen.changes[0].differences == ["Agent would need a second person", "finance would release it"]


def test_a_clock_concerns_the_cases_that_it_runs_in(agent):
    returns(agent, 80)

    other = policy_preview.preview(candidate(dispatch_hours=24), NOON)
    (answer,) = policy_preview.preview(candidate(response_hours=24), NOON).changes

    assert other.changes == []
    assert "24 hours instead of 48 hours" in answer.differences[0]


@pytest.mark.parametrize("place", [0, 1])
def test_a_policy_for_a_category_changes_its_items_wherever_they_stand(place, agent):
    order = sold(lines=[(1, 10), (1, 10)])
    lines = list(order.lines.order_by("position"))
    type(lines[0]).objects.filter(pk=lines[place].pk).update(category="furniture")
    opened(order, by=agent, units={line.pk: 1 for line in lines})
    other = candidate(name="Furniture", version=1, category="furniture", restocking_percent=Decimal(20))
    other.response_hours, other.authority_agent = 1, Decimal(0)

    (change,) = policy_preview.preview(other, NOON).changes

    assert change.money == Decimal(-2)
    assert [each.split(":")[0] for each in change.differences] == ["Restocking fee"]


def test_a_policy_for_a_category_that_nobody_asks_for_changes_nothing(agent):
    returns(agent, 84)

    seen = policy_preview.preview(candidate(name="Hats", version=1, category="hats", no_reason_allowed=False), NOON)

    assert (seen.examined, seen.changes) == (1, [])


def test_an_exclusion_shows_the_requests_that_it_would_refuse(agent):
    order = sold(lines=[(1, 84)])
    order.lines.update(category="ice")
    opened(order, by=agent)
    other = candidate(name="Ice", version=1, category="Ice", ground="perishable", no_reason_allowed=False)

    (change,) = policy_preview.preview(other, NOON).changes

    assert change.differences == [
        "would be refused: By law, fresh and perishable goods are not returned without a reason."
    ]
    assert change.money == Decimal(-84)
