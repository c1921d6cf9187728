"""The buyer paid a way back that is the merchant's: told with a receipt, owed in the same case, once."""

from decimal import Decimal

import pytest

from aftersales.actions import gate
from aftersales.actions.cases import decisions
from aftersales.actions.disputes import arbitration
from aftersales.actions.refunds import receivables
from aftersales.actions.returns import inspections, receipts, return_freight
from aftersales.models import Case, Notice, Policy
from aftersales.rules.vocabulary import CaseType
from orders.refusals import Refused
from tests.aftersales.stages import DAY, HOUR, again, broken, found, inspect, pay, picture, refusal, stage
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db
D = Decimal
LATER = NOON + DAY
TWELVE = D(12)


@pytest.fixture
def agreed(order, people):
    """A return at the merchant's fault: the merchant pays both ways."""
    return agreed_for(order, people)


def agreed_for(order, people, **fields):
    case = opened(order, by=people.buyer, reason="broken", photos=[picture()], **fields)
    return decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)


def told(case, people, amount=TWELVE, photos=None, at=NOON + 2 * HOUR):
    photos = [picture()] if photos is None else photos
    return return_freight.claim(case.pk, by=people.buyer, at=at, amount=amount, photos=photos)


def received(case, people):
    units = {line.pk: line.units for line in case.lines.all()}
    receipts.receive(case.pk, by=people.warehouse, at=LATER, units=units)
    return again(case)


def owed(case):
    return list(case.receivables.values_list("kind", "debtor", "creditor", "amount", "status"))


def test_it_is_owed_once_the_goods_are_accepted_beside_the_refund_of_both_ways(agreed, people):
    told(agreed, people)
    assert (owed(agreed), again(agreed).buyer_freight_amount) == ([], 12)
    assert Notice.objects.filter(action="claim_return_freight", recipient="merchant").count() == 1

    inspect(received(agreed, people), people, LATER)
    pay(LATER)

    assert (again(agreed).status, again(agreed).agreed_amount) == ("completed", 110)
    assert owed(agreed) == [("buyer_freight", "merchant", "buyer", D(12), "open")]
    receivables.settle(agreed.receivables.get().pk, by=people.finance, at=LATER + HOUR, reference="T1")
    assert broken() == []


@pytest.mark.parametrize("type", [CaseType.EXCHANGE, CaseType.REPAIR])
def test_it_is_owed_where_the_case_pays_no_money_at_all(type, order, people):
    case = agreed_for(order, people, type=type)
    told(case, people)

    inspect(received(case, people), people, LATER)

    assert owed(case) == [("buyer_freight", "merchant", "buyer", D(12), "open")]


def test_a_receipt_that_comes_after_the_money_is_owed_at_once_in_the_same_case(agreed, people):
    inspect(received(agreed, people), people, LATER)
    pay(LATER)

    told(agreed, people, at=LATER + HOUR)

    assert (again(agreed).status, owed(agreed)) == (
        "completed",
        [("buyer_freight", "merchant", "buyer", D(12), "open")],
    )
    assert broken() == []


def test_nothing_is_owed_for_goods_that_were_refused(agreed, people):
    told(agreed, people)
    case = received(agreed, people)
    seen = found(case.lines.get(), 2, accepted=False)
    inspections.fail_inspection(case.pk, seen, by=people.warehouse, at=LATER, reason=refusal())
    arbitration.escalate(case.pk, by=people.buyer, at=LATER + HOUR)
    arbitration.rule_for_merchant(case.pk, by=people.supervisor, at=LATER + 2 * HOUR, ruling="Worn.")

    assert owed(case) == []


def test_it_is_told_once_with_a_receipt_within_the_ceiling(agreed, people):
    Policy.objects.update(return_freight_ceiling=D(20))
    with pytest.raises(Refused, match="photo of the carrier's receipt"):
        told(agreed, people, photos=[])
    for amount in (D(0), D("-1"), D("20.01"), D("0.001")):
        with pytest.raises(Refused, match="is paid back by the policy"):
            told(agreed, people, amount=amount)
    told(agreed, people, amount=D(20))
    with pytest.raises(Refused, match="on record already"):
        told(agreed, people)

    assert Case.objects.get().buyer_freight_amount == 20


def test_the_buyers_own_way_back_is_not_paid(order, people):
    with pytest.raises(Refused, match="not the merchant's to pay back: The reason is the buyer's"):
        told(stage("awaiting_return", order, people), people)


def test_a_prepaid_label_costs_the_buyer_nothing(order, people):
    Policy.objects.update(has_prepaid_label=True)

    with pytest.raises(Refused, match="The return label is prepaid"):
        told(agreed_for(order, people), people)


def test_nothing_came_back_of_a_request_for_money_alone(order, people):
    case = opened(order, by=people.buyer, reason="broken", type=CaseType.REFUND_ONLY, photos=[picture()])

    with pytest.raises(Refused, match="Nothing was sent back"):
        told(case, people)


def test_the_warehouse_does_not_say_what_the_buyer_paid(agreed, people):
    with pytest.raises(gate.Forbidden):
        return_freight.claim(agreed.pk, by=people.warehouse, at=NOON, amount=D(5), photos=[picture()])
