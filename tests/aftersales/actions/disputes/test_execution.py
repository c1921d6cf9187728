"""What the platform has ruled is carried out within a day, else the platform does it itself."""

import pytest

from aftersales import sweeps
from aftersales.actions.cases import decisions
from aftersales.actions.disputes import arbitration
from aftersales.actions.returns import receipts, shipments
from aftersales.rules.vocabulary import CaseType, Fault
from orders.gateways import sandbox
from tests.aftersales.actions.disputes.dispute_clocks import referred
from tests.aftersales.stages import HOUR, MINUTE, again, inspect, pay, refusal, stage
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db


def passed(case):
    """The case after the clock has seen what is due."""
    sweeps.fire_deadlines(again(case).due_at + MINUTE)
    return again(case)


def ruled(case, people, at):
    return arbitration.rule_for_buyer(
        case.pk, by=people.supervisor, at=at, ruling="The photo shows it.", liable=Fault.MERCHANT
    )


def test_what_was_ruled_is_paid_within_a_day_else_the_platform_pays(order, people):
    case = referred(order, people)
    at = case.moved_at + HOUR
    case = ruled(case, people, at)
    assert (case.status, case.due_kind, case.due_at) == ("refunding", "refund", at + 24 * HOUR)
    sandbox.set_fault("decline", "1x")
    pay(at + HOUR)

    sweeps.fire_deadlines(again(case).due_at + MINUTE)

    refund = case.refunds.exclude(status="cancelled").get()
    assert (refund.payer, again(case).breached_at is not None) == ("platform", True)


def test_what_was_agreed_without_a_ruling_keeps_its_two_working_days(order, people):
    case = stage("refunding", order, people)

    assert case.due_at - case.moved_at > 24 * HOUR


def test_a_replacement_that_was_ruled_is_dispatched_within_a_day_else_the_money_goes_back(order, people):
    case = opened(order, by=people.buyer, type=CaseType.EXCHANGE)
    decisions.reject(case.pk, by=people.merchant, at=NOON + HOUR, reason=refusal())
    arbitration.escalate(case.pk, by=people.buyer, at=NOON + 2 * HOUR)
    ruled(case, people, NOON + 3 * HOUR)
    shipments.ship(case.pk, by=people.buyer, at=NOON + 4 * HOUR, carrier="SF", waybill="SF1")
    receipts.receive(case.pk, by=people.warehouse, at=NOON + 5 * HOUR, units={case.lines.get().pk: 2})
    case = inspect(again(case), people, NOON + 6 * HOUR)
    assert (case.status, case.due_at) == ("awaiting_dispatch", NOON + 30 * HOUR)

    assert passed(case).status == "refunding"
