"""Wherever a second person agrees, whoever may hold both accounts is none: one table of all such acts."""

from datetime import timedelta
from decimal import Decimal

import pytest

from aftersales.actions.cases import decisions
from aftersales.actions.disputes import guarantee
from aftersales.actions.people import accounts
from aftersales.actions.refunds import approvals, manual_settlement, receivables, refund_worker
from aftersales.actions.refunds.finance import releases
from aftersales.models import GuaranteeMovement, Receivable, Refund
from aftersales.models.people.accounts import TouchKind
from aftersales.rules.vocabulary import CaseType, RefundStatus
from orders.gateways import sandbox
from orders.refusals import Refused
from tests.aftersales.stages import MINUTE
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)


@pytest.fixture
def approval(shop, order, people):
    """An agent asks for ¥800; a supervisor allows it."""
    sale = sold(merchant=shop, buyer=order.buyer, unshipped=True, lines=[(1, 800)], freight_amount=0)
    case = opened(sale, by=people.buyer, type=CaseType.REFUND_ONLY)
    approvals.ask(case.pk, by=people.agent, at=NOON + MINUTE, why="a good customer")
    return (
        people.agent,
        people.supervisor,
        lambda by, at: approvals.allow(case.pk, by=by, at=at),
        lambda: Refund.objects.exists(),
    )


@pytest.fixture
def settlement(unshipped, people, finance2):
    """A refund whose outcome is unknown, said to be paid by hand."""
    case = opened(unshipped, by=people.buyer, type=CaseType.REFUND_ONLY)
    decisions.approve(case.pk, by=people.agent, at=NOON)
    sandbox.set_fault("error_500", "always")
    refund_worker.send_next(NOON + MINUTE)
    refund = Refund.objects.get(case=case)
    manual_settlement.propose(refund.pk, by=people.finance, at=NOON + 2 * MINUTE, reference="BANK-1")
    sandbox.clear_faults()
    return (
        people.finance,
        finance2,
        lambda by, at: manual_settlement.confirm(refund.pk, by=by, at=at),
        lambda: Refund.objects.get(pk=refund.pk).status == RefundStatus.SUCCEEDED,
    )


@pytest.fixture
def waiver(order, people, finance2):
    """¥501 that a carrier owes, to be given up."""
    party, case = Receivable.Party, opened(order, by=people.buyer)
    owed = receivables.owe(case, Receivable.Kind.CLAWBACK, Decimal(501), party.CARRIER, party.MERCHANT, at=NOON)
    receivables.waive_one(owed.pk, by=people.finance, at=NOON, why="bankrupt")
    return (
        people.finance,
        finance2,
        lambda by, at: receivables.waive_one(owed.pk, by=by, at=at, why="seen"),
        lambda: Receivable.objects.get(pk=owed.pk).status == "waived",
    )


@pytest.fixture
def withdrawal(shop, people, finance2):
    """¥200 from a guarantee account."""
    terms = {"by": people.finance, "at": NOON}
    guarantee.pay_in(shop.pk, Decimal(500), "CNY", reference="IN-1", **terms)
    asked = guarantee.ask_withdrawal(shop.pk, Decimal(200), "CNY", reference="OUT-1", **terms)
    return (
        people.finance,
        finance2,
        lambda by, at: guarantee.confirm_withdrawal(asked.pk, by=by, at=at),
        lambda: GuaranteeMovement.objects.get(pk=asked.pk).booked_at is not None,
    )


@pytest.fixture
def release(shop, order, people, finance):
    """¥600 that a supervisor has agreed to and finance has to let out."""
    sale = sold(merchant=shop, buyer=order.buyer, unshipped=True, lines=[(1, 600)], freight_amount=0)
    case = opened(sale, by=people.buyer, type=CaseType.REFUND_ONLY)
    decisions.approve(case.pk, by=people.supervisor, at=NOON)
    refund = Refund.objects.get(case=case)
    assert refund.status == RefundStatus.AWAITING_RELEASE
    return (
        people.supervisor,
        finance,
        lambda by, at: releases.release(refund.pk, by=by, at=at),
        lambda: Refund.objects.get(pk=refund.pk).status == RefundStatus.QUEUED,
    )


SECOND = ["approval", "settlement", "waiver", "withdrawal", "release"]


@pytest.fixture(params=SECOND)
def second(request):
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("kind", [TouchKind.PASSWORD, TouchKind.SECOND_FACTOR, TouchKind.ROLES])
def test_whom_the_first_has_touched_is_no_second_person(second, kind):
    first, other, agree, is_done = second
    at = NOON + HOUR
    accounts.touch(other.user_id, kind, first.user_id, at=at - WEEK + MINUTE)

    with pytest.raises(Refused, match="last 7 days"):
        agree(other, at)

    assert not is_done()
    agree(other, at + 2 * MINUTE)
    assert is_done()


def test_who_has_touched_the_first_is_no_second_person(second):
    first, other, agree, is_done = second
    accounts.touch(first.user_id, TouchKind.PASSWORD, other.user_id, at=NOON)

    with pytest.raises(Refused, match="last 7 days"):
        agree(other, NOON + HOUR)

    assert not is_done()


def test_two_accounts_that_one_admin_has_opened_are_no_two_persons(second, admin):
    first, other, agree, is_done = second
    for account in (first, other):
        accounts.touch(account.user_id, TouchKind.PASSWORD, admin.user_id, at=NOON)

    with pytest.raises(Refused, match="The same person"):
        agree(other, NOON + HOUR)

    assert not is_done()


def test_access_and_others_touches_are_no_bar(second, admin):
    first, other, agree, is_done = second
    accounts.touch(other.user_id, TouchKind.ACCESS, first.user_id, at=NOON)
    accounts.touch(other.user_id, TouchKind.PASSWORD, admin.user_id, at=NOON)

    agree(other, NOON + HOUR)

    assert is_done()


@pytest.mark.parametrize("name", ["approval", "settlement", "waiver", "withdrawal"])
def test_nobody_is_their_own_second_person(name, request):
    first, _other, agree, is_done = request.getfixturevalue(name)

    with pytest.raises(Refused):
        agree(first, NOON + HOUR)

    assert not is_done()
