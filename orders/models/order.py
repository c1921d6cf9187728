"""Orders and their lines, with what can still be given back."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders import tax_numbers
from orders.models import goods
from orders.models.exclusion import ConfirmedExclusion
from orders.models.goods import OrderStatus as OrderStatus
from orders.models.party import Buyer, Merchant
from orders.models.progress import Progress
from orders.models.purchase import Purchase as Purchase
from orders.models.purchase import Source as Source

ZERO = Decimal(0)


class MoneyField(models.DecimalField):
    """An amount in the currency's own unit; four decimals hold every ISO currency."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("max_digits", 16)
        kwargs.setdefault("decimal_places", 4)
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]


class Order(Progress):
    """What one buyer bought from one merchant."""

    number = models.CharField(_("number"), max_length=160)
    source = models.CharField(_("source"), max_length=20, choices=Source)
    external_number = models.CharField(_("number at the source"), max_length=128)
    purchase = models.ForeignKey(
        Purchase, models.PROTECT, related_name="orders", verbose_name=_("purchase"), null=True, blank=True
    )
    # Without indexes of their own: those below on merchant and buyer begin with them.
    merchant = models.ForeignKey(
        Merchant, models.PROTECT, related_name="orders", verbose_name=_("merchant"), db_index=False
    )
    buyer = models.ForeignKey(Buyer, models.PROTECT, related_name="orders", verbose_name=_("buyer"), db_index=False)
    currency = models.CharField(_("currency"), max_length=3)

    goods_amount = MoneyField(_("goods paid"), default=ZERO)
    discount_amount = MoneyField(_("discount"), default=ZERO)
    surcharge_amount = MoneyField(_("instalment interest"), default=ZERO)
    freight_amount = MoneyField(_("freight paid"), default=ZERO)
    freight_reserved = MoneyField(_("freight in open cases"), default=ZERO)
    freight_settled = MoneyField(_("freight given back"), default=ZERO)
    # Given back past us, as the source of the order reports it.
    freight_elsewhere = MoneyField(_("freight given back elsewhere"), default=ZERO)
    paid_amount = MoneyField(_("paid"), default=ZERO)

    receiver_name = models.CharField(_("receiver"), max_length=200, blank=True)
    receiver_phone = models.CharField(_("receiver's phone"), max_length=40, blank=True)
    phone_tail = models.CharField(_("last four digits"), max_length=4, blank=True)
    receiver_region = models.CharField(_("region"), max_length=200, blank=True)
    receiver_postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    receiver_address = models.CharField(_("address"), max_length=500, blank=True)
    buyer_note = models.TextField(_("buyer's note"), blank=True)
    merchant_note = models.TextField(_("merchant's note"), blank=True)
    invoice_number = models.CharField(_("invoice"), max_length=64, blank=True)
    invoice_title = models.CharField(_("title of the invoice"), max_length=200, blank=True, db_default="")
    invoice_tax_number = models.CharField(_("taxpayer's number"), max_length=20, blank=True, db_default="")
    has_free_freight = models.BooleanField(_("free shipping"), default=False)
    insured_freight_amount = MoneyField(_("return freight insured up to"), default=ZERO)

    # Written by `orders.receipt` alone.
    receipt_due_at = models.DateTimeField(_("receipt confirms itself at"), null=True, blank=True)
    receipt_left = models.DurationField(_("time left to confirm while a case is open"), null=True, blank=True)
    receipt_hold_count = models.PositiveIntegerField(_("times a case paused it"), default=0)

    facts_digest = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [
            models.UniqueConstraint(fields=["number"], name="order_number_once", opclasses=["varchar_pattern_ops"]),
            models.UniqueConstraint(fields=["source", "merchant", "external_number"], name="order_known_once_per_shop"),
            # The target of foreign keys: a case or refund has merchant and currency of its order, or is refused.
            models.UniqueConstraint(fields=["id", "merchant", "currency"], name="order_id_merchant_currency"),
            models.CheckConstraint(
                name="order_freight_given_back_once",
                condition=Q(freight_reserved__gte=0, freight_settled__gte=0, freight_elsewhere__gte=0)
                & Q(freight_amount__gte=F("freight_reserved") + F("freight_settled") + F("freight_elsewhere")),
            ),
            models.CheckConstraint(name="order_status_known", condition=Q(status__in=OrderStatus.values)),
            models.CheckConstraint(
                name="order_tax_number_well_formed",
                condition=Q(invoice_tax_number="") | Q(invoice_tax_number__regex=tax_numbers.WELL_FORMED),
            ),
            models.CheckConstraint(name="order_shipment_names_its_source", condition=goods.names_source("shipped")),
            models.CheckConstraint(name="order_signature_names_its_source", condition=goods.names_source("signed")),
        ]
        indexes = [
            models.Index(fields=["-ordered_at", "-id"], name="order_newest"),
            models.Index(fields=["merchant", "-ordered_at", "-id"], name="order_newest_of_merchant"),
            models.Index(fields=["buyer", "-ordered_at"], name="order_of_buyer"),
            models.Index(fields=["receiver_name"], name="order_receiver", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["external_number"], name="order_external_number", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["phone_tail"], name="order_phone_tail"),
            models.Index(
                fields=["id"],
                name="order_receipt_not_dated",
                condition=Q(status=OrderStatus.SIGNED, receipt_due_at__isnull=True),
            ),
            models.Index(
                fields=["receipt_due_at"],
                name="order_receipt_due",
                condition=Q(receipt_left__isnull=True, receipt_due_at__isnull=False, completed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def freight_left(self) -> Decimal:
        """Freight that can still be asked back."""
        return self.freight_amount - self.freight_reserved - self.freight_settled - self.freight_elsewhere


class OrderLine(models.Model):
    """One item of an order: units and money, sold, held by open cases, given back."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines", verbose_name=_("order"), db_index=False)
    position = models.PositiveIntegerField(_("position"))
    external_id = models.CharField(_("number at the source"), max_length=128, blank=True)
    sku = models.CharField(_("SKU"), max_length=128, blank=True)
    title = models.CharField(_("title"), max_length=500)
    variant = models.CharField(_("variant"), max_length=300, blank=True)
    category = models.CharField(_("category"), max_length=100, blank=True)
    bundle = models.CharField(_("bundle"), max_length=64, blank=True)
    is_gift = models.BooleanField(_("gift"), default=False)
    confirmed_exclusion = models.CharField(
        _("confirmed at purchase as"),
        max_length=20,
        choices=ConfirmedExclusion,
        blank=True,
        default="",
        db_default="",
    )
    quantity = models.PositiveIntegerField(_("quantity"))
    unit_price = MoneyField(_("unit price"), default=ZERO)
    discount_amount = MoneyField(_("discount"), default=ZERO)
    tax_amount = MoneyField(_("tax included"), default=ZERO)
    paid_amount = MoneyField(_("paid"), default=ZERO)
    added_amount = MoneyField(_("of it paid after the sale"), default=ZERO)
    # Exchanged for others at another price: priced by themselves, after all that were not (`orders.unit_prices`).
    units_replaced = models.PositiveIntegerField(_("units replaced"), default=0, db_default=0)
    amount_replaced = MoneyField(_("worth of the units replaced"), default=ZERO, db_default=ZERO)

    # Changed by `orders.entitlement` alone, but for what was given back elsewhere, which importers report.
    units_reserved = models.IntegerField(_("units in open cases"), default=0)
    units_settled = models.IntegerField(_("units given back"), default=0)
    units_elsewhere = models.IntegerField(_("units given back elsewhere"), default=0)
    amount_reserved = MoneyField(_("money in open cases"), default=ZERO)
    amount_settled = MoneyField(_("money given back"), default=ZERO)
    amount_elsewhere = MoneyField(_("money given back elsewhere"), default=ZERO)

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        ordering = ["order", "position"]
        indexes = [
            models.Index(
                fields=["sku", "-id"], name="order_line_sku_newest", opclasses=["varchar_pattern_ops", "int8_ops"]
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_position"),
            # The target of a foreign key: a case is about lines of its own order, or is refused.
            models.UniqueConstraint(fields=["id", "order"], name="order_line_id_order"),
            models.CheckConstraint(
                name="line_exclusion_known", condition=Q(confirmed_exclusion__in=["", *ConfirmedExclusion.values])
            ),
            models.CheckConstraint(
                name="line_units_never_above_sold",
                condition=Q(units_reserved__gte=0, units_settled__gte=0, units_elsewhere__gte=0)
                & Q(quantity__gte=F("units_reserved") + F("units_settled") + F("units_elsewhere")),
            ),
            models.CheckConstraint(
                name="line_money_never_above_paid",
                condition=Q(amount_reserved__gte=0, amount_settled__gte=0, amount_elsewhere__gte=0)
                & Q(paid_amount__gte=F("amount_reserved") + F("amount_settled") + F("amount_elsewhere")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} × {self.quantity}"

    @property
    def units_left(self) -> int:
        """Units that no case holds and nobody got back."""
        return self.quantity - self.units_reserved - self.units_settled - self.units_elsewhere

    @property
    def amount_left(self) -> Decimal:
        """Money that no case holds and nobody got back."""
        return self.paid_amount - self.amount_reserved - self.amount_settled - self.amount_elsewhere
