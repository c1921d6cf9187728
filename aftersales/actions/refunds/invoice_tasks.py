"""Tasks that follow from a case: the invoice of an order whose money went back, reversed or issued anew."""

from datetime import datetime

from django.db.models import F, QuerySet, Sum
from django.utils.translation import gettext as _

from aftersales.actions import case_log, gate
from aftersales.models import Case, InvoiceTask
from aftersales.rules.actor import Actor
from orders.models import Order, Payment
from orders.refusals import Refused

KIND = InvoiceTask.Kind


def money_went_back(case: Case, *, at: datetime) -> None:
    """Have the invoice of an order corrected, some money of which went back; at most one task waits for an order.

    Reversed when all of the money is back, else issued anew over what stays paid.
    """
    # A coupon gives no money back: the invoice still says what was paid.
    if not case.order.invoice_number or not case.agreed_amount:
        return
    waiting = InvoiceTask.objects.filter(case__order=case.order_id, done_at__isnull=True)
    if _all_is_back(case.order_id):
        _reverse(case, waiting, at)
    elif not waiting.exists():
        _make(case, KIND.INVOICE_REISSUE, at)


def goods_changed(case: Case, *, at: datetime) -> None:
    """Have the invoice issued anew when an exchange brought other goods, or the buyer has paid for dearer ones."""
    if not case.order.invoice_number:
        return
    sent = [line for line in case.lines.all() if line.units_sent]
    is_other = any(line.wanted_sku or line.wanted_variant or line.wanted_price is not None for line in sent)
    if is_other and not InvoiceTask.objects.filter(case__order=case.order_id, done_at__isnull=True).exists():
        _make(case, KIND.INVOICE_REISSUE, at)


def _reverse(case: Case, waiting: QuerySet[InvoiceTask], at: datetime) -> None:
    waiting.filter(kind=KIND.INVOICE_REISSUE).update(done_at=at, note=_("All went back: it is reversed instead."))
    if not waiting.filter(kind=KIND.INVOICE_REVERSAL).exists():
        _make(case, KIND.INVOICE_REVERSAL, at)


def _all_is_back(order_id: int) -> bool:
    sums = Payment.objects.filter(order=order_id).aggregate(
        captured=Sum("captured"), gone=Sum(F("settled") + F("elsewhere"))
    )
    return sums["captured"] == sums["gone"]


def _make(case: Case, kind: InvoiceTask.Kind, at: datetime) -> None:
    # Read anew: the case may have been read before somebody told the header.
    order = Order.objects.only("invoice_number", "invoice_title", "invoice_tax_number").get(pk=case.order_id)
    InvoiceTask.objects.create(
        case=case,
        kind=kind,
        invoice_number=order.invoice_number,
        title=order.invoice_title,
        tax_number=order.invoice_tax_number,
        created_at=at,
    )


@gate.transactional
def done(
    task_id: int, *, by: Actor, at: datetime, reference: str, note: str = "", header: tuple[str, str] | None = None
) -> InvoiceTask:
    """Record that somebody has done the task, under the number of the red letter or of the new invoice.

    `header` is the title and taxpayer's number under which it was issued anew, where they differ from what was told.
    """
    case = gate.locked(InvoiceTask.objects.values_list("case_id", flat=True).get(pk=task_id))
    role = gate.role_to("finish_invoice_task", by, case)
    task = _waiting(task_id)
    if not reference.strip():
        raise Refused(_("Enter the number of the credit note or of the new invoice."))
    if header is not None and task.kind == KIND.INVOICE_REISSUE:
        task.title, task.tax_number = header
    _finish(task, by, at, reference.strip(), note.strip())
    told = {"invoice_task": task.kind, "reference": task.reference}
    case_log.put(case, "finish_invoice_task", role=role, by=by, at=at, why=task.note, data=told)
    return task


def _finish(task: InvoiceTask, by: Actor, at: datetime, reference: str, note: str) -> None:
    task.reference, task.note, task.done_at, task.done_by_id = reference, note, at, by.user_id
    task.save(update_fields=["reference", "note", "done_at", "done_by", "title", "tax_number"])
    if task.kind == KIND.INVOICE_REISSUE:
        # The next correction is about the invoice that is valid now.
        Order.objects.filter(cases=task.case_id).update(
            invoice_number=reference, invoice_title=task.title, invoice_tax_number=task.tax_number
        )


def _waiting(task_id: int) -> InvoiceTask:
    task = InvoiceTask.objects.select_for_update(of=("self",)).get(pk=task_id)
    if task.done_at is not None:
        raise Refused(_("Somebody has done this task meanwhile."))
    return task
