"""Refunds that were paid outside the gateway: proposed by one person, confirmed by a second, sent by nobody."""

from datetime import timedelta

import pytest

from aftersales.actions.refunds import manual_settlement, refund_worker
from aftersales.models import Case, Refund
from aftersales.rules.vocabulary import RefundStatus, Status
from orders.gateways import sandbox
from orders.models import Posting
from orders.refusals import Refused
from tests.factories import NOON

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def balance_is_even():
    return sum(Posting.objects.values_list("amount", flat=True)) == 0


def test_two_people_settle_a_reversed_refund_by_hand(reversed_refund, finance, finance2):
    manual_settlement.propose(reversed_refund.pk, by=finance, at=NOON + 3 * HOUR, reference="BANK-1")

    paid = manual_settlement.confirm(reversed_refund.pk, by=finance2, at=NOON + 4 * HOUR)

    assert (paid.status, paid.hand_reference) == (RefundStatus.SUCCEEDED, "BANK-1")
    assert Case.objects.get().status == Status.COMPLETED
    assert not refund_worker.send_next(NOON + 5 * HOUR)
    assert balance_is_even()


def test_what_is_being_settled_by_hand_is_not_sent_meanwhile(refund, finance, finance2):
    sandbox.set_fault("error_500", "always")
    refund_worker.send_next(NOON + HOUR)
    manual_settlement.propose(refund.pk, by=finance, at=NOON + 2 * HOUR, reference="BANK-1")
    sandbox.clear_faults()

    sent = refund_worker.send_next(NOON + 3 * HOUR)

    assert not sent
    manual_settlement.drop(refund.pk, by=finance2, at=NOON + 4 * HOUR)
    assert refund_worker.send_next(NOON + 5 * HOUR)
    assert Refund.objects.get().status == RefundStatus.SUCCEEDED


def test_no_proposal_while_a_worker_talks_to_the_gateway(refund, finance):
    Refund.objects.update(status=RefundStatus.UNKNOWN, lease_until=NOON + 2 * HOUR)

    with pytest.raises(Refused, match="right now"):
        manual_settlement.propose(refund.pk, by=finance, at=NOON + HOUR, reference="BANK-1")
