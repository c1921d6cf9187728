"""What a case is about, unit by unit."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aftersales.models.cases.case import Case
from aftersales.models.people.staff import User
from aftersales.models.policies.policy import Policy
from aftersales.rules.cases import chains
from aftersales.rules.returns import dispositions
from aftersales.rules.vocabulary import CaseType, Condition, Disposition
from logistics.models import Parcel
from orders import money
from orders.db.compiled_query import CompiledQuery
from orders.models import Order, OrderLine
from orders.models.order import MoneyField


class CaseLine(models.Model):
    """Some units and some money of one order line; what it holds and what it gave back."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="lines", verbose_name=_("case"))
    order = models.ForeignKey(Order, models.PROTECT, related_name="+")
    order_line = models.ForeignKey(OrderLine, models.PROTECT, related_name="case_lines", verbose_name=_("order line"))
    # Both follow the case, by a trigger (`desk_board` in migration 0003): the rule that units are asked for and held
    # once (`desk_line_never_oversold` in 0015) looks at all lines of an item, and joins nothing.
    case_type = models.CharField(_("type"), max_length=20, choices=CaseType)
    # The version that was in force for this item, by its own category and the reason: `Policy.OF_ITEMS` says for what.
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="case_lines", verbose_name=_("policy"))
    is_open = models.BooleanField(_("open"), default=True)
    units = models.PositiveIntegerField(_("units asked"))
    amount = MoneyField(_("money asked"))
    units_received = models.PositiveIntegerField(_("units received"), default=0)
    units_accepted = models.PositiveIntegerField(_("units accepted"), default=0)
    # Units of it that lie with us, in whatever round they came: the buyer's while the case is open; once it has ended,
    # those that money or goods were given for. What else lies here then is owed back: see `GoodsOwed`.
    units_here = models.PositiveIntegerField(_("units here"), default=0, db_default=0)
    # Held: reserved of the order line, so that no other case can be promised the same. Settled: given back.
    units_held = models.PositiveIntegerField(_("units held"), default=0)
    amount_held = MoneyField(_("money held"), default=Decimal(0))
    units_settled = models.PositiveIntegerField(_("units given back"), default=0)
    amount_settled = MoneyField(_("money given back"), default=Decimal(0))
    # Given as a coupon or points: no money that was paid, so the order line knows nothing of it.
    amount_in_kind = MoneyField(_("worth given in kind"), default=Decimal(0), db_default=Decimal(0))
    # Set where the units asked for are what an exchange has sent: from then on their time to ask counts.
    replaced_at = models.DateTimeField(_("replacement signed for at"), null=True, blank=True)
    price_now = MoneyField(_("price now"), null=True, blank=True)
    wanted_sku = models.CharField(_("SKU wanted"), max_length=128, blank=True)
    wanted_variant = models.CharField(_("variant wanted"), max_length=300, blank=True)
    wanted_price = MoneyField(_("price of the one wanted"), null=True, blank=True)
    # Taken from the stock on hand for a replacement; not what the case reserves of the order.
    stock_held = models.PositiveIntegerField(_("units set aside in stock"), default=0)
    # Charged as depreciation: the buyer took the money after repairs in vain, though the same model was in stock.
    use_days = models.PositiveIntegerField(_("days of use charged"), default=0, db_default=0)
    units_sent = models.PositiveIntegerField(_("units sent"), default=0)

    class Meta:
        verbose_name = _("case line")
        verbose_name_plural = _("case lines")
        ordering = ["case", "order_line"]
        constraints = [
            models.UniqueConstraint(fields=["case", "order_line"], name="case_line_once"),
            models.CheckConstraint(
                name="case_line_amount_not_negative",
                condition=Q(amount__gte=0, amount_held__gte=0, amount_settled__gte=0, amount_in_kind__gte=0),
            ),
            models.CheckConstraint(name="case_line_units_positive", condition=Q(units__gt=0)),
            models.CheckConstraint(
                name="case_line_accepted_were_received", condition=Q(units_accepted__lte=F("units_received"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_line_id} × {self.units}"

    @property
    def units_due(self) -> int:
        """Units asked for that are still owed one way or the other; what another case took meanwhile is not."""
        asked = self.units - self.units_settled
        return min(asked, self.units_held) if chains.of(self.case).holds_units and self.case.is_open else asked

    @property
    def units_to_replace(self) -> int:
        """Units that a replacement is owed for: the accepted ones where goods came back, else the ones asked for."""
        return self.units_accepted if self.case.goods_are_here else self.units_due

    @property
    def difference(self) -> Decimal:
        """What the wanted units cost more than was paid for the ones they replace; negative when they cost less."""
        if self.wanted_price is None:
            return Decimal(0)
        units, currency = self.units_to_replace, self.case.currency
        paid = money.share_of_units(self.amount, self.units, units, self.units, self.amount, currency)
        return money.rounded(self.wanted_price * units, currency) - paid

    @classmethod
    def of_case(cls, case_id: int) -> "list[CaseLine]":
        """The lines of a case with their items, in the order of these."""
        return LINES(case_id)


LINES: CompiledQuery[CaseLine] = CompiledQuery(
    lambda case: CaseLine.objects.filter(case=case).select_related("order_line").order_by("order_line_id"), int
)


class ReturnParcel(models.Model):
    """A parcel that brings goods of a case back; one parcel may serve several cases."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="return_parcels", verbose_name=_("case"))
    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="return_cases", verbose_name=_("parcel"))
    is_announced = models.BooleanField(_("announced"), default=True)

    class Meta:
        verbose_name = _("return parcel")
        verbose_name_plural = _("return parcels")
        constraints = [models.UniqueConstraint(fields=["case", "parcel"], name="return_parcel_once")]

    def __str__(self) -> str:
        return str(self.parcel)


class SentParcel(models.Model):
    """A parcel that brings a replacement, or repaired goods, to the buyer."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="sent_parcels", verbose_name=_("case"))
    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="sent_cases", verbose_name=_("parcel"))
    sent_at = models.DateTimeField(_("sent at"))

    class Meta:
        verbose_name = _("parcel sent")
        verbose_name_plural = _("parcels sent")
        constraints = [models.UniqueConstraint(fields=["case", "parcel"], name="sent_parcel_once")]

    def __str__(self) -> str:
        return str(self.parcel)


class InspectedUnit(models.Model):
    """One unit as it was found, and what becomes of it."""

    case_line = models.ForeignKey(CaseLine, models.CASCADE, related_name="inspected", verbose_name=_("case line"))
    parcel = models.ForeignKey(
        Parcel, models.PROTECT, null=True, blank=True, related_name="inspected", verbose_name=_("parcel")
    )
    round_number = models.PositiveIntegerField(_("round"), default=1)
    index = models.PositiveIntegerField(_("unit"))
    condition = models.CharField(_("condition"), max_length=12, choices=Condition)
    serial = models.CharField(_("serial number"), max_length=100, blank=True)
    tags_intact = models.BooleanField(_("tags intact"), default=True)
    disposition = models.CharField(_("goes to"), max_length=12, choices=Disposition)
    is_accepted = models.BooleanField(_("accepted"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    inspected_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("inspected by")
    )
    inspected_at = models.DateTimeField(_("inspected at"))

    class Meta:
        verbose_name = _("inspected unit")
        verbose_name_plural = _("inspected units")
        ordering = ["case_line", "index"]
        constraints = [
            models.UniqueConstraint(fields=["case_line", "index"], name="unit_inspected_once"),
            models.CheckConstraint(
                name="refused_unit_is_not_restocked",
                condition=Q(is_accepted=True) | ~Q(disposition=Disposition.RESTOCK),
            ),
            models.CheckConstraint(
                name="only_sellable_unit_is_restocked",
                condition=Q(condition__in=dispositions.SELLABLE) | ~Q(disposition=Disposition.RESTOCK),
            ),
            models.CheckConstraint(
                name="empty_parcel_goes_nowhere",
                condition=~Q(condition=Condition.EMPTY) | Q(disposition=Disposition.SCRAP),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_line_id}/{self.index}"
