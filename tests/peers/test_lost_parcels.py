"""45. A lost parcel is never waited for, and what was not received is never asked back."""

import pytest
from django.conf import settings

from aftersales import sweeps
from aftersales.actions.cases import decisions
from aftersales.actions.disputes import evidence
from aftersales.actions.returns import interceptions, scan_processing
from aftersales.rules.vocabulary import CaseType
from logistics.models import Parcel
from orders.refusals import Refused
from tests.aftersales.actions.returns.scans import reported, sent
from tests.aftersales.stages import HOUR, MINUTE, again, broken, pay, picture
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db
NOT_RECEIVED = {"type": CaseType.REFUND_ONLY, "reason": "not_received"}


@pytest.fixture
def parcel(unsigned):
    """On its way to the buyer."""
    parcel = sent(unsigned)
    heard(parcel, "in_transit", NOON - HOUR)
    return parcel


def heard(parcel, status, at):
    reported(parcel, status, at)
    scan_processing.process_due(at)


def claims(case):
    return [(owed.kind, owed.debtor, owed.amount) for owed in case.receivables.all()]


def intercepting(order, people, **asked):
    case = opened(order, by=people.buyer, **{"type": CaseType.REFUND_ONLY, **asked})
    return decisions.approve(case.pk, by=people.merchant, at=NOON)


def test_a_scan_that_says_lost_ends_the_wait_with_money_and_a_claim(unsigned, parcel, people):
    case = intercepting(unsigned, people)

    heard(parcel, "lost", NOON + HOUR)
    pay(NOON + HOUR)

    case = again(case)
    assert (case.type, case.status) == ("refund_only", "completed")
    assert claims(case) == [("carrier_loss", "carrier", 100)]
    assert not broken()


def test_goods_that_are_lost_before_the_approval_are_paid_at_once(unsigned, parcel, people):
    heard(parcel, "lost", NOON - MINUTE)

    case = intercepting(unsigned, people)

    assert case.status == "refunding"
    assert claims(case) == [("carrier_loss", "carrier", 100)]


def test_a_return_of_what_gets_lost_on_its_way_to_the_buyer_is_paid_without_it(unsigned, parcel, people):
    case = intercepting(unsigned, people, type=CaseType.RETURN_REFUND)
    assert case.status == "awaiting_return"

    heard(parcel, "lost", NOON + HOUR)
    pay(NOON + HOUR)

    assert again(case).status == "completed"
    assert not broken()


def test_an_interception_that_lapses_on_a_parcel_that_does_not_move_is_paid(unsigned, parcel, people):
    case = intercepting(unsigned, people)
    Parcel.objects.filter(pk=parcel.pk).update(heard_at=NOON - settings.PARCEL_QUIET_AFTER)

    sweeps.fire_deadlines(case.due_at + MINUTE)

    case = again(case)
    assert (case.status, claims(case)) == ("refunding", [("carrier_loss", "carrier", 100)])
    assert (case.deadlines.get(kind="intercept").status, case.breached_at) == ("fired", None)


def test_an_interception_that_lapses_on_a_parcel_that_moves_asks_it_back(unsigned, parcel, people):
    case = intercepting(unsigned, people)
    reported(parcel, "delivering", NOON + 47 * HOUR)

    sweeps.fire_deadlines(case.due_at + MINUTE)

    assert again(case).status == "awaiting_return"


def test_what_was_not_received_is_not_asked_back_when_the_interception_lapses(unsigned, parcel, people):
    case = intercepting(unsigned, people, **NOT_RECEIVED)
    reported(parcel, "delivering", NOON + 47 * HOUR)

    sweeps.fire_deadlines(case.due_at + MINUTE)

    assert (again(case).type, again(case).status) == ("refund_only", "refunding")


def test_a_merchant_asks_back_what_was_not_received_only_with_proof_of_the_signature(unsigned, people):
    case = intercepting(unsigned, people, **NOT_RECEIVED)

    with pytest.raises(Refused, match="Nothing shows that the goods arrived"):
        interceptions.miss_interception(case.pk, by=people.merchant, at=NOON + HOUR)
    evidence.add(case.pk, [picture()], by=people.merchant, at=NOON + HOUR)
    case = interceptions.miss_interception(case.pk, by=people.merchant, at=NOON + 2 * HOUR)

    assert case.status == "awaiting_return"


def test_a_signature_ends_the_wait_for_an_interception_with_a_return(unsigned, parcel, people):
    case = intercepting(unsigned, people, **NOT_RECEIVED)

    heard(parcel, "signed", NOON + HOUR)

    assert again(case).status == "awaiting_return"
