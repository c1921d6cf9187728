"""The pages of guarantee accounts: balances, the statement, transfers with a second person."""

from decimal import Decimal

import pytest
from django.urls import reverse

from aftersales.actions.cases import decisions
from aftersales.actions.disputes import guarantee
from aftersales.models import GuaranteeMovement, User
from aftersales.rules.vocabulary import CaseType
from aftersales.views import submissions
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db
ACCOUNTS = "/finance/guarantee/"


@pytest.fixture
def till(client, finance):
    client.force_login(User.objects.get(username="finance"))
    return client


@pytest.fixture
def account(shop):
    return reverse("aftersales:finance-account", args=[shop.code])


def transfer(kind, amount, reference):
    once = submissions.new_key()
    return {"once": once, "kind": kind, "currency": "CNY", "amount": amount, "reference": reference}


def test_finance_books_what_a_merchant_has_paid_in(till, account):
    page = till.post(account, transfer("deposit", "1,500.50", "ICBC-1"), follow=True)

    assert [balance.left for balance in page.context["balances"]] == [Decimal("1500.50")]
    assert "Booked" in page.content.decode()


def test_a_withdrawal_waits_for_the_second_person(till, client, finance2, shop, account, finance):
    guarantee.pay_in(shop.pk, Decimal(500), "CNY", by=finance, at=NOON, reference="IN")
    mine = till.post(account, transfer("withdrawal", "200", "OUT"), follow=True)
    confirm = reverse(
        "aftersales:finance-withdrawal", args=[shop.code, GuaranteeMovement.objects.first().pk, "confirm"]
    )
    own = till.post(confirm, {"once": submissions.new_key()})
    client.force_login(User.objects.get(username="finance2"))
    page = client.post(confirm, {"once": submissions.new_key()}, follow=True)

    assert "a second person confirms it" in mine.content.decode()
    assert own.status_code == 422
    assert page.context["balances"][0].left == 300


def test_a_transfer_that_is_refused_keeps_what_was_typed(till, account):
    page = till.post(account, transfer("withdrawal", "200", "OUT-77"))

    assert page.status_code == 422
    assert "At most ¥0.00 can be withdrawn" in page.content.decode()
    assert "OUT-77" in page.content.decode()


@pytest.mark.parametrize(("amount", "said"), [("", "required"), ("-5", "amount"), ("1.005", "2"), ("x", "amount")])
def test_a_sum_that_cannot_be_is_said_beside_its_field(till, account, amount, said):
    page = till.post(account, transfer("deposit", amount, "IN"))

    assert page.status_code == 422
    assert said in page.content.decode()
    assert not GuaranteeMovement.objects.exists()


def test_an_account_below_what_is_unpaid_is_low(till, unshipped, shop, people):
    case = opened(unshipped, by=people.buyer, type=CaseType.REFUND_ONLY)
    decisions.approve(case.pk, by=people.merchant, at=NOON)
    guarantee.pay_in(shop.pk, Decimal(50), "CNY", by=people.finance, at=NOON, reference="IN")
    desk = till.get("/finance/").content.decode()
    low = till.get(ACCOUNTS, {"list": "low"})
    assert "1 guarantee account holds less" in desk
    assert [(each.left, each.unpaid) for each in low.context["balances"]] == [(50, 110)]

    guarantee.pay_in(shop.pk, Decimal(60), "CNY", by=people.finance, at=NOON, reference="IN-2")

    assert till.get(ACCOUNTS, {"list": "low"}).context["balances"] == []
    assert "holds less" not in till.get("/finance/").content.decode()


def test_a_supervisor_reads_and_moves_nothing(client, supervisor, account):
    client.force_login(User.objects.get(username="supervisor"))

    assert "Record a transfer" not in client.get(account).content.decode()
    assert client.post(account, transfer("deposit", "5", "IN")).status_code == 403
