"""How the sum to give back was worked out, line by line."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftersales.models.cases.case import Case
from orders.models import OrderLine
from orders.models.order import MoneyField


class ChargeKind(models.TextChoices):
    """What a line of the calculation stands for."""

    GOODS = "goods", _("Goods paid")
    FREIGHT = "freight", _("Outbound freight")
    RESTOCKING = "restocking", _("Restocking fee")
    DEPRECIATION = "depreciation", _("Depreciation")
    RETURN_FREIGHT = "return_freight", _("Return freight advanced")
    OUTBOUND_FREIGHT = "outbound_freight", _("Outbound freight, no longer free")
    MISSING_GIFT = "missing_gift", _("Gift that did not come back")
    BUNDLE = "bundle", _("Bundle priced anew")
    OFFER = "offer", _("As offered")
    RULING = "ruling", _("As ruled")


class Charge(models.Model):
    """One line of the calculation, deductions negative, with the rule behind it."""

    # Stored when the money is intended: a policy or price that changes later does not change what was paid and why.
    case = models.ForeignKey(Case, models.CASCADE, related_name="charges", verbose_name=_("case"))
    kind = models.CharField(_("kind"), max_length=20, choices=ChargeKind)
    order_line = models.ForeignKey(
        OrderLine, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("order line")
    )
    units = models.PositiveIntegerField(_("units"), default=0)
    amount = MoneyField(_("amount"))
    rule = models.CharField(_("rule"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("line of the calculation")
        verbose_name_plural = _("lines of the calculation")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
