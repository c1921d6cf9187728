"""What is allowed and how long things may take: versioned, effective-dated, scoped."""

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from aftersales.models.policies.reason import Reason
from aftersales.rules.policies.exclusions import Ground
from aftersales.rules.policies.item_rules import OF_ITEMS
from aftersales.rules.vocabulary import CaseType
from orders.models import Merchant
from orders.models.order import MoneyField, Source
from orders.models.party import BuyerLevel


class ResponseClock(models.TextChoices):
    """Which hours the merchant's answer counts."""

    NATURAL = "natural", _("Every hour")
    WINDOWED = "windowed", _("Hours of service only")


class Policy(models.Model):
    """One version of a complete set of rules; of those whose scope fits, the most specific one decides."""

    OF_ITEMS: ClassVar[frozenset[str]] = OF_ITEMS

    name = models.CharField(_("name"), max_length=100)
    version = models.PositiveIntegerField(_("version"))
    effective_from = models.DateTimeField(_("in force from"))
    effective_until = models.DateTimeField(_("in force until"), null=True, blank=True)
    note = models.TextField(_("why"), blank=True)
    # The scope: what is not set applies to all.
    merchant = models.ForeignKey(Merchant, models.PROTECT, null=True, blank=True, verbose_name=_("merchant"))
    reason = models.ForeignKey(Reason, models.PROTECT, null=True, blank=True, verbose_name=_("reason"))
    category = models.CharField(
        _("category"), max_length=300, blank=True, help_text=_("One or more names of a category, with commas.")
    )
    ground = models.CharField(
        _("excluded by law as"),
        max_length=20,
        choices=Ground,
        blank=True,
        default="",
        db_default="",
        help_text=_("Then it only says that such goods are not returned without a reason; it rules nothing else."),
    )
    case_type = models.CharField(_("case type"), max_length=20, choices=CaseType, blank=True)
    channel = models.CharField(_("channel"), max_length=20, choices=Source, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    buyer_level = models.PositiveSmallIntegerField(_("buyer level"), choices=BuyerLevel.choices, null=True, blank=True)
    amount_from = MoneyField(_("order amount from"), null=True, blank=True)
    amount_below = MoneyField(_("order amount below"), null=True, blank=True)

    response_hours = models.PositiveIntegerField(_("merchant answers within (hours)"), default=48)
    response_clock = models.CharField(
        _("answer counts"), max_length=10, choices=ResponseClock, default=ResponseClock.NATURAL
    )
    response_floor_hours = models.PositiveIntegerField(_("left after an offer, at least (hours)"), default=12)
    offer_hours = models.PositiveIntegerField(_("offer stands (hours)"), default=48)
    ship_return_days = models.PositiveIntegerField(_("return shipped within (days)"), default=7)
    intercept_hours = models.PositiveIntegerField(_("interception within (hours)"), default=48)
    receipt_days = models.PositiveIntegerField(_("return received within (days)"), default=10)
    receipt_after_signature_hours = models.PositiveIntegerField(
        _("received after the carrier's signature (hours)"), default=48
    )
    inspection_hours = models.PositiveIntegerField(_("inspection within (hours)"), default=48)
    repair_days = models.PositiveIntegerField(_("repair finished within (days)"), default=30)
    repair_attempt_count = models.PositiveIntegerField(_("failed repairs before the buyer may choose"), default=2)
    repair_same_fault = models.BooleanField(
        _("only failed repairs of the same fault count"), default=False, db_default=False
    )
    dispatch_hours = models.PositiveIntegerField(_("replacement dispatched within (hours)"), default=72)
    goods_back_hours = models.PositiveIntegerField(
        _("goods that nobody keeps sent back within (hours)"), default=72, db_default=72
    )
    replacement_days = models.PositiveIntegerField(_("replacement received within (days)"), default=20)
    return_freight_ceiling = MoneyField(
        _("return freight paid back to the buyer, at most"), default=Decimal(30), db_default=Decimal(30)
    )
    freight_claim_days = models.PositiveIntegerField(_("freight and claims paid within (days)"), default=7)
    refund_business_days = models.PositiveIntegerField(_("refund paid within (business days)"), default=2)
    rejected_days = models.PositiveIntegerField(_("buyer answers a rejection within (days)"), default=7)
    evidence_hours = models.PositiveIntegerField(_("evidence within (hours)"), default=24)
    more_evidence_hours = models.PositiveIntegerField(_("further evidence within (service hours)"), default=4)
    decision_hours = models.PositiveIntegerField(_("platform decides within (hours)"), default=48)
    referral_hours = models.PositiveIntegerField(_("supervisor decides about goods within (hours)"), default=24)
    execution_hours = models.PositiveIntegerField(_("ruling carried out within (hours)"), default=24)
    suspend_joint_business_days = models.PositiveIntegerField(
        _("suspension asked for by both sides lasts (business days)"), default=7
    )
    suspend_days = models.PositiveIntegerField(_("suspension for the police lasts (days)"), default=30)
    suspend_court_months = models.PositiveIntegerField(_("suspension for a court lasts (months)"), default=6)
    first_reply_minutes = models.PositiveIntegerField(_("first reply within (minutes)"), default=5)
    confirm_days = models.PositiveIntegerField(_("receipt confirms itself after (days)"), default=10)
    extension_days = models.PositiveIntegerField(_("one extension (days)"), default=3)
    extension_count = models.PositiveIntegerField(_("extensions without a supervisor"), default=1)

    no_reason_allowed = models.BooleanField(_("return without reason allowed"), default=True)
    no_reason_days = models.PositiveIntegerField(_("return without reason within (days)"), default=7)
    quality_days = models.PositiveIntegerField(_("quality claims within (days)"), default=15)
    warranty_days = models.PositiveIntegerField(_("repair within (days)"), default=365)
    price_protection_days = models.PositiveIntegerField(_("price protection within (days)"), default=15)
    replacement_counts_anew = models.BooleanField(
        _("a replacement has a time to ask of its own"), default=True, db_default=True
    )
    application_count = models.PositiveIntegerField(_("applications per line"), default=5)
    restocking_percent = models.DecimalField(
        _("restocking fee (%)"), max_digits=4, decimal_places=2, default=Decimal(0), validators=[MaxValueValidator(50)]
    )
    restocking_used_percent = models.DecimalField(
        _("restocking fee of opened or used goods (%)"),
        max_digits=4,
        decimal_places=2,
        default=Decimal(0),
        validators=[MaxValueValidator(50)],
    )
    restocking_late_percent = models.DecimalField(
        _("restocking fee of goods sent back late (%)"),
        max_digits=4,
        decimal_places=2,
        default=Decimal(0),
        validators=[MaxValueValidator(50)],
    )
    restocking_late_days = models.PositiveIntegerField(_("late is more than (days after the agreement)"), default=7)
    depreciation_day_percent = models.DecimalField(
        _("depreciation for a day of use (% of paid)"),
        max_digits=5,
        decimal_places=3,
        default=Decimal(0),
        db_default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(10)],
    )
    free_freight_from = MoneyField(_("free shipping from (goods paid)"), null=True, blank=True)
    outbound_freight = MoneyField(_("outbound freight when free shipping is lost"), default=Decimal(0))
    deducts_missing_gifts = models.BooleanField(_("gifts that are kept are deducted"), default=True)
    reprices_bundles = models.BooleanField(_("what stays of a bundle is priced anew"), default=True)
    late_dispatch_percent = models.DecimalField(
        _("compensation for late dispatch (% of paid)"), max_digits=5, decimal_places=2, default=Decimal(5)
    )
    late_dispatch_floor = MoneyField(_("compensation for late dispatch, at least"), default=Decimal(3))
    coupon_days = models.PositiveIntegerField(_("coupons are valid for (days)"), default=90)
    points_per_unit = models.PositiveIntegerField(_("points for one unit of the currency"), default=100)
    instant_below = MoneyField(_("refunded at once below"), default=Decimal(0))
    instant_buyer_level = models.PositiveSmallIntegerField(
        _("refunded at once from buyer level"), choices=BuyerLevel.choices, default=BuyerLevel.values[-1]
    )
    instant_quota = MoneyField(_("refunded at once and not yet returned, per buyer at most"), default=Decimal(500))
    instant_share_percent = models.PositiveSmallIntegerField(
        _("share of buyers that instant refunds are rolled out to (%)"),
        default=100,
        validators=[MaxValueValidator(100)],
    )
    authorise_below = MoneyField(_("returns authorised by themselves below"), default=Decimal(0))
    has_prepaid_label = models.BooleanField(_("return label is prepaid"), default=False)
    returnless_below = MoneyField(_("no return asked below"), default=Decimal(0))
    auto_approve_below = MoneyField(_("agreed at once below"), default=Decimal(0))
    authority_agent = MoneyField(_("an agent decides up to"), default=Decimal(200))
    authority_senior = MoneyField(_("a senior agent decides up to"), default=Decimal(1000))
    authority_supervisor = MoneyField(_("a supervisor decides up to"), default=Decimal(10000))
    authority_percent = models.PositiveSmallIntegerField(
        _("share of the order that is decided alone (%)"), default=100, validators=[MaxValueValidator(100)]
    )
    authority_agent_day = MoneyField(
        _("an agent decides in one day up to"), default=Decimal(2000), null=True, blank=True
    )
    authority_senior_day = MoneyField(
        _("a senior agent decides in one day up to"), default=Decimal(10000), null=True, blank=True
    )
    authority_supervisor_day = MoneyField(
        _("a supervisor decides in one day up to"), default=Decimal(100000), null=True, blank=True
    )
    authority_own_offer = MoneyField(
        _("who made an offer accepts it for the buyer up to"), default=Decimal(50), db_default=Decimal(50)
    )
    authority_finance = MoneyField(
        _("one person of finance lets go up to"), default=Decimal(10000), db_default=Decimal(10000)
    )
    authority_finance_day = MoneyField(
        _("one person of finance lets go in one day up to"),
        default=Decimal(100000),
        db_default=Decimal(100000),
        null=True,
        blank=True,
    )
    release_above = MoneyField(_("finance releases refunds above"), default=Decimal(500))
    risk_days = models.PositiveIntegerField(_("a buyer's record looks back (days)"), default=90)
    risk_case_count = models.PositiveIntegerField(_("cases of a buyer that are worth a look"), default=4)
    risk_refund_percent = models.PositiveSmallIntegerField(
        _("share given back that is worth a look (%)"), default=50, validators=[MaxValueValidator(100)]
    )
    risk_dispute_percent = models.PositiveSmallIntegerField(
        _("share of cases that went to the platform that is worth a look (%)"),
        default=25,
        validators=[MaxValueValidator(100)],
    )
    created_at = models.DateTimeField(auto_now_add=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ["name", "-version"]
        # That periods of one scope do not overlap is an exclusion constraint, made by a migration: docs/adr/0004.
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="policy_version_once"),
            models.CheckConstraint(
                name="policy_ends_after_start",
                condition=Q(effective_until__isnull=True) | Q(effective_until__gt=F("effective_from")),
            ),
            models.CheckConstraint(
                name="policy_of_exclusion_refuses", condition=Q(ground="") | Q(no_reason_allowed=False)
            ),
            models.CheckConstraint(
                name="policy_restocking_at_most_half",
                condition=Q(restocking_percent__gte=0, restocking_percent__lte=50),
            ),
            models.CheckConstraint(
                name="policy_depreciation_at_most_a_tenth",
                condition=Q(depreciation_day_percent__gte=0, depreciation_day_percent__lte=10),
            ),
            models.CheckConstraint(
                name="policy_other_restocking_at_most_half",
                condition=Q(
                    restocking_used_percent__gte=0,
                    restocking_used_percent__lte=50,
                    restocking_late_percent__gte=0,
                    restocking_late_percent__lte=50,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"

    @property
    def is_for_items(self) -> bool:
        """Whether it rules items alone: what is about a case never depends on a category or a reason."""
        return bool(self.category or self.reason_id or self.ground)

    def decides(self, rule: str) -> bool:
        """Whether a rule of this version ever counts."""
        if self.ground:
            return rule == "no_reason_allowed"
        return rule in self.OF_ITEMS or not self.is_for_items
