"""The pages of disputed payments: from the bank's first word to its last."""

import pytest
from django.urls import reverse

from aftersales.actions.cases import decisions
from aftersales.models import Case, PaymentDispute, User
from aftersales.rules.vocabulary import CaseType, Status
from aftersales.views import submissions
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db
DESK = "/finance/disputes/"


@pytest.fixture
def till(client, finance):
    client.force_login(User.objects.get(username="finance"))
    return client


@pytest.fixture
def refund(unshipped, people):
    case = opened(unshipped, by=people.buyer, type=CaseType.REFUND_ONLY)
    decisions.approve(case.pk, by=people.merchant, at=NOON)
    return case.refunds.get()


def record(till, refund, **fields):
    sent = {"once": submissions.new_key(), "kind": "disputed", "amount": "110", "reference": "CB-1", **fields}
    return till.post(reverse("aftersales:finance-dispute-new", args=[refund.payment_id]), sent, follow=True)


def test_finance_records_a_dispute_where_it_sees_the_payment(till, refund):
    shown = till.get(reverse("aftersales:finance-refund", args=[refund.number])).content.decode()
    assert reverse("aftersales:finance-dispute-new", args=[refund.payment_id]) in shown

    page = record(till, refund)

    assert "CB-1" in page.content.decode()
    assert [each.pk for each in page.context["refunds"]] == [refund.pk]
    assert refund.case.number in till.get(DESK).content.decode()
    waiting = till.get(reverse("aftersales:finance-refund", args=[refund.number])).content.decode()
    assert "The payment is disputed" in waiting


def test_a_dispute_ends_once(till, refund):
    record(till, refund)
    page = reverse("aftersales:finance-dispute", args=[PaymentDispute.objects.get().pk])

    lost = till.post(page, {"once": submissions.new_key(), "outcome": "lost"}, follow=True)
    again = till.post(page, {"once": submissions.new_key(), "outcome": "won"})

    assert "Refunds that the bank has paid" in lost.content.decode()
    assert again.status_code == 422
    assert Case.objects.get().status == Status.COMPLETED
    assert "CB-1" in till.get(DESK, {"list": "lost"}).content.decode()


def test_more_than_the_payment_is_said_beside_the_field(till, refund):
    page = record(till, refund, amount="110.01")

    assert page.status_code == 422
    assert "At most 110.00" in page.content.decode()


def test_how_it_ended_has_to_be_one_of_two(till, refund):
    record(till, refund)
    page = reverse("aftersales:finance-dispute", args=[PaymentDispute.objects.get().pk])

    assert till.post(page, {"outcome": "draw"}).status_code == 422
    assert PaymentDispute.objects.get().ended_at is None


def test_a_supervisor_sees_disputes_and_ends_none(till, client, supervisor, refund):
    record(till, refund)
    client.force_login(User.objects.get(username="supervisor"))
    page = reverse("aftersales:finance-dispute", args=[PaymentDispute.objects.get().pk])

    assert "The merchant won" not in client.get(page).content.decode()
    assert client.post(page, {"outcome": "won"}).status_code == 403


def test_the_page_of_the_case_does_not_threaten_the_merchant(till, refund):
    record(till, refund)

    assert "has to decide about the payment first" in till.get(f"/cases/{refund.case.number}/").content.decode()


def test_the_list_costs_the_same_for_one_and_for_many(till, unshipped, refund, people, django_assert_max_num_queries):
    record(till, refund)
    with django_assert_max_num_queries(12):
        till.get(DESK)
