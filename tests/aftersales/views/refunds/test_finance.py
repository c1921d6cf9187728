"""The pages of finance: lists with their sums, a refund with its postings, guarantee accounts."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from aftersales import sweeps
from aftersales.actions.refunds import refund_worker
from aftersales.models import Case, Refund
from aftersales.rules.vocabulary import RefundStatus, Role
from aftersales.views import submissions
from tests.people import person

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DESK = "/finance/"


def page_of(refund, act=""):
    address = reverse("aftersales:finance-refund", args=[refund.number])
    return f"{address}{act}/" if act else address


def once(**fields):
    return {"once": submissions.new_key(), **fields}


def test_each_tab_sums_up_exactly_its_list(till, make, careful):
    for _number in range(3):
        make()

    page = till.get(DESK)
    shown = till.get(DESK, {"list": "release"}).context["rows"].rows

    assert page.context["list"] == "release"
    assert [(each.currency, each.count, each.amount) for each in page.context["sums"]] == [("CNY", 3, Decimal(330))]
    assert sum(refund.amount for refund in shown) == Decimal(330)
    assert next(tab for tab in page.context["tabs"] if tab["current"])["count"] == "3"


def test_the_buyer_is_masked(till, make, careful):
    make()

    text = till.get(DESK).content.decode()

    assert "张**" in text
    assert "张小雨" not in text


def test_currencies_are_never_added_up(till, make, careful):
    make()
    make(currency="USD")

    both = till.get(DESK, {"list": "release"})
    dollars = till.get(DESK, {"list": "release", "currency": "USD"})

    assert [(each.currency, each.amount) for each in both.context["sums"]] == [("CNY", 110), ("USD", 110)]
    assert [refund.currency for refund in dollars.context["rows"].rows] == ["USD"]
    assert [each.currency for each in dollars.context["sums"]] == ["USD"]


def test_the_page_of_a_refund_shows_postings_that_sum_to_zero(till, make, at):
    refund = make()
    refund_worker.send_next(at)

    page = till.get(page_of(refund))

    assert page.context["history"].balance == 0
    assert [entry.kind for entry in page.context["history"].entries] == ["intended", "paid"]
    assert "Money at the gateway" in page.content.decode()


def test_paid_today_lists_what_was_paid_since_midnight(till, make, at):
    refund, old = make(), make()
    sweeps.send_refunds(timezone.now())
    Refund.objects.filter(pk=old.pk).update(ended_at=timezone.now() - timedelta(days=2))

    page = till.get(DESK, {"list": "paid"})

    assert [one.pk for one in page.context["rows"].rows] == [refund.pk]
    assert page.context["sums"][0].amount == refund.amount


def test_a_late_merchant_is_charged_on_the_guarantee_account(till, failed, shop):
    due = Case.objects.get().due_at + HOUR
    sweeps.fire_deadlines(due)
    sweeps.send_refunds(due)
    refund = Refund.objects.latest("pk")

    page = till.get(reverse("aftersales:finance-accounts"))
    moves = till.get(reverse("aftersales:finance-account", args=[shop.code]))

    balance = page.context["balances"][0]
    assert (balance.merchant, balance.charged, balance.charges, balance.left) == (
        shop,
        refund.amount,
        1,
        -refund.amount,
    )
    assert [move.change for move in moves.context["postings"].rows] == [-refund.amount]
    assert page_of(refund) in moves.content.decode()


def test_unknown_numbers_and_acts_are_not_there(till, failed):
    assert till.get("/finance/0123456789abcdef/").status_code == 404
    assert till.post(page_of(failed, "cancel"), once()).status_code == 404
    assert till.get(page_of(failed, "retry")).status_code == 405


@pytest.mark.parametrize("role", [Role.AGENT, Role.SENIOR, Role.WAREHOUSE, Role.MERCHANT, Role.ADMIN])
def test_other_roles_do_not_have_the_pages(client, failed, shop, role):
    client.force_login(person("stranger", role, merchant=shop if role == Role.MERCHANT else None))

    for address in (
        DESK,
        page_of(failed),
        reverse("aftersales:finance-release"),
        reverse("aftersales:finance-accounts"),
    ):
        assert client.get(address).status_code == 403, address
    assert client.post(page_of(failed, "retry"), once()).status_code == 403
    assert Refund.objects.get().status == RefundStatus.FAILED


def test_the_lists_cost_the_same_for_one_and_for_many(till, make, careful):
    def load(address, **query):
        with CaptureQueriesContext(connection) as asked:
            till.get(address, query)
        return len(asked)

    make()
    load(DESK)
    one = load(DESK, list="release")
    for _number in range(4):
        make()

    assert load(DESK, list="release") == one <= 9
    assert load(page_of(Refund.objects.first())) <= 14
