"""The bank's books and ours agree after any mix of ways to pay, and what was booked wrongly once is put right."""

from decimal import Decimal
from importlib import import_module

import pytest
from django.db import connection

from aftersales import sweeps
from aftersales.actions.cases import decisions
from aftersales.actions.refunds import gateway_notices, manual_settlement, refund_worker, retries
from aftersales.models import Refund
from aftersales.queries.refunds import reconciliation
from aftersales.rules.vocabulary import CaseType
from orders import books
from orders.gateways import sandbox
from orders.models import Entry, Posting
from orders.models.posting import Account
from tests.aftersales.stages import HOUR, MINUTE, again
from tests.factories import NOON, opened, sold
from tests.races.together import nothing_broken

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(shop, order, people):
    """Another refund of 110.00, sent as far as the bank lets it."""

    def make(fault=""):
        sale = sold(merchant=shop, buyer=order.buyer, unshipped=True)
        case = opened(sale, by=people.buyer, type=CaseType.REFUND_ONLY)
        decisions.approve(case.pk, by=people.merchant, at=NOON)
        if fault:
            sandbox.set_fault(fault, "1x")
        refund_worker.send_next(NOON)
        return Refund.objects.get(case=case)

    return make


@pytest.fixture
def by_hand(people, finance2):
    """Two people settle a refund by hand."""

    def settle(refund):
        manual_settlement.propose(refund.pk, by=people.finance, at=NOON + HOUR, reference="BANK-1")
        return manual_settlement.confirm(refund.pk, by=finance2, at=NOON + HOUR)

    return settle


def taken_back(refund):
    """The buyer's bank returns what was paid."""
    gateway_notices.apply_notices(NOON)
    sandbox.reverse(refund.number)
    gateway_notices.apply_notices(NOON + MINUTE)
    return refund


@pytest.fixture
def mixed(sent, by_hand, people):
    """Paid by the merchant twice, once again after a reversal, by hand twice, and by the platform."""
    sent()
    retries.retry(taken_back(sent()).pk, by=people.finance, at=NOON + HOUR)
    refund_worker.send_next(NOON + HOUR)
    by_hand(sent("decline"))
    by_hand(taken_back(sent()))
    late = sent("decline")
    sweeps.run(again(late.case).due_at + MINUTE)
    assert set(Refund.objects.values_list("case__status", flat=True)) == {"completed"}


def booked(account):
    return sum(Posting.objects.filter(account=account).values_list("amount", flat=True))


def test_money_paid_by_hand_is_money_of_the_bank(sent, by_hand):
    by_hand(sent("decline"))

    assert (booked("bank"), booked("gateway"), booked("merchant")) == (-110, 0, 110)
    nothing_broken()


def test_both_books_agree_after_any_mix_of_ways(mixed):
    assert [(each.theirs, each.difference) for each in reconciliation.sums()] == [(330, 0)]
    assert not [pair for pair in reconciliation.pairs() if pair.meaning]
    assert (booked("gateway"), booked("platform"), booked("bank")) == (-220, -110, -220)
    assert booked("gateway") + booked("platform") == -sandbox.ledger_total()
    nothing_broken()


def test_what_the_bank_paid_beside_a_payment_by_hand_is_seen(sent, by_hand):
    refund = sent("timeout_after_success")
    by_hand(refund)

    assert [pair.meaning for pair in reconciliation.pairs()] == ["bad"]
    assert [each.difference for each in reconciliation.sums()] == [110]


def test_what_the_bank_takes_back_beside_a_payment_by_hand_leaves_that_alone(sent, by_hand):
    refund = sent("timeout_after_success")
    by_hand(refund)

    taken_back(refund)

    assert (Refund.objects.get().status, booked("bank")) == ("succeeded", -110)
    assert [each.difference for each in reconciliation.sums()] == [0]
    nothing_broken()


def test_books_of_an_earlier_version_are_put_right(mixed, sent, people, shop):
    """Then hand and platform stood on the gateway's account, and a charge came before its payment."""
    unpaid = sent("decline")
    Refund.objects.filter(pk=unpaid.pk).update(payer="platform")
    charge = books.moved(Account.GUARANTEE, Account.MERCHANT, Decimal(110))
    books.post(Entry.Kind.GUARANTEE_CHARGED, unpaid.number, at=NOON, merchant_id=shop.pk, currency="CNY", sides=charge)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE orders_posting SET account = 'gateway' WHERE account IN ('bank', 'platform')")
        cursor.execute("SET LOCAL session_replication_role = origin")
        for name in ("0007_charge_follows_payment", "0008_hand_payments_at_bank"):
            cursor.execute(import_module(f"aftersales.migrations.{name}").Migration.operations[0].sql)

    assert (booked("gateway"), booked("platform"), booked("bank"), booked("guarantee")) == (-220, -110, -220, 110)
    nothing_broken()
