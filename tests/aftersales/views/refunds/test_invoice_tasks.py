"""The page of tasks: what waits, and saying under which number it is done."""

import pytest
from django.urls import reverse

from aftersales.models import InvoiceTask, User
from tests.aftersales.actions.refunds.test_invoice_tasks import invoiced, refunded

pytestmark = pytest.mark.django_db
DESK = "/tasks/"


@pytest.fixture
def invoice_task(unshipped, people):
    refunded(invoiced(unshipped), people)
    return InvoiceTask.objects.select_related("case").get()


@pytest.fixture
def finance_client(client, people):
    client.force_login(User.objects.get(pk=people.finance.user_id))
    return client


def test_what_waits_is_listed_with_case_and_invoice(invoice_task, finance_client):
    page = finance_client.get(DESK).content.decode()

    assert invoice_task.case.number in page
    assert invoice_task.invoice_number in page


def test_a_task_is_done_from_the_page(invoice_task, finance_client):
    sent = {f"{invoice_task.pk}-reference": "5502", f"{invoice_task.pk}-note": ""}

    answer = finance_client.post(reverse("aftersales:invoice_task", args=[invoice_task.pk]), sent)

    assert answer.url == DESK
    assert InvoiceTask.objects.get().reference == "5502"
    assert invoice_task.case.number not in finance_client.get(DESK).content.decode()


def test_without_a_number_nothing_is_done_and_what_was_typed_stays(invoice_task, finance_client):
    answer = finance_client.post(
        reverse("aftersales:invoice_task", args=[invoice_task.pk]), {f"{invoice_task.pk}-note": "by post"}
    )

    assert answer.status_code == 422
    assert "by post" in answer.content.decode()
    assert InvoiceTask.objects.get().done_at is None


def test_the_case_shows_its_tasks(invoice_task, finance_client):
    page = finance_client.get(f"/cases/{invoice_task.case.number}/").content.decode()

    assert "Reverse the invoice" in page
    assert f'href="{DESK}"' in page


def test_the_page_of_tasks_says_when_nothing_waits(finance_client, db):
    assert "No task waits" in finance_client.get(DESK).content.decode()
