"""折旧费: money in place of a repair although the same model is in stock may cost the use that was had of it."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from aftersales.actions.replacements import repairs
from aftersales.models import Policy
from aftersales.queries.refunds import refund_preview
from aftersales.rules import actor
from aftersales.rules.refunds import settlement
from aftersales.rules.vocabulary import Status
from logistics import stock
from tests.aftersales.stages import DAY, again, broken, pay, stage
from tests.aftersales.views.desk import address, seat
from tests.factories import NOON

pytestmark = pytest.mark.django_db
RATE = Decimal("0.5")
CHOSEN = NOON + 40 * DAY
# All that was paid, at the merchant's fault with the freight of the way out.
WHOLE = [("goods", Decimal(100), ""), ("freight", Decimal(10), "freight_both_ways")]


@pytest.fixture
def case(order, people):
    """Two units of 50.00, signed two days before noon, in repair for longer than the policy allows."""
    Policy.objects.update(depreciation_day_percent=RATE)
    made = stage(Status.REPAIRING, order, people)
    repairs.offer_choice(made.pk, by=actor.CLOCK, at=again(made).due_at)
    return again(made)


@pytest.fixture
def in_stock(case, people):
    sku = case.lines.get().order_line.sku
    shelf = stock.correct(case.merchant_id, sku, 2, why="Counted.", by_id=people.warehouse.user_id, at=NOON)
    assert stock.available(case.merchant_id, sku) == 2
    return shelf


def charges(case):
    return list(case.charges.values_list("kind", "amount", "rule"))


@pytest.mark.usefixtures("in_stock")
def test_days_of_use_are_charged_by_the_rate_without_the_time_in_repair(case, people):
    repairs.choose_refund(case.pk, by=people.buyer, at=CHOSEN)
    pay(CHOSEN)

    goods, *freight, fee = charges(again(case))
    days = case.lines.get().use_days
    assert 0 < days <= 3  # away since it was sent in, whatever the repair took
    assert [goods, *freight] == WHOLE
    assert fee == ("depreciation", -days * Decimal("0.5"), f"depreciation:0.5:{days}")
    assert refund_preview.explained(fee[2]).startswith(f"{days} days of use at 0.5 % a day")
    assert again(case).agreed_amount == Decimal(110) - days * Decimal("0.5")
    assert broken() == []


@pytest.mark.usefixtures("in_stock")
def test_what_comes_off_is_said_with_its_rule_before_it_is_confirmed(case, people):
    page = seat(people.agent).get(address(case, "choose_refund"))
    drafts = repairs.money_instead(case, CHOSEN)

    assert "Deducted: Depreciation" in page.text
    assert "the same model was in stock" in page.text
    assert "sends the goods back" not in page.text
    repairs.choose_refund(case.pk, by=people.buyer, at=CHOSEN)
    assert [(each.kind, each.amount) for each in drafts] == [row[:2] for row in charges(case)]


def test_without_the_model_in_stock_nothing_comes_off(case, people):
    repairs.choose_refund(case.pk, by=people.buyer, at=CHOSEN)

    assert charges(case) == WHOLE


@pytest.mark.parametrize("have", [1, 0])
def test_too_few_of_it_are_none(have, case, in_stock, people):
    stock.correct(in_stock.merchant_id, in_stock.sku, have, why="Sold.", by_id=people.warehouse.user_id, at=CHOSEN)

    repairs.choose_refund(case.pk, by=people.buyer, at=CHOSEN)

    assert charges(case) == WHOLE


@pytest.mark.usefixtures("in_stock")
def test_a_policy_without_a_rate_charges_nothing(case, people):
    Policy.objects.update(depreciation_day_percent=0)

    repairs.choose_refund(case.pk, by=people.buyer, at=CHOSEN)

    assert charges(case) == WHOLE


def test_it_never_costs_more_than_the_goods_and_is_taken_of_its_own_item(case):
    policy = case.policy
    policy.depreciation_day_percent = Decimal(5)
    items = [settlement.Item(1, 1, Decimal(60), policy, 1000), settlement.Item(2, 1, Decimal(40), policy)]
    case.type = "return_refund"

    drafts = settlement.work_out(case, items, freight=Decimal(0), agreed=None, source="offer")

    assert [(each.kind, each.line_id, each.amount) for each in drafts[2:]] == [("depreciation", 1, Decimal(-60))]
    assert settlement.spread(drafts, items, "CNY") == {1: Decimal(0), 2: Decimal(40)}


@pytest.mark.parametrize("rate", [Decimal("-0.1"), Decimal("10.1")])
def test_a_rate_lies_between_nothing_and_a_tenth(rate):
    with pytest.raises(IntegrityError), transaction.atomic():
        Policy.objects.update(depreciation_day_percent=rate)
