"""Tasks that follow from a case: the invoice of an order whose money went back, reversed or issued anew."""

from datetime import datetime

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from aftersales.actions import case_log, gate
from aftersales.models import Case, InvoiceTask
from aftersales.rules.actor import Actor
from orders.models import Payment
from orders.refusals import Refused

KIND = InvoiceTask.Kind


def money_went_back(case: Case, *, at: datetime) -> None:
    """The invoice no longer says what was paid: reversed when all is back, else issued anew; one task at a time."""
    if not case.order.invoice_number or not case.agreed_amount:
        return
    waiting = InvoiceTask.objects.filter(case__order=case.order_id, done_at__isnull=True)
    if not _all_is_back(case.order_id):
        if not waiting.exists():
            _make(case, KIND.INVOICE_REISSUE, at)
        return
    waiting.filter(kind=KIND.INVOICE_REISSUE).update(done_at=at, note=_("All went back: it is reversed instead."))
    if not waiting.filter(kind=KIND.INVOICE_REVERSAL).exists():
        _make(case, KIND.INVOICE_REVERSAL, at)


def _all_is_back(order_id: int) -> bool:
    sums = Payment.objects.filter(order=order_id).aggregate(
        captured=Sum("captured"), gone=Sum(F("settled") + F("elsewhere"))
    )
    return sums["captured"] == sums["gone"]


def _make(case: Case, kind: InvoiceTask.Kind, at: datetime) -> None:
    InvoiceTask.objects.create(case=case, kind=kind, invoice_number=case.order.invoice_number, created_at=at)


@gate.transactional
def done(invoice_task_id: int, *, by: Actor, at: datetime, reference: str, note: str = "") -> InvoiceTask:
    """Somebody has done it, under the number of the red letter or of the new invoice; it goes on record."""
    case = gate.locked(InvoiceTask.objects.values_list("case_id", flat=True).get(pk=invoice_task_id))
    role = gate.role_to("finish_invoice_task", by, case)
    invoice_task = InvoiceTask.objects.select_for_update(of=("self",)).get(pk=invoice_task_id)
    if invoice_task.done_at is not None:
        raise Refused(_("Somebody has done this task meanwhile."))
    if not reference.strip():
        raise Refused(_("Enter the number of the red letter or of the new invoice."))
    invoice_task.reference, invoice_task.note, invoice_task.done_at, invoice_task.done_by_id = (
        reference.strip(),
        note.strip(),
        at,
        by.user_id,
    )
    invoice_task.save(update_fields=["reference", "note", "done_at", "done_by"])
    case_log.put(
        case,
        "finish_invoice_task",
        role=role,
        by=by,
        at=at,
        why=invoice_task.note,
        data={"invoice_task": invoice_task.kind, "reference": invoice_task.reference},
    )
    return invoice_task
