"""Invoices of orders whose money went back: which task is made, and who says that it is done."""

from decimal import Decimal

import pytest

from aftersales.actions import gate
from aftersales.actions.cases import decisions
from aftersales.actions.refunds import invoice_tasks
from aftersales.models import InvoiceTask
from aftersales.queries.refunds import invoice_tasks as waiting
from aftersales.rules.vocabulary import CaseType
from orders.models import Order
from orders.refusals import Refused
from tests.aftersales.stages import HOUR, again, pay, picture
from tests.factories import NOON, opened, sold
from tests.races.together import nothing_broken

pytestmark = pytest.mark.django_db


def invoiced(order):
    Order.objects.filter(pk=order.pk).update(invoice_number="24312000000123456789")
    return Order.objects.get(pk=order.pk)


def refunded(order, people, *, at=NOON, **fields):
    """A case about the order, agreed to and paid."""
    case = opened(order, by=people.buyer, type=CaseType.REFUND_ONLY, at=at, **fields)
    decisions.approve(case.pk, by=people.merchant, at=at + HOUR)
    pay(at + HOUR)
    assert again(case).status == "completed"
    return case


def tasks():
    return list(InvoiceTask.objects.order_by("pk").values_list("kind", "invoice_number", "done_at"))


def test_an_order_refunded_whole_has_its_invoice_reversed(unshipped, people):
    refunded(invoiced(unshipped), people)

    assert tasks() == [("invoice_reversal", "24312000000123456789", None)]


def test_an_order_refunded_in_part_has_its_invoice_issued_anew(order, people):
    refunded(invoiced(order), people)

    assert [kind for kind, _number, _done in tasks()] == ["invoice_reissue"]


def test_an_order_without_an_invoice_gets_no_task(unshipped, people):
    refunded(unshipped, people)

    assert tasks() == []


def test_a_case_without_money_back_leaves_the_invoice_alone(unshipped, people):
    case = opened(invoiced(unshipped), by=people.buyer, type=CaseType.REFUND_ONLY)
    decisions.withdraw(case.pk, by=people.buyer, at=NOON + HOUR)

    assert tasks() == []


def test_a_coupon_leaves_the_invoice_alone(order, people):
    case = opened(
        invoiced(order), by=people.buyer, type=CaseType.COMPENSATION, reason="stain_or_smell",
        given_as="coupon", amount=Decimal(5), photos=(picture(),),
    )  # fmt: skip
    decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)

    assert tasks() == []


def test_one_task_at_a_time_and_the_last_money_turns_it_into_a_reversal(shop, order, people):
    two = invoiced(sold(merchant=shop, buyer=order.buyer, unshipped=True, lines=[(1, 30), (1, 40), (1, 50)]))
    lines = list(two.lines.order_by("position"))

    refunded(two, people, units={lines[0].pk: 1})
    refunded(two, people, units={lines[1].pk: 1}, at=NOON + 2 * HOUR)
    assert [(kind, done) for kind, _number, done in tasks()] == [("invoice_reissue", None)]

    refunded(two, people, units={lines[2].pk: 1}, at=NOON + 4 * HOUR)

    assert [(kind, done is None) for kind, _number, done in tasks()] == [
        ("invoice_reissue", False), ("invoice_reversal", True),
    ]  # fmt: skip
    assert InvoiceTask.objects.earliest("pk").note == "All went back: it is reversed instead."


@pytest.fixture
def invoice_task(unshipped, people):
    refunded(invoiced(unshipped), people)
    return InvoiceTask.objects.get()


def test_a_finished_task_goes_on_record_under_its_number(invoice_task, people):
    invoice_tasks.done(invoice_task.pk, by=people.finance, at=NOON + 3 * HOUR, reference=" 5502 ", note="by post")

    invoice_task.refresh_from_db()
    assert (invoice_task.reference, invoice_task.note, invoice_task.done_by_id) == (
        "5502",
        "by post",
        people.finance.user_id,
    )
    event = invoice_task.case.events.latest("pk")
    assert (event.action, event.role, event.data["reference"]) == ("finish_invoice_task", "finance", "5502")
    nothing_broken()


def test_a_number_is_mandatory_and_a_task_is_done_once(invoice_task, people):
    with pytest.raises(Refused, match="Enter the number"):
        invoice_tasks.done(invoice_task.pk, by=people.finance, at=NOON + 3 * HOUR, reference=" ")
    invoice_tasks.done(invoice_task.pk, by=people.finance, at=NOON + 3 * HOUR, reference="1")

    with pytest.raises(Refused, match="meanwhile"):
        invoice_tasks.done(invoice_task.pk, by=people.merchant, at=NOON + 3 * HOUR, reference="2")


def test_neither_the_buyer_nor_the_warehouse_finishes_a_task(invoice_task, people):
    for nobody in (people.buyer, people.warehouse, people.clock):
        with pytest.raises(gate.Forbidden):
            invoice_tasks.done(invoice_task.pk, by=nobody, at=NOON + 3 * HOUR, reference="1")


def test_an_order_without_an_invoice_is_not_asked_about(order, people, django_assert_num_queries):
    case = opened(order, by=people.buyer)

    with django_assert_num_queries(0):
        assert waiting.of(case) == []
