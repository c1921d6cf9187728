"""Stock on hand by SKU, and every movement that made it so."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orders.models import Merchant


class MovementKind(models.TextChoices):
    """Why units moved; the first five are the dispositions of an inspection, under the same names."""

    RESTOCK = "restock", _("Restock")
    REPAIR = "repair", _("Repair")
    SUPPLIER = "supplier", _("Back to supplier")
    SCRAP = "scrap", _("Scrap")
    TO_BUYER = "to_buyer", _("Back to the buyer")
    RESERVE = "reserve", _("Reserved")
    RELEASE = "release", pgettext_lazy("stock", "Released")
    DISPATCH = "dispatch", _("Dispatched")
    CORRECTION = "correction", _("Correction")


CAME_BACK = (
    MovementKind.RESTOCK,
    MovementKind.REPAIR,
    MovementKind.SUPPLIER,
    MovementKind.SCRAP,
    MovementKind.TO_BUYER,
)


class StockItem(models.Model):
    """Sellable units of one SKU; `counted_at` is empty until the first count, from which on the stock is kept here."""

    merchant = models.ForeignKey(
        Merchant, models.PROTECT, related_name="stock", verbose_name=_("merchant"), db_index=False
    )
    sku = models.CharField(_("SKU"), max_length=128)
    title = models.CharField(_("title"), max_length=500, blank=True)
    on_hand = models.IntegerField(_("on hand"), default=0)
    reserved = models.IntegerField(_("reserved"), default=0)
    counted_at = models.DateTimeField(_("last counted at"), null=True, blank=True)

    class Meta:
        verbose_name = _("stock item")
        verbose_name_plural = _("stock items")
        constraints = [
            models.UniqueConstraint(fields=["merchant", "sku"], name="stock_item_once"),
            models.CheckConstraint(
                name="stock_reserved_is_on_hand", condition=Q(reserved__gte=0, reserved__lte=F("on_hand"))
            ),
            models.CheckConstraint(name="stock_item_has_sku", condition=~Q(sku="")),
        ]

    def __str__(self) -> str:
        return self.sku

    @property
    def free(self) -> int:
        """Units that nobody has reserved."""
        return self.on_hand - self.reserved


class StockMovement(models.Model):
    """Units that came, went or were reserved; never changed."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", verbose_name=_("merchant"), db_index=False)
    sku = models.CharField(_("SKU"), max_length=128, blank=True)
    title = models.CharField(_("title"), max_length=500, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=MovementKind)
    units = models.IntegerField(_("units"))
    reference = models.CharField(_("case"), max_length=64, blank=True)
    recorded_by = models.CharField(_("recorded by"), max_length=150)
    by_id = models.BigIntegerField(_("user"), null=True, blank=True)
    at = models.DateTimeField(_("at"))
    serial = models.CharField(_("serial number"), max_length=100, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        constraints = [
            models.CheckConstraint(name="stock_movement_kind_known", condition=Q(kind__in=MovementKind.values)),
            models.CheckConstraint(
                name="stock_only_corrections_fall", condition=Q(units__gt=0) | Q(kind=MovementKind.CORRECTION)
            ),
            models.CheckConstraint(
                name="stock_correction_has_reason", condition=~Q(kind=MovementKind.CORRECTION, note="")
            ),
        ]
        indexes = [
            models.Index(fields=["at", "id"], name="stock_moved", condition=Q(kind__in=CAME_BACK)),
            models.Index(
                fields=["merchant", "at", "id"], name="stock_moved_of_merchant", condition=Q(kind__in=CAME_BACK)
            ),
            models.Index(fields=["merchant", "sku", "at"], name="stock_moved_of_sku"),
            models.Index(fields=["reference"], name="stock_moved_for_case"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.sku} × {self.units}"


class StockExport(models.Model):
    """An export of movements as a table: who, when, which filters; never changed."""

    by_id = models.BigIntegerField(_("user"))
    recorded_by = models.CharField(_("role"), max_length=150)
    at = models.DateTimeField(_("at"))
    filters = models.JSONField(_("filters"), default=dict)
    rows = models.PositiveIntegerField(_("rows"))
    format = models.CharField(_("format"), max_length=8)

    class Meta:
        verbose_name = _("stock export")
        verbose_name_plural = _("stock exports")

    def __str__(self) -> str:
        return f"{self.format} × {self.rows}"
