"""How an order was paid; refunds go back the same ways."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.models.order import ZERO, MoneyField, Order


class Method(models.TextChoices):
    """The ways of paying that refunds tell apart."""

    CARD = "card", _("Bank card")
    WALLET = "wallet", _("Wallet (Alipay, WeChat Pay, PayPal)")
    BALANCE = "balance", _("Account balance")
    BANK_SLIP = "bank_slip", _("Bank slip")
    INSTALMENTS = "instalments", _("Instalments")
    GIFT_CARD = "gift_card", _("Gift card")
    VOUCHER = "voucher", _("Voucher")
    POINTS = "points", _("Points")
    CASH_ON_DELIVERY = "cod", _("Cash on delivery")
    OTHER = "other", _("Other")


class Payment(models.Model):
    """One tender of an order and how much of it went back."""

    # Without an index of its own: the constraint on order and sequence has one that begins with the order.
    order = models.ForeignKey(Order, models.CASCADE, related_name="payments", verbose_name=_("order"), db_index=False)
    sequence = models.PositiveIntegerField(_("sequence"))
    method = models.CharField(_("method"), max_length=20, choices=Method)
    instalment_count = models.PositiveIntegerField(_("instalments"), default=1)
    currency = models.CharField(_("currency"), max_length=3)
    captured = MoneyField(_("captured"))
    reserved = MoneyField(_("on its way back"), default=ZERO)
    settled = MoneyField(_("given back"), default=ZERO)
    # Given back past us, as the source of the order reports it.
    elsewhere = MoneyField(_("given back elsewhere"), default=ZERO)
    # Taken back by the buyer's bank, against the merchant.
    charged_back = MoneyField(_("charged back"), default=ZERO, db_default=ZERO)
    points = models.PositiveIntegerField(_("points used"), default=0)
    gateway = models.CharField(_("gateway"), max_length=20, default="sandbox")
    reference = models.CharField(_("gateway's reference"), max_length=128, blank=True)
    is_added = models.BooleanField(_("paid after the sale"), default=False)
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["order", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["order", "sequence"], name="payment_sequence"),
            # The target of a foreign key: a refund names a payment of its own order, in its currency, or is refused.
            models.UniqueConstraint(fields=["id", "order", "currency"], name="payment_id_order_currency"),
            models.CheckConstraint(
                name="payment_never_above_captured",
                condition=Q(reserved__gte=0, settled__gte=0, elsewhere__gte=0, charged_back__gte=0)
                & Q(captured__gte=F("reserved") + F("settled") + F("elsewhere") + F("charged_back")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()} {self.captured} {self.currency}"

    @property
    def left(self) -> Decimal:
        """What can still go back along this payment."""
        return self.captured - self.reserved - self.settled - self.elsewhere - self.charged_back
