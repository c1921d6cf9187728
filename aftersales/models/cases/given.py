"""What a buyer is given in kind, and what of gifts is kept: coupons, points, gifts that did not come back."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.models.cases.case import Case
from aftersales.rules.vocabulary import GivenAs
from orders.models import Buyer, Merchant, OrderLine
from orders.models.order import MoneyField

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def new_code() -> str:
    """A code that nobody guesses, without letters that look alike."""
    return "".join(secrets.choice(LETTERS) for _letter in range(12))


class Coupon(models.Model):
    """A coupon or points that a compensation gave; its worth is taken from what was paid for the lines."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="coupons", verbose_name=_("case"))
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="coupons", verbose_name=_("merchant"))
    buyer = models.ForeignKey(Buyer, models.PROTECT, related_name="coupons", verbose_name=_("buyer"))
    kind = models.CharField(_("kind"), max_length=10, choices=GivenAs)
    # Random, not counted: who has one coupon must not be able to guess the next.
    code = models.CharField(_("code"), max_length=20, unique=True, default=new_code)
    currency = models.CharField(_("currency"), max_length=3)
    amount = MoneyField(_("worth"))
    points = models.PositiveIntegerField(_("points"), default=0)
    issued_at = models.DateTimeField(_("issued at"))
    valid_until = models.DateTimeField(_("valid until"))

    class Meta:
        verbose_name = _("coupon")
        verbose_name_plural = _("coupons")
        constraints = [
            models.CheckConstraint(name="coupon_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="coupon_is_coupon_or_points",
                condition=Q(kind=GivenAs.COUPON, points=0) | Q(kind=GivenAs.POINTS, points__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class MissingGift(models.Model):
    """A gift of the order that did not come back with what it was given for; deducted at its marked price."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="missing_gifts", verbose_name=_("case"))
    order_line = models.ForeignKey(OrderLine, models.PROTECT, related_name="+", verbose_name=_("order line"))
    units = models.PositiveIntegerField(_("units"))
    amount = MoneyField(_("amount"))

    class Meta:
        verbose_name = _("gift kept")
        verbose_name_plural = _("gifts kept")
        constraints = [
            models.UniqueConstraint(fields=["case", "order_line"], name="missing_gift_once"),
            models.CheckConstraint(name="missing_gift_positive", condition=Q(units__gt=0, amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.order_line_id} × {self.units}"
