"""The header of an order's invoice as a person has told it: to whom it is issued, under which taxpayer's number."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.models.people.staff import User
from orders import tax_numbers
from orders.models import Order


class InvoiceHeader(models.Model):
    """Who told which header of which order when; the newest one stands on the order."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="invoice_headers", verbose_name=_("order"))
    title = models.CharField(_("title of the invoice"), max_length=200)
    tax_number = models.CharField(_("taxpayer's number"), max_length=20, blank=True)
    invoice_number = models.CharField(_("invoice"), max_length=64, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("header of an invoice")
        verbose_name_plural = _("headers of invoices")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="invoice_header_has_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="invoice_header_number_well_formed",
                condition=Q(tax_number="") | Q(tax_number__regex=tax_numbers.WELL_FORMED),
            ),
        ]

    def __str__(self) -> str:
        return self.title
