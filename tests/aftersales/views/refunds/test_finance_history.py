"""What finance finds again: refunds, releases, payments and entries by all that stands in a letter."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from aftersales.actions.refunds import manual_settlement, refund_worker
from aftersales.actions.refunds.finance import releases
from aftersales.models import Policy, Refund
from orders.gateways import sandbox

pytestmark = pytest.mark.django_db
HISTORY = "/finance/history/"


def found(till, **query):
    page = till.get(HISTORY, query)
    assert page.status_code == 200
    return [row.pk for row in page.context["rows"].rows]


def totals(till, **query):
    return [(each["currency"], each["count"], each["total"]) for each in till.get(HISTORY, query).context["totals"]]


@pytest.fixture
def paid(make, at):
    refund = make()
    refund_worker.send_next(at)
    return Refund.objects.get(pk=refund.pk)


def test_the_last_month_is_shown_until_a_period_is_named(till, make):
    new, old = make(), make()
    Refund.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=60))

    assert found(till) == [new.pk]
    assert found(till, since="2020-01-01") == [new.pk, old.pk]
    assert found(till, since="2020-01-01", until=f"{timezone.now() - timedelta(days=30):%Y-%m-%d}") == [old.pk]


def test_releases_and_payments_have_lists_of_their_own(till, make, finance, at):
    Policy.objects.update(release_above=Decimal(1))
    released, waiting = make(), make()
    releases.release(released.pk, by=finance, at=at)
    refund_worker.send_next(at)

    assert found(till, list="released") == [released.pk]
    assert found(till, list="paid") == [released.pk]
    assert found(till, state="awaiting_release") == [waiting.pk]


def test_a_refund_is_found_by_every_number_that_names_it(till, make, paid, at):
    make()
    sought = [paid.number, paid.number[:12], paid.case.number, paid.case.number.lower(), paid.order.number]
    sought.append(paid.gateway_reference)

    assert {number: found(till, reference=number) for number in sought} == {number: [paid.pk] for number in sought}


def test_a_refund_paid_by_hand_is_found_by_the_reference_of_the_bank(till, failed, finance, finance2, at):
    sandbox.clear_faults()
    manual_settlement.propose(failed.pk, by=finance, at=at, reference="ICBC-77")
    manual_settlement.confirm(failed.pk, by=finance2, at=at)

    assert found(till, reference="ICBC-77") == [failed.pk]


def test_the_totals_are_those_of_all_that_was_found(till, make):
    # Thirty agreements of one agent are above what they decide in a day.
    Policy.objects.update(authority_agent_day=None)
    for _number in range(30):
        make()
    make(currency="USD")

    assert totals(till) == [("CNY", 30, 3300), ("USD", 1, 110)]
    assert totals(till, currency="USD") == [("USD", 1, 110)]
    assert totals(till, least="110.01") == []
    assert len(found(till)) == 25


def test_entries_are_found_by_account_sum_and_reference(till, paid):
    page = till.get(HISTORY, {"list": "entries"})
    kinds = [entry.kind for entry in page.context["rows"].rows]
    by_account = {each["account"]: each["debit"] - each["credit"] for each in page.context["totals"]}

    assert kinds == ["paid", "intended"]
    assert by_account == {"gateway": -110, "merchant": 110, "refunds_due": 0}
    assert len(found(till, list="entries", account="gateway")) == 1
    assert len(found(till, list="entries", reference=paid.number)) == 2
    assert found(till, list="entries", most="109") == []


@pytest.mark.parametrize(
    "query",
    [
        {"since": "tomorrow"},
        {"since": "2026-02-30"},
        {"since": "2026-05-01", "until": "2026-04-01"},
        {"least": "much"},
        {"least": "9", "most": "8"},
        {"merchant": "987654"},
        {"state": "lost"},
        {"reference": "a\x00b"},
        {"list": "nothing"},
        {"after": "x"},
    ],
)
def test_what_cannot_be_read_narrows_nothing_and_is_said(till, make, query):
    make()

    for name in ("made", "entries"):
        assert till.get(HISTORY, {"list": name, **query}).status_code == 200


def test_the_history_costs_the_same_for_one_and_for_many(till, make, django_assert_max_num_queries):
    for _number in range(5):
        make()
    for name in ("made", "released", "paid", "entries"):
        with django_assert_max_num_queries(10):
            till.get(HISTORY, {"list": name})
