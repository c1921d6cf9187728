"""The main job, end to end and without a screen: asked, agreed, shipped, received, inspected, paid."""

from datetime import timedelta
from decimal import Decimal

import pytest

from aftersales import sweeps
from aftersales.actions.cases import decisions
from aftersales.actions.disputes import arbitration
from aftersales.actions.refunds import refund_worker, retries
from aftersales.actions.returns import inspections, receipts, shipments
from aftersales.actions.returns.inspections import Finding
from aftersales.models import Case, Event, Refund, RejectReason
from aftersales.rules.vocabulary import CaseType, Condition, Disposition, RefundStatus, Status
from orders.gateways import sandbox
from orders.gateways.base import Reply
from orders.models import Posting
from tests.factories import NOON, opened, tiny_photo

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_a_return_goes_from_request_to_money(order, agent, buyer, warehouse):
    case = opened(order, by=buyer)
    decisions.approve(case.pk, by=agent, at=NOON + HOUR, version=case.version)
    shipments.ship(case.pk, by=buyer, at=NOON + 2 * HOUR, carrier="SF", waybill="SF100200300")
    line = case.lines.get()
    receipts.receive(case.pk, by=warehouse, at=NOON + 3 * HOUR, units={line.pk: 2}, waybill="SF100200300")
    found = Finding(line.pk, Condition.AS_NEW, Disposition.RESTOCK, True)

    inspections.pass_inspection(case.pk, [found, found], by=warehouse, at=NOON + 4 * HOUR)
    sent = sweeps.send_refunds(NOON + 5 * HOUR)

    case = Case.objects.get(pk=case.pk)
    assert sent == 1
    assert case.status == Status.COMPLETED
    assert case.agreed_amount == Decimal(100)
    assert Refund.objects.get().status == RefundStatus.SUCCEEDED
    sold = order.lines.get()
    assert (sold.units_reserved, sold.units_settled, sold.amount_settled) == (0, 2, Decimal(100))
    assert order.payments.get().settled == Decimal(100)
    assert sum(posting.amount for posting in Posting.objects.all()) == 0
    actions = list(Event.objects.filter(case=case).values_list("action", flat=True))
    assert actions == ["apply", "approve", "ship_return", "receive", "pass_inspection", "settle"]
    assert not case.deadlines.filter(status__in=["pending", "paused"]).exists()


def test_an_unshipped_order_is_refunded_with_its_freight(unshipped, agent, buyer):
    case = opened(unshipped, by=buyer, type=CaseType.REFUND_ONLY)

    case = decisions.approve(case.pk, by=agent, at=NOON + HOUR)
    refund_worker.send_next(NOON + HOUR)

    case = Case.objects.get(pk=case.pk)
    assert case.status == Status.COMPLETED
    assert case.agreed_amount == Decimal(110)


def test_silence_approves_a_minute_after_the_window_ends(order, buyer):
    case = opened(order, by=buyer)
    due = case.due_at

    early = sweeps.fire_deadlines(due + timedelta(seconds=59))
    late = sweeps.fire_deadlines(due + timedelta(seconds=60))

    case = Case.objects.get(pk=case.pk)
    assert due == NOON + timedelta(hours=48)
    assert early["merchant_response"] == 0
    assert late["merchant_response"] == 1
    assert case.status == Status.AWAITING_RETURN
    assert case.clock_approved_at is not None
    assert case.deadlines.get(kind="merchant_response").status == "fired"


def test_a_ruling_for_the_buyer_pays_goods_that_are_back_already(order, agent, buyer, warehouse, supervisor):
    case = opened(order, by=buyer)
    decisions.approve(case.pk, by=agent, at=NOON)
    line = case.lines.get()
    receipts.receive(case.pk, by=warehouse, at=NOON + HOUR, units={line.pk: 2}, waybill="SF1")
    unsaleable = RejectReason.objects.get(code="unsaleable")
    refused = Finding(line.pk, Condition.USED, Disposition.TO_BUYER, False, photos=[tiny_photo()])
    inspections.fail_inspection(
        case.pk, [refused, refused], by=warehouse, at=NOON + HOUR, reason=unsaleable, note="worn"
    )
    arbitration.escalate(case.pk, by=buyer, at=NOON + HOUR)

    ruled = arbitration.rule_for_buyer(case.pk, by=supervisor, at=NOON + HOUR, ruling="Worn once.", liable="merchant")

    assert ruled.status == Status.REFUNDING
    # With the way out: the merchant was found at fault and pays both ways.
    assert Refund.objects.get().amount == Decimal(110)


def test_a_reversed_refund_is_owed_again_under_a_new_number(unshipped, agent, buyer, finance):
    case = opened(unshipped, by=buyer, type=CaseType.REFUND_ONLY)
    decisions.approve(case.pk, by=agent, at=NOON)
    refund_worker.send_next(NOON)
    first = Refund.objects.get()
    sandbox.reverse(first.number)
    refund_worker.apply_reply(first.pk, Reply(outcome="reversed"), at=NOON + HOUR)
    failed = Case.objects.get(pk=case.pk)

    retries.retry(first.pk, by=finance, at=NOON + HOUR)
    refund_worker.send_next(NOON + HOUR)

    case = Case.objects.get(pk=case.pk)
    assert failed.status == Status.REFUND_FAILED
    assert case.status == Status.COMPLETED
    assert unshipped.payments.get().settled == Decimal(110)
    assert Refund.objects.exclude(pk=first.pk).get().number != first.number
