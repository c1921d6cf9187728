"""Refunds that finance or the platform has paid again: reversed, unknown, refused in time or too late (peer 51)."""

from decimal import Decimal

import pytest

from aftersales import sweeps
from aftersales.actions.refunds import manual_settlement, refund_worker, retries
from aftersales.actions.refunds.finance import releases
from aftersales.models import Case, Policy, Refund
from aftersales.queries.refunds import finance as desk
from aftersales.rules.vocabulary import RefundStatus, Role, Status
from orders.gateways import sandbox
from orders.gateways.base import PLATFORM_ACCOUNT, Reply
from orders.models import Posting
from tests.aftersales.promised import refund_case
from tests.aftersales.stages import DAY, HOUR, MINUTE, again, pay
from tests.factories import NOON
from tests.people import person
from tests.races.together import nothing_broken

pytestmark = pytest.mark.django_db


def balance_is_even():
    return sum(Posting.objects.values_list("amount", flat=True)) == 0


def booked():
    """What stands on the accounts."""
    accounts = ("merchant", "guarantee", "refunds_due", "gateway", "platform")
    return {account: sum(row.amount for row in Posting.objects.filter(account=account)) for account in accounts}


def test_a_reversed_refund_is_paid_again_under_a_new_number(reversed_refund, finance):
    again = retries.retry(reversed_refund.pk, by=finance, at=NOON + 3 * HOUR)
    sweeps.send_refunds(NOON + 3 * HOUR)

    assert again.number != reversed_refund.number
    assert Refund.objects.get(pk=reversed_refund.pk).status == RefundStatus.CANCELLED
    assert Refund.objects.get(pk=again.pk).status == RefundStatus.SUCCEEDED
    assert Case.objects.get().status == Status.COMPLETED
    assert Refund.objects.get(pk=again.pk).payment.settled == again.amount
    assert balance_is_even()


def test_the_platform_pays_a_reversed_refund_when_nobody_did_in_time(reversed_refund):
    due = Case.objects.get().due_at

    sweeps.run(due + HOUR)

    assert Case.objects.get().status == Status.COMPLETED
    assert Refund.objects.get(status=RefundStatus.SUCCEEDED).payer == "platform"
    assert sum(row.amount for row in Posting.objects.filter(account="guarantee")) == reversed_refund.amount
    assert balance_is_even()


def test_a_retry_takes_the_proposal_away(refund, finance):
    sandbox.set_fault("decline", "always")
    refund_worker.send_next(NOON + HOUR)
    manual_settlement.propose(refund.pk, by=finance, at=NOON + 2 * HOUR, reference="BANK-1")

    retries.retry(refund.pk, by=finance, at=NOON + 3 * HOUR)

    assert Refund.objects.get().hand_proposed_by_id is None


def test_an_unknown_refund_is_asked_after_again_by_finance(refund, finance):
    sandbox.set_fault("error_500", "2x")
    refund_worker.send_next(NOON + HOUR)
    Refund.objects.update(needs_person=True)

    retries.retry(refund.pk, by=finance, at=NOON + 3 * HOUR)

    asked = Refund.objects.get()
    assert not asked.needs_person
    assert asked.case.events.filter(action="query_refund").count() == 1
    assert refund_worker.send_next(NOON + 3 * HOUR)


def test_a_late_merchant_is_paid_for_by_the_platform_from_the_guarantee_account(unshipped, people):
    sandbox.set_balance(unshipped.merchant.code, Decimal(0))
    case = refund_case(unshipped, people, NOON)
    sweeps.send_refunds(NOON)

    sweeps.run(case.due_at + MINUTE)

    case = again(case)
    refund = case.refunds.latest("pk")
    assert (case.status, refund.status, refund.payer) == ("completed", "succeeded", "platform")
    assert case.breached_at is not None
    assert booked() == {"merchant": 0, "guarantee": 110, "refunds_due": 0, "gateway": 0, "platform": -110}
    nothing_broken()


def test_nobody_is_charged_while_the_buyer_has_no_money(unshipped, people):
    for account in (unshipped.merchant.code, PLATFORM_ACCOUNT):
        sandbox.set_balance(account, Decimal(0))
    case = refund_case(unshipped, people, NOON)
    sweeps.send_refunds(NOON)

    for _time in range(3):
        sweeps.run(again(case).due_at + MINUTE)
        assert again(case).status == "refund_failed"
        assert not any(booked().values())
        nothing_broken()

    sandbox.set_balance(PLATFORM_ACCOUNT, Decimal(110))
    sweeps.run(again(case).due_at + MINUTE)
    assert again(case).status == "completed"
    assert (booked()["guarantee"], sandbox.ledger_total()) == (110, 110)
    nothing_broken()


