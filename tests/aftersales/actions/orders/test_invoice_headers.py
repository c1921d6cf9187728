"""To whom an invoice is issued: told by a person, taken over by its tasks, kept by the invoice that is issued anew."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from aftersales.actions import gate
from aftersales.actions.cases import decisions
from aftersales.actions.cases.applications import Swap
from aftersales.actions.orders import invoice_headers
from aftersales.actions.refunds import invoice_tasks, receivables
from aftersales.actions.replacements import dispatches
from aftersales.actions.returns import inspections, receipts, shipments
from aftersales.models import InvoiceHeader, InvoiceTask, Receivable
from aftersales.rules.vocabulary import CaseType
from logistics import stock
from orders.models import Order
from orders.refusals import Refused
from tests.aftersales.stages import HOUR, again, found, pay
from tests.factories import NOON, opened
from tests.races.together import nothing_broken

pytestmark = pytest.mark.django_db
COMPANY = {"title": "杭州青禾服饰有限公司", "tax_number": "91330100799655058B"}


def told(order, by, **fields):
    terms = {"invoice_number": "24312000000123456789", **COMPANY, **fields}
    invoice_headers.record(order.pk, by=by, at=NOON, **terms)
    return Order.objects.get(pk=order.pk)


def refunded_in_part(order, people):
    case = opened(order, by=people.buyer, type=CaseType.REFUND_ONLY, reason="agreed", amount=Decimal(10))
    decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)
    pay(NOON + HOUR)
    return again(case)


def exchanged(order, people, swap):
    stock.correct(order.merchant_id, "DRESS-L", 9, why="Count", by_id=None, at=NOON)
    stock.correct(order.merchant_id, "DRESS-M", 9, why="Count", by_id=None, at=NOON)
    case = opened(order, by=people.buyer, type=CaseType.EXCHANGE, swap=swap)
    decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)
    shipments.ship(case.pk, by=people.buyer, at=NOON + 2 * HOUR, carrier="SF", waybill="SF1")
    line = case.lines.get()
    receipts.receive(case.pk, by=people.warehouse, at=NOON + 3 * HOUR, units={line.pk: 2})
    line.refresh_from_db()
    inspections.pass_inspection(case.pk, found(line, 2), by=people.warehouse, at=NOON + 4 * HOUR)
    for owed in Receivable.objects.filter(case=case, status="open"):
        receivables.settle(owed.pk, by=people.finance, at=NOON + 5 * HOUR, reference="PAY-1")
    dispatches.dispatch(case.pk, by=people.warehouse, at=NOON + 6 * HOUR, carrier="SF", waybill="SF2")
    dispatches.confirm(case.pk, by=people.buyer, at=NOON + 7 * HOUR)
    pay(NOON + 8 * HOUR, times=2)
    return again(case)


def test_a_header_stands_on_the_order_and_who_told_it_on_record(order, people):
    told(order, people.agent)

    found = Order.objects.get(pk=order.pk)
    assert (found.invoice_title, found.invoice_tax_number) == ("杭州青禾服饰有限公司", "91330100799655058B")
    assert InvoiceHeader.objects.get().recorded_by_id == people.agent.user_id


def test_a_task_takes_the_header_and_follows_it_while_it_waits(order, people):
    refunded_in_part(told(order, people.agent), people)
    assert InvoiceTask.objects.values_list("title", "tax_number").get() == tuple(COMPANY.values())

    told(order, people.finance, title="个人", tax_number="")

    assert InvoiceTask.objects.values_list("title", "tax_number").get() == ("个人", "")


def test_an_invoice_issued_anew_is_the_one_that_is_corrected_next(order, people):
    refunded_in_part(told(order, people.agent), people)
    task = InvoiceTask.objects.get()

    invoice_tasks.done(task.pk, by=people.finance, at=NOON + 2 * HOUR, reference="NEW-1", header=("青禾公司", ""))

    found = Order.objects.get(pk=order.pk)
    assert (found.invoice_number, found.invoice_title, found.invoice_tax_number) == ("NEW-1", "青禾公司", "")
    told(order, people.finance)  # later: the task that is done keeps what was issued
    assert InvoiceTask.objects.values_list("title", "reference").get() == ("青禾公司", "NEW-1")


@pytest.mark.parametrize(
    ("swap", "kinds"),
    [
        (Swap("DRESS-L", "L"), ["invoice_reissue"]),
        (Swap("DRESS-L", "L", Decimal(60)), ["invoice_reissue"]),
        (Swap("DRESS-L", "L", Decimal(40)), ["invoice_reissue"]),
        (None, []),
    ],
)
def test_an_exchange_that_brings_other_goods_has_the_invoice_issued_anew(swap, kinds, order, people):
    case = exchanged(told(order, people.agent), people, swap)

    assert case.status == "completed"
    assert [task.kind for task in InvoiceTask.objects.all()] == kinds
    nothing_broken()


def test_an_exchange_without_an_invoice_needs_none(order, people):
    exchanged(order, people, Swap("DRESS-L", "L"))

    assert not InvoiceTask.objects.exists()


def test_who_may_not_and_what_is_missing(order, people):
    for name in ("warehouse", "buyer"):
        with pytest.raises(gate.Forbidden):
            told(order, getattr(people, name))
    with pytest.raises(Refused, match="to whom"):
        told(order, people.agent, title=" ")
    with pytest.raises(IntegrityError), transaction.atomic():
        told(order, people.agent, tax_number="123")
