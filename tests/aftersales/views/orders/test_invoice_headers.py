"""The page on which somebody says to whom an invoice is issued; a mistyped number is pointed out once."""

import pytest
from django.urls import reverse

from aftersales.models import InvoiceTask
from orders.models import Order
from tests.aftersales.views.desk import seat
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db
RIGHT, WRONG = "91330100799655058B", "91330100799655085B"


@pytest.fixture
def send(order, agent):
    def send(**fields):
        place = reverse("aftersales:order-invoice", args=[order.number])
        return seat(agent).post(place, {"title": "青禾公司", "tax_number": RIGHT, **fields})

    return send


def number_of(order):
    return Order.objects.get(pk=order.pk).invoice_tax_number


def test_a_header_is_told_and_shown(send, order, agent):
    assert send(tax_number="9133 0100 7996 5505 8b").status_code == 302

    shown = seat(agent).get(reverse("aftersales:order", args=[order.number])).text
    assert "青禾公司" in shown and RIGHT in shown


def test_a_wrong_check_digit_is_pointed_out_once_and_kept_where_somebody_insists(send, order):
    doubted = send(tax_number=WRONG)
    assert (doubted.status_code, number_of(order)) == (422, "")
    assert "check digit" in doubted.text and "is_as_typed" in doubted.text and WRONG in doubted.text

    assert send(tax_number=WRONG, is_as_typed="on").status_code == 302
    assert number_of(order) == WRONG


@pytest.mark.parametrize("number", ["12", "91330100799655058BBBB", "九一三三零一零零七九九六五五零五八"])
def test_what_can_be_no_number_is_refused_whatever_is_ticked(send, order, number):
    answer = send(tax_number=number, is_as_typed="on")

    assert (answer.status_code, number_of(order)) == (422, "")
    assert "15 to 20" in answer.text


def test_a_person_has_no_number(send, order):
    assert send(title="个人", tax_number="").status_code == 302


def test_an_invoice_issued_anew_is_put_on_record_with_its_header(order, buyer, finance):
    case = opened(order, by=buyer)
    task = InvoiceTask.objects.create(
        case=case, kind="invoice_reissue", invoice_number="7", title="青禾公司", tax_number=RIGHT, created_at=NOON
    )
    client, place = seat(finance), reverse("aftersales:invoice_task", args=[task.pk])
    assert RIGHT in client.get(reverse("aftersales:invoice_tasks")).text

    sent = {f"{task.pk}-{name}": text for name, text in {"title": "新公司", "reference": "N-1"}.items()}
    doubted = client.post(place, {**sent, f"{task.pk}-tax_number": WRONG})
    done = client.post(place, {**sent, f"{task.pk}-tax_number": RIGHT})

    assert (doubted.status_code, done.status_code) == (422, 302)
    task.refresh_from_db()
    assert (task.title, task.tax_number, task.reference) == ("新公司", RIGHT, "N-1")
    assert Order.objects.get(pk=order.pk).invoice_number == "N-1"


def test_a_reversal_asks_for_no_header(order, buyer, finance):
    task = InvoiceTask.objects.create(
        case=opened(order, by=buyer), kind="invoice_reversal", invoice_number="7", created_at=NOON
    )

    page = seat(finance).get(reverse("aftersales:invoice_tasks")).text

    assert f'name="{task.pk}-reference"' in page
    assert f'name="{task.pk}-title"' not in page