def test_what_the_platform_cannot_pay_either_stands_in_the_list_of_finance(unshipped, people):
    for account in (unshipped.merchant.code, PLATFORM_ACCOUNT):
        sandbox.set_balance(account, Decimal(0))
    case = refund_case(unshipped, people, NOON)
    sweeps.send_refunds(NOON)

    at = case.due_at + MINUTE
    sweeps.run(at)

    till = person("till", Role.FINANCE)
    assert [refund.payer for refund in desk.listed(till, "failed", at)] == ["platform"]


@pytest.mark.parametrize(("outcome", "payer"), [("failed", "platform"), ("succeeded", "merchant")])
def test_what_is_in_doubt_is_paid_by_the_platform_only_once_it_is_known_to_have_failed(
    outcome, payer, unshipped, people
):
    sandbox.set_fault("error_500", "always")
    case = refund_case(unshipped, people, NOON)
    pay(NOON)
    at = case.due_at + MINUTE
    sweeps.run(at)
    sandbox.clear_faults()
    refund = case.refunds.get()
    assert (refund.status, refund.payer) == ("unknown", "merchant")
    nothing_broken()

    reply = Reply(outcome=outcome, code="TOLD", amount=refund.amount, currency=refund.currency)
    refund_worker.apply_reply(refund.pk, reply, at=at)
    nothing_broken()
    sweeps.send_refunds(at)

    case = again(case)
    assert (case.status, case.refunds.latest("pk").payer) == ("completed", payer)
    assert booked()["guarantee"] == (110 if payer == "platform" else 0)
    nothing_broken()


def test_a_refund_that_nobody_released_charges_no_merchant_and_stays_unreleased(unshipped, people):
    Policy.objects.update(release_above=Decimal(1))
    case = refund_case(unshipped, people, NOON)

    for _time in range(2):
        at = again(case).due_at + MINUTE
        sweeps.run(at)

    case, refund = again(case), case.refunds.get()
    assert (case.status, refund.status, refund.payer) == ("refunding", "awaiting_release", "merchant")
    assert case.breached_at is not None
    assert case.due_at > at
    releases.release(refund.pk, by=people.finance, at=at)
    sweeps.send_refunds(at)
    assert (again(case).status, booked()["guarantee"]) == ("completed", 0)
    nothing_broken()


def test_a_merchant_has_its_whole_time_from_the_release(unshipped, people):
    Policy.objects.update(release_above=Decimal(1))
    sandbox.set_balance(unshipped.merchant.code, Decimal(0))
    case = refund_case(unshipped, people, NOON)
    released = case.due_at - HOUR
    releases.release(case.refunds.get().pk, by=people.finance, at=released)
    sweeps.send_refunds(released)

    sweeps.run(case.due_at + MINUTE)
    assert (again(case).status, case.refunds.latest("pk").payer) == ("refund_failed", "merchant")
    assert again(case).due_at >= released + 2 * DAY
    nothing_broken()
    sweeps.run(again(case).due_at + MINUTE)

    assert (again(case).status, booked()["guarantee"]) == ("completed", 110)
    nothing_broken()


def test_a_refund_that_the_worker_never_sent_charges_no_merchant(unshipped, people):
    case = refund_case(unshipped, people, NOON)

    sweeps.run(case.due_at + MINUTE)

    assert (again(case).status, case.refunds.get().payer, booked()["guarantee"]) == ("completed", "merchant", 0)
    nothing_broken()


def test_what_two_people_say_was_paid_by_hand_is_not_paid_by_the_platform_as_well(unshipped, people, finance2):
    sandbox.set_balance(unshipped.merchant.code, Decimal(0))
    case = refund_case(unshipped, people, NOON)
    sweeps.send_refunds(NOON)
    manual_settlement.propose(case.refunds.get().pk, by=people.finance, at=NOON + HOUR, reference="BANK-1")

    at = case.due_at + MINUTE
    sweeps.run(at)
    nothing_broken()
    manual_settlement.confirm(case.refunds.latest("pk").pk, by=finance2, at=at)

    assert (again(case).status, sandbox.ledger_total(), booked()["guarantee"]) == ("completed", 0, 0)
    nothing_broken()


def test_money_of_the_platform_that_comes_back_is_charged_no_more(unshipped, people):
    sandbox.set_balance(unshipped.merchant.code, Decimal(0))
    case = refund_case(unshipped, people, NOON)
    sweeps.send_refunds(NOON)
    at = case.due_at + MINUTE
    sweeps.run(at)

    sandbox.reverse(case.refunds.get(status="succeeded").number)
    sweeps.run(at + HOUR)
    assert again(case).status == "refund_failed"
    assert not any(booked().values())
    nothing_broken()

    sweeps.run(again(case).due_at + MINUTE)
    assert booked() == {"merchant": 0, "guarantee": 110, "refunds_due": 0, "gateway": 0, "platform": -110}
    nothing_broken()
