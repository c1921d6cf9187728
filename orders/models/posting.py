"""The books: double entry, append-only, each entry sums to zero."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.order import MoneyField
from orders.models.party import Merchant


class Account(models.TextChoices):
    """Accounts of the books; debit is positive, credit negative."""

    MERCHANT = "merchant", _("Merchant's receipts")
    GUARANTEE = "guarantee", _("Merchant's guarantee account")
    REFUNDS_DUE = "refunds_due", _("Refunds due to buyers")
    GATEWAY = "gateway", _("Money at the gateway")
    BANK = "bank", _("Money at the bank")
    PLATFORM = "platform", _("Platform's own money")
    # What they pay goes straight to whom they owe it: here it is written down, no money of ours moves.
    OUTSIDE = "outside", _("Carriers and insurers")


# The database refuses changes of both tables, and at commit an entry that does not sum to zero (migration 0002).
class Entry(models.Model):
    """One event in the books, posted once per kind and reference."""

    class Kind(models.TextChoices):
        INTENDED = "intended", _("Refund promised")
        PAID = "paid", _("Refund paid")
        RELEASED = "released", _("Promise taken back")
        GUARANTEE_CHARGED = "guarantee_charged", _("Guarantee account charged")
        GUARANTEE_RETURNED = "guarantee_returned", _("Charge on the guarantee account returned")
        REVERSED = "reversed", _("Refund reversed by the gateway")
        DEPOSIT = "deposit", _("Paid into the guarantee account")
        WITHDRAWAL = "withdrawal", _("Withdrawn from the guarantee account")
        RECEIVABLE_PAID = "receivable_paid", _("Money owed because of a case, paid")
        CHARGED_BACK = "charged_back", _("Charged back by the buyer's bank")
        REBOOKED = "rebooked", _("Booked on the right account")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    reference = models.CharField(_("reference"), max_length=64)
    posted_at = models.DateTimeField(_("posted at"))

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        constraints = [models.UniqueConstraint(fields=["kind", "reference"], name="entry_posted_once")]
        indexes = [models.Index(fields=["-posted_at", "-id"], name="entry_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class Posting(models.Model):
    """One side of an entry."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="postings", verbose_name=_("entry"))
    account = models.CharField(_("account"), max_length=20, choices=Account)
    merchant = models.ForeignKey(
        Merchant, models.PROTECT, related_name="postings", verbose_name=_("merchant"), null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3)
    amount = MoneyField(_("amount"))

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        indexes = [models.Index(fields=["account", "merchant", "currency"], name="posting_of_account")]

    def __str__(self) -> str:
        return f"{self.account} {self.amount} {self.currency}"
