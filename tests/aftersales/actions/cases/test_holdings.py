"""Goods that another case is about: no offer, no change of type and no clock takes them a second time."""

from datetime import timedelta
from decimal import Decimal

import pytest

from aftersales import sweeps
from aftersales.actions.cases import decisions, negotiation
from aftersales.actions.returns import interceptions
from aftersales.models import Case, Policy
from aftersales.rules.vocabulary import CaseType, DeadlineStatus, Status
from aftersales.simulation.applications import tiny_photo
from orders.refusals import Refused
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def reloaded(case):
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def two_units(order, buyer):
    """One unit asked back as a return, the other as money alone."""
    line = order.lines.get()
    return (
        opened(order, by=buyer, type=CaseType.RETURN_REFUND, units={line.pk: 1}),
        opened(
            order, by=buyer, type=CaseType.REFUND_ONLY, reason="part_missing", units={line.pk: 1}, photos=[tiny_photo()]
        ),
    )


def test_an_offer_to_keep_goods_that_another_case_is_about_is_refused(two_units, merchant):
    asked, other = two_units

    with pytest.raises(Refused, match=f"is already in case {other.number}"):
        negotiation.offer(asked.pk, by=merchant, at=NOON + HOUR, amount=Decimal(10), type=CaseType.REFUND_ONLY)

    assert reloaded(asked).status == Status.PENDING_MERCHANT


def test_an_offer_whose_goods_another_case_took_meanwhile_can_not_be_accepted(order, buyer, merchant):
    line = order.lines.get()
    asked = opened(order, by=buyer, type=CaseType.RETURN_REFUND, units={line.pk: 1})
    negotiation.offer(asked.pk, by=merchant, at=NOON + HOUR, amount=Decimal(10), type=CaseType.REFUND_ONLY)
    other = opened(
        order, by=buyer, at=NOON + HOUR, type=CaseType.REFUND_ONLY, reason="part_missing",
        units={line.pk: 1}, photos=[tiny_photo()],
    )  # fmt: skip

    with pytest.raises(Refused, match=f"is already in case {other.number}"):
        negotiation.accept(asked.pk, by=buyer, at=NOON + 2 * HOUR)

    assert reloaded(asked).status == Status.PENDING_BUYER


def test_a_small_return_stays_one_when_another_case_has_the_goods_as_money_alone(order, buyer):
    line = order.lines.get()
    opened(order, by=buyer, type=CaseType.REFUND_ONLY, reason="part_missing", units={line.pk: 1}, photos=[tiny_photo()])
    Policy.objects.update(returnless_below=Decimal(1000))

    asked = opened(order, by=buyer, type=CaseType.RETURN_REFUND, units={line.pk: 1})

    assert (asked.type, asked.status) == (CaseType.RETURN_REFUND, Status.PENDING_MERCHANT)


def test_a_missed_interception_waits_for_a_person_when_the_goods_are_already_being_returned(unsigned, buyer, merchant):
    line = unsigned.lines.get()
    asked = opened(unsigned, by=buyer, type=CaseType.REFUND_ONLY, reason="not_received", units={line.pk: 1})
    decisions.approve(asked.pk, by=merchant, at=NOON + HOUR)
    type(unsigned).objects.filter(pk=unsigned.pk).update(signed_at=NOON + HOUR)
    opened(unsigned, by=buyer, at=NOON + 2 * HOUR, type=CaseType.RETURN_REFUND, units={line.pk: 1})

    with pytest.raises(Refused, match="is already in case"):
        interceptions.miss_interception(asked.pk, by=merchant, at=NOON + 3 * HOUR)
    sweeps.fire_deadlines(NOON + 60 * HOUR)

    assert asked.deadlines.get(kind="intercept").status == DeadlineStatus.PENDING
    assert "is already in case" in asked.deadlines.get(kind="intercept").last_error
    assert reloaded(asked).status == Status.INTERCEPTING
