"""Invoice tasks: what is to be done with an invoice because of a case; they move neither its state nor its money."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.models.cases.case import Case
from aftersales.models.people.staff import User
from orders import tax_numbers


class InvoiceTask(models.Model):
    """A tracked task of a case: an invoice to reverse or to issue anew."""

    class Kind(models.TextChoices):
        INVOICE_REVERSAL = "invoice_reversal", _("Reverse the invoice")
        INVOICE_REISSUE = "invoice_reissue", _("Issue the invoice anew")

    case = models.ForeignKey(Case, models.CASCADE, related_name="invoice_tasks", verbose_name=_("case"))
    kind = models.CharField(_("task"), max_length=20, choices=Kind)
    # As it was when the task was made: an import may bring the order a new invoice meanwhile.
    invoice_number = models.CharField(_("invoice"), max_length=64, blank=True)
    # To whom it is issued: as told until the task is done, then as it was issued.
    title = models.CharField(_("title of the invoice"), max_length=200, blank=True, db_default="")
    tax_number = models.CharField(_("taxpayer's number"), max_length=20, blank=True, db_default="")
    reference = models.CharField(_("number of the new invoice or red letter"), max_length=64, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("made at"))
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["done_at", "id"]
        indexes = [
            models.Index(fields=["created_at", "id"], name="invoice_task_open", condition=Q(done_at__isnull=True))
        ]
        constraints = [
            models.CheckConstraint(
                name="invoice_task_number_well_formed",
                condition=Q(tax_number="") | Q(tax_number__regex=tax_numbers.WELL_FORMED),
            ),
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(done_at__isnull=True), name="one_open_invoice_task_of_a_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
