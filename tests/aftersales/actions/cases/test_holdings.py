"""Units are reserved, not items: several open cases share an item, and none takes what another one has."""

from datetime import timedelta
from decimal import Decimal

import pytest

from aftersales.actions.cases import decisions, negotiation
from aftersales.actions.returns import interceptions
from aftersales.models import Case, Policy
from aftersales.rules.vocabulary import CaseType, Status
from aftersales.simulation.applications import tiny_photo
from orders.refusals import Refused
from tests.aftersales.stages import broken, pay
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
MONEY_ALONE = [(CaseType.COMPENSATION, "stain_or_smell"), (CaseType.PRICE_PROTECTION, "price_dropped")]


def sum_of(kind):
    return Decimal(5) if kind == CaseType.COMPENSATION else None


def reloaded(case):
    return Case.objects.get(pk=case.pk)


def asked(order, type, *, by, units=1, at=NOON, reason="agreed", **fields):
    photos = fields.pop("photos", [tiny_photo()])
    return opened(order, by=by, at=at, type=type, reason=reason, units={order.lines.get().pk: units}, photos=photos,
                  price_now=Decimal(40), **fields)  # fmt: skip


def test_an_offer_to_keep_one_unit_stands_beside_a_case_about_the_other(order, buyer, merchant):
    first, other = (asked(order, kind, by=buyer) for kind in (CaseType.RETURN_REFUND, CaseType.REFUND_ONLY))

    negotiation.offer(first.pk, by=merchant, at=NOON + HOUR, amount=Decimal(10), type=CaseType.REFUND_ONLY)
    negotiation.accept(first.pk, by=buyer, at=NOON + 2 * HOUR)

    assert [reloaded(case).type for case in (first, other)] == [CaseType.REFUND_ONLY] * 2
    assert broken() == []


def test_a_small_return_of_one_unit_need_not_come_back_beside_a_case_about_the_other(order, buyer):
    asked(order, CaseType.REFUND_ONLY, by=buyer)
    Policy.objects.update(returnless_below=Decimal(1000))

    second = asked(order, CaseType.RETURN_REFUND, by=buyer)

    assert (second.type, second.status) == (CaseType.REFUND_ONLY, Status.REFUNDING)
    assert broken() == []


def test_a_missed_interception_of_one_unit_becomes_a_return_beside_a_return_of_the_other(unsigned, buyer, merchant):
    first = asked(unsigned, CaseType.REFUND_ONLY, by=buyer, reason="not_received", photos=[])
    decisions.approve(first.pk, by=merchant, at=NOON + HOUR)
    type(unsigned).objects.filter(pk=unsigned.pk).update(signed_at=NOON + HOUR, signed_told_by="import")
    asked(unsigned, CaseType.RETURN_REFUND, by=buyer, at=NOON + 2 * HOUR, reason="changed_mind")

    interceptions.miss_interception(first.pk, by=merchant, at=NOON + 3 * HOUR)

    assert (reloaded(first).type, reloaded(first).status) == (CaseType.RETURN_REFUND, Status.AWAITING_RETURN)
    assert broken() == []


@pytest.mark.parametrize(("kind", "reason"), MONEY_ALONE)
def test_money_for_each_unit_is_asked_once_at_a_time(kind, reason, order, buyer):
    first = asked(order, kind, by=buyer, reason=reason, amount=sum_of(kind))

    with pytest.raises(Refused, match=f"1 of 2 can still be asked for. In cases: 1 in case {first.number}"):
        asked(order, kind, by=buyer, units=2, reason=reason, amount=sum_of(kind))
    second = asked(order, kind, by=buyer, reason=reason, amount=sum_of(kind))

    assert first.requested_amount == second.requested_amount
    assert broken() == []


def test_one_unit_with_a_dropped_price_after_the_other_gets_the_whole_drop_and_no_more(order, buyer, merchant):
    cases = [
        asked(order, CaseType.PRICE_PROTECTION, by=buyer, reason="price_dropped", at=NOON + turn * HOUR)
        for turn in range(2)
    ]

    assert [case.requested_amount for case in cases] == [Decimal(10), Decimal(10)]
    for case in cases:
        decisions.approve(case.pk, by=merchant, at=NOON + 3 * HOUR)
    pay(NOON + 4 * HOUR, times=2)
    with pytest.raises(Refused, match="not lower"):
        asked(order, CaseType.PRICE_PROTECTION, by=buyer, reason="price_dropped", at=NOON + 5 * HOUR)


def test_an_offer_of_money_for_units_of_another_case_about_money_is_refused(order, buyer, merchant):
    other = asked(order, CaseType.COMPENSATION, by=buyer, reason="stain_or_smell")
    case = asked(order, CaseType.RETURN_REFUND, by=buyer, units=2)

    with pytest.raises(Refused, match=other.number):
        negotiation.offer(case.pk, by=merchant, at=NOON + HOUR, amount=Decimal(10), type=CaseType.COMPENSATION)


def test_a_compensation_taken_back_up_asks_for_no_unit_of_another_one(order, buyer, supervisor):
    first = asked(order, CaseType.COMPENSATION, by=buyer, reason="stain_or_smell", units=2)
    decisions.withdraw(first.pk, by=buyer, at=NOON + HOUR)
    other = asked(order, CaseType.COMPENSATION, by=buyer, reason="stain_or_smell", at=NOON + 2 * HOUR)

    with pytest.raises(Refused, match=other.number):
        decisions.reopen(first.pk, by=supervisor, at=NOON + 3 * HOUR, why="It was a mistake.")
