"""Money owed above what one person of finance lets go: two say that it was paid, or that it is waived."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from aftersales.actions.refunds import receivables
from aftersales.models import Event, Policy, Receivable
from orders.refusals import Refused
from tests.aftersales.stages import HOUR, broken
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db
K, P = Receivable.Kind, Receivable.Party


def settled(receivable, by, reference="PAY-9"):
    return receivables.settle(receivable.pk, by=by, at=NOON + 5 * HOUR, reference=reference)


@pytest.fixture
def much(order, people):
    """3 × ¥150 that carriers owe; one person of finance lets ¥200 of an order go."""
    Policy.objects.update(authority_finance=200)
    case = opened(order, by=people.buyer)
    return [
        receivables.owe(case, kind, Decimal(150), P.CARRIER, P.MERCHANT, at=NOON)
        for kind in (K.LAB_FEE, K.GOODS_BACK, K.SUPPLIER_CLAIM)
    ]


def test_above_what_one_lets_go_two_of_finance_say_that_it_was_paid(much, people):
    first, second, _third = much
    alone, told = settled(first, people.finance), settled(second, people.finance)

    with pytest.raises(Refused, match="a second person of finance"):
        settled(second, people.finance)
    both = settled(second, people.finance2)

    assert (alone.status, told.status, told.payment_told_by_id) == ("settled", "open", people.finance.user_id)
    assert (both.status, both.settled_by_id) == ("settled", people.finance2.user_id)
    assert Event.objects.get(action="settle_receivable", user=people.finance2.user_id).data["first"] == "Finance"
    assert broken() == []


def test_another_reference_begins_anew(much, people):
    first, second, _third = much
    settled(first, people.finance)
    settled(second, people.finance)

    anew = settled(second, people.finance2, "PAY-10")

    assert (anew.status, anew.payment_told_by_id, anew.reference) == ("open", people.finance2.user_id, "PAY-10")
    assert settled(second, people.finance, "PAY-10").status == "settled"


def test_waivers_count_with_payments_of_the_same_order(much, people):
    first, second, _third = much
    settled(first, people.finance)

    proposed = receivables.waive_one(second.pk, by=people.finance, at=NOON + 5 * HOUR, why="Bankrupt.")

    assert (proposed.status, proposed.waiver_proposed_by_id) == ("open", people.finance.user_id)
    assert receivables.waive_one(second.pk, by=people.finance2, at=NOON + 5 * HOUR, why="Seen.").status == "waived"


@pytest.mark.parametrize(("field", "status"), [("payment_told", "settled"), ("waiver_proposed", "waived")])
def test_the_database_refuses_one_person_as_both(field, status, much, people):
    one = {f"{field}_by": people.finance.user_id, f"{field}_at": NOON, "settled_by": people.finance.user_id}

    with pytest.raises(IntegrityError, match="two_people_"), transaction.atomic():
        Receivable.objects.filter(pk=much[0].pk).update(status=status, settled_at=NOON, reference="R", **one)
