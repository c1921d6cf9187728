"""Several refunds of one case, and types that change: found by the simulation and by reading for it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from aftersales import sweeps
from aftersales.actions.cases import decisions, negotiation
from aftersales.actions.refunds import gateway_notices, retries, worker
from aftersales.actions.returns import returns
from aftersales.models import Case, Policy
from aftersales.queries.oversight import invariants
from aftersales.rules.vocabulary import CaseType, DeadlineStatus, RefundStatus, Status
from aftersales.simulation.applications import tiny_photo
from orders.gateways import sandbox
from orders.gateways.base import Reply
from orders.refusals import Refused
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def split(shop, order):
    """Unshipped, paid by card and gift card."""
    return sold(merchant=shop, buyer=order.buyer, unshipped=True, payments=[("card", 60), ("gift_card", 50)])


@pytest.fixture
def two_refunds(split, buyer, merchant):
    """A case that gives 60 and 50 back, nothing sent yet."""
    case = opened(split, by=buyer, type=CaseType.REFUND_ONLY)
    decisions.approve(case.pk, by=merchant, at=NOON + HOUR)
    return case


def broken():
    return [verdict.name for verdict in invariants.check_all() if verdict.count]


def reloaded(case):
    return Case.objects.get(pk=case.pk)


def test_one_of_two_is_reversed_before_the_other_is_paid(two_refunds):
    worker.send_next(NOON + HOUR)
    first = two_refunds.refunds.get(status="succeeded")
    worker.apply_reply(first.pk, Reply(outcome="reversed"), at=NOON + 2 * HOUR)

    worker.send_next(NOON + 3 * HOUR)

    second = two_refunds.refunds.exclude(pk=first.pk).get()
    assert second.status == RefundStatus.SUCCEEDED
    assert reloaded(two_refunds).status == Status.REFUND_FAILED
    assert broken() == []


def test_both_fail_and_only_one_is_sent_again(two_refunds, finance):
    sandbox.set_fault("decline", "2x")
    sweeps.send_refunds(NOON + HOUR)
    one, _other = two_refunds.refunds.order_by("pk")
    retries.retry(one.pk, by=finance, at=NOON + 2 * HOUR)

    sweeps.send_refunds(NOON + 2 * HOUR)

    assert reloaded(two_refunds).status == Status.REFUND_FAILED
    assert broken() == []


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
        returns.miss_interception(asked.pk, by=merchant, at=NOON + 3 * HOUR)
    sweeps.fire_deadlines(NOON + 60 * HOUR)

    assert asked.deadlines.get(kind="intercept").status == DeadlineStatus.PENDING
    assert "is already in case" in asked.deadlines.get(kind="intercept").last_error
    assert reloaded(asked).status == Status.INTERCEPTING


def test_a_refund_reversed_while_another_case_has_its_goods_is_finance_s_alone(order, buyer, merchant, finance):
    line = order.lines.get()
    paid = opened(
        order, by=buyer, type=CaseType.REFUND_ONLY, reason="part_missing", units={line.pk: 1}, photos=[tiny_photo()]
    )
    decisions.approve(paid.pk, by=merchant, at=NOON + HOUR)
    sweeps.send_refunds(NOON + HOUR)
    opened(
        order, by=buyer, at=NOON + 2 * HOUR, type=CaseType.REFUND_ONLY, reason="part_missing",
        units={line.pk: 1}, photos=[tiny_photo()],
    )  # fmt: skip
    refund = paid.refunds.get()
    sandbox.reverse(refund.number)

    gateway_notices.apply_notices(NOON + 3 * HOUR)

    refund.refresh_from_db(fields=["needs_person"])
    assert paid.refunds.get().status == RefundStatus.REVERSED
    assert refund.needs_person
    assert reloaded(paid).status == Status.COMPLETED
    assert broken() == []

    retries.retry(refund.pk, by=finance, at=NOON + 4 * HOUR)
    sweeps.send_refunds(NOON + 4 * HOUR)

    assert sorted(paid.refunds.values_list("status", flat=True)) == ["cancelled", "succeeded"]
    assert broken() == []


def test_a_notice_that_can_not_be_applied_holds_up_no_other(two_refunds, split, monkeypatch):
    sweeps.send_refunds(NOON + HOUR)
    first, second = two_refunds.refunds.order_by("pk")
    sandbox.acknowledge_notices([notice.id for notice in sandbox.pull_notices()])
    sandbox.reverse(first.number)
    sandbox.reverse(second.number)
    real = worker.apply_reply

    def poisoned(refund_id, reply, *, at):
        if refund_id == first.pk:
            raise ZeroDivisionError("as planted")
        return real(refund_id, reply, at=at)

    monkeypatch.setattr(worker, "apply_reply", poisoned)

    applied = gateway_notices.apply_notices(NOON + 2 * HOUR)

    assert applied == 1
    assert two_refunds.refunds.get(pk=second.pk).status == RefundStatus.REVERSED
    assert [notice.number for notice in sandbox.pull_notices()] == [first.number]
