"""Money owed outside the payments of an order: by insurers, carriers, merchants, buyers."""

from datetime import datetime
from typing import Final, TypeAlias

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.models.cases.case import Case
from aftersales.models.people.staff import User
from logistics.models import Parcel
from orders.models import Merchant, Order
from orders.models.order import MoneyField


class ReceivableKind(models.TextChoices):
    """What is owed."""

    DIFFERENCE = "difference", _("Price difference of an exchange")
    REPAIR_FEE = "repair_fee", _("Price of a repair")
    UNRETURNED = "unreturned", _("Goods that never came back")
    CLAWBACK = "clawback", _("Instant refund to be paid back")
    INSURANCE = "insurance", _("Freight insurance")
    BUYER_FREIGHT = "buyer_freight", _("Return freight the buyer advanced")
    GOODS_BACK = "goods_back", _("Freight of goods sent back to the buyer")
    LAB_FEE = "lab_fee", _("Fee of a report")
    SUPPLIER_CLAIM = "supplier_claim", _("Goods sent back to the supplier")
    CARRIER_LOSS = "carrier_loss", _("Parcel lost by the carrier")
    CARRIER_DAMAGE = "carrier_damage", _("Damage done by the carrier")


class ReceivableParty(models.TextChoices):
    """Who owes, or is owed."""

    BUYER = "buyer", pgettext_lazy("party", "Buyer")
    MERCHANT = "merchant", pgettext_lazy("party", "Merchant")
    CARRIER = "carrier", pgettext_lazy("party", "Carrier")
    SUPPLIER = "supplier", pgettext_lazy("party", "Supplier")
    INSURER = "insurer", pgettext_lazy("party", "Insurer")
    PLATFORM = "platform", pgettext_lazy("party", "Platform")


class ReceivableStatus(models.TextChoices):
    """Whether it is still owed."""

    OPEN = "open", _("Open")
    SETTLED = "settled", pgettext_lazy("receivable", "Paid")
    WAIVED = "waived", _("Waived")


OPEN: Final = Q(status=ReceivableStatus.OPEN)
CARRIER_CLAIMS: Final = [ReceivableKind.CARRIER_LOSS, ReceivableKind.CARRIER_DAMAGE]


class Receivable(models.Model):
    """A sum that one party owes another because of a case, until when, and how it was settled."""

    Kind: TypeAlias = ReceivableKind
    Party: TypeAlias = ReceivableParty
    Status: TypeAlias = ReceivableStatus

    case = models.ForeignKey(Case, models.PROTECT, related_name="receivables", verbose_name=_("case"))
    order = models.ForeignKey(Order, models.PROTECT, related_name="receivables", verbose_name=_("order"))
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="receivables", verbose_name=_("merchant"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    debtor = models.CharField(_("owed by"), max_length=10, choices=Party)
    creditor = models.CharField(_("owed to"), max_length=10, choices=Party)
    currency = models.CharField(_("currency"), max_length=3)
    amount = MoneyField(_("amount"))
    rule = models.CharField(_("rule"), max_length=200, blank=True)
    parcel = models.ForeignKey(
        Parcel, models.PROTECT, null=True, blank=True, related_name="receivables", verbose_name=_("parcel")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    created_at = models.DateTimeField(_("made at"))
    due_at = models.DateTimeField(_("due"))
    reference = models.CharField(_("reference of the payment"), max_length=128, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("settled by")
    )
    waiver_proposed_at = models.DateTimeField(_("waiver proposed at"), null=True, blank=True)
    waiver_proposed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("waiver proposed by")
    )
    # Above what one person of finance lets go: the first of two who say that it was paid.
    payment_told_at = models.DateTimeField(_("payment told at"), null=True, blank=True)
    payment_told_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("payment told by")
    )

    class Meta:
        verbose_name = _("money owed")
        verbose_name_plural = _("money owed")
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(fields=["due_at", "id"], name="receivable_open_due", condition=OPEN),
        ]
        constraints = [
            models.CheckConstraint(name="receivable_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="receivable_between_two", condition=~Q(debtor=F("creditor"))),
            models.CheckConstraint(
                name="receivable_ended_has_date",
                condition=Q(status=ReceivableStatus.OPEN, settled_at__isnull=True)
                | (~Q(status=ReceivableStatus.OPEN) & Q(settled_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="receivable_paid_has_reference", condition=~Q(status=ReceivableStatus.SETTLED) | ~Q(reference="")
            ),
            # Two cases of an order may bring goods back; the insurer pays for one way.
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(kind=ReceivableKind.INSURANCE) & ~Q(status=ReceivableStatus.WAIVED),
                name="insurance_pays_an_order_once",
            ),
            models.CheckConstraint(
                name="carrier_claims_name_their_parcel",
                condition=~Q(kind__in=CARRIER_CLAIMS) | Q(parcel__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["parcel"],
                condition=Q(kind__in=CARRIER_CLAIMS) & ~Q(status=ReceivableStatus.WAIVED),
                name="a_parcel_is_claimed_once",
            ),
            # One transfer of the buyer must not make two orders worth more.
            models.UniqueConstraint(
                fields=["reference"],
                condition=Q(kind=ReceivableKind.DIFFERENCE, status=ReceivableStatus.SETTLED),
                name="a_payment_settles_one_difference",
            ),
            models.CheckConstraint(
                name="receivable_waiver_proposed_by_somebody",
                condition=Q(waiver_proposed_at__isnull=True, waiver_proposed_by__isnull=True)
                | Q(waiver_proposed_at__isnull=False, waiver_proposed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="receivable_payment_told_by_somebody",
                condition=Q(payment_told_at__isnull=True, payment_told_by__isnull=True)
                | Q(payment_told_at__isnull=False, payment_told_by__isnull=False),
            ),
            models.CheckConstraint(
                name="two_people_settle_a_receivable",
                condition=~Q(status=ReceivableStatus.SETTLED)
                | Q(payment_told_by__isnull=True)
                | Q(settled_by__isnull=True)
                | ~Q(settled_by=F("payment_told_by")),
            ),
            models.CheckConstraint(
                name="two_people_waive_a_receivable",
                condition=~Q(status=ReceivableStatus.WAIVED)
                | Q(waiver_proposed_by__isnull=True)
                | Q(settled_by__isnull=True)
                | ~Q(settled_by=F("waiver_proposed_by")),
            ),
            # What a case causes again, by an exchange that changes say, takes the place of what is open.
            models.UniqueConstraint(fields=["case", "kind"], condition=OPEN, name="one_open_receivable_of_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"

    def is_overdue(self, at: datetime) -> bool:
        """Whether it should have been paid by now."""
        return self.status == self.Status.OPEN and self.due_at < at
