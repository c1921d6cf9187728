"""The after-sales case: its facts, and what the database refuses."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from aftersales.models.cases.open_cases import INDEXES
from aftersales.models.cases.standing import Standing
from aftersales.models.people.staff import Team, User
from aftersales.models.policies.policy import Policy
from aftersales.models.policies.reason import FreightPayer, Reason, RejectReason
from aftersales.rules.vocabulary import (
    ENDED,
    OPEN,
    CaseType,
    ChangeKind,
    CloseReason,
    DeadlineKind,
    Fault,
    GivenAs,
    GoodsState,
    Priority,
    Role,
    Status,
    SuspensionCause,
)
from logistics.models import ReturnAddress
from orders.models import Buyer, Merchant, Order
from orders.models.order import MoneyField

if TYPE_CHECKING:
    pass


class Case(Standing):
    """One request about one order: some lines, some units, some money."""

    # Those of the order, kept here once more: foreign keys over several columns let the database refuse a case
    # of one merchant about another's order, and lists need no join to know who may see it.
    number = models.CharField(_("case number"), max_length=20, unique=True)
    order = models.ForeignKey(Order, models.PROTECT, related_name="cases", verbose_name=_("order"))
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="cases", verbose_name=_("merchant"))
    buyer = models.ForeignKey(Buyer, models.PROTECT, related_name="cases", verbose_name=_("buyer"))
    currency = models.CharField(_("currency"), max_length=3)
    type = models.CharField(_("type"), max_length=20, choices=CaseType)
    # Protected: only the transitions of `CaseMoves` write it, and only the gate calls them.
    status = FSMField(
        _("state"), max_length=20, choices=Status.choices, default=Status.PENDING_MERCHANT, protected=True
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    round_number = models.PositiveIntegerField(_("round"), default=1)

    # What lists show without looking at the lines.
    subject = models.CharField(_("subject"), max_length=300)
    description = models.TextField(_("description"), blank=True)
    reason = models.ForeignKey(Reason, models.PROTECT, verbose_name=_("reason"))
    # As they were when it was asked: a reason that an admin edits later changes no case.
    fault = models.CharField(_("fault"), max_length=12, choices=Fault)
    freight_payer = models.CharField(_("return freight"), max_length=10, choices=FreightPayer)
    outbound_payer = models.CharField(
        _("freight of the way out"), max_length=10, choices=FreightPayer, blank=True, default="", db_default=""
    )
    freight_rule = models.CharField(_("rule of the freight"), max_length=30, blank=True, default="", db_default="")
    # As it was last looked at: read anew with each decision. What was true at an application stands in its round.
    goods_state = models.CharField(_("goods"), max_length=12, choices=GoodsState)
    # The version in force when it was opened: it holds for the whole life of the case.
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="cases", verbose_name=_("policy"))

    given_as = models.CharField(_("given as"), max_length=10, choices=GivenAs, default=GivenAs.MONEY)
    change = models.CharField(_("change"), max_length=10, choices=ChangeKind, blank=True)
    dispatches_first = models.BooleanField(_("replacement sent first"), default=False)
    # An exchange that can not be sent keeps its type: another one could collide with a case that has it already.
    replacement_failed_at = models.DateTimeField(_("money instead of a replacement since"), null=True, blank=True)
    choice_offered_at = models.DateTimeField(_("exchange or refund offered at"), null=True, blank=True)
    # Two instants, since what was promised when agreeing is paid only once the goods are on their way.
    instant_at = models.DateTimeField(_("refund before the goods come, promised at"), null=True, blank=True)
    advanced_at = models.DateTimeField(_("refunded before the goods came, at"), null=True, blank=True)
    # What it continues, was split from, or was merged into. The index is partial, see `open_cases.INDEXES`.
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("continues"),
        db_index=False,
    )

    requested_amount = MoneyField(_("asked"), default=Decimal(0))
    freight_held = MoneyField(_("freight asked"), default=Decimal(0))
    freight_settled = MoneyField(_("freight given back"), default=Decimal(0))
    # Empty means all that the case holds; a sum is there once somebody agreed to less.
    agreed_amount = MoneyField(_("agreed"), null=True, blank=True)
    return_freight_amount = MoneyField(_("return freight advanced"), default=Decimal(0))
    # Told with a receipt where the way back is the merchant's; owed to the buyer once goods were accepted.
    buyer_freight_amount = MoneyField(_("return freight paid by the buyer"), default=Decimal(0), db_default=Decimal(0))
    return_address = models.ForeignKey(
        ReturnAddress, models.PROTECT, null=True, blank=True, verbose_name=_("return address")
    )

    applied_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("applied by")
    )
    applied_role = models.CharField(_("applied as"), max_length=12, choices=Role)
    assignee = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("assigned to")
    )
    assigned_at = models.DateTimeField(_("assigned at"), null=True, blank=True)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority, default=Priority.NORMAL, db_default=Priority.NORMAL
    )
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("team"))

    reject_reason = models.ForeignKey(
        RejectReason, models.PROTECT, null=True, blank=True, verbose_name=_("reason to reject")
    )
    reject_note = models.TextField(_("note on the rejection"), blank=True)
    close_reason = models.CharField(_("closed because"), max_length=20, choices=CloseReason, blank=True)
    ruling = models.TextField(_("ruling"), blank=True)
    liable_party = models.CharField(_("liable"), max_length=12, choices=Fault, blank=True)
    suspension_cause = models.CharField(
        _("suspended because"), max_length=20, choices=SuspensionCause, blank=True, default="", db_default=""
    )

    opened_at = models.DateTimeField(_("opened at"))
    opened_on = models.DateField(_("opened on"))
    moved_at = models.DateTimeField(_("last move"))
    # Measures of service; the queue reads them, no rule does.
    first_reply_at = models.DateTimeField(_("first reply"), null=True, blank=True)
    approved_at = models.DateTimeField(_("agreed at"), null=True, blank=True)
    clock_approved_at = models.DateTimeField(_("agreed by the clock at"), null=True, blank=True)
    breached_at = models.DateTimeField(_("first promise missed"), null=True, blank=True)
    closed_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    reopened_count = models.PositiveSmallIntegerField(_("reopened"), default=0)
    # The deadline that comes first, repeated here: lists of a hundred thousand open cases are ordered by it.
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    due_kind = models.CharField(_("what is due"), max_length=20, choices=DeadlineKind, blank=True)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.UniqueConstraint(fields=["id", "order"], name="case_id_order"),
            models.UniqueConstraint(fields=["id", "merchant"], name="case_id_merchant"),
            models.CheckConstraint(name="case_status_known", condition=Q(status__in=Status.values)),
            models.CheckConstraint(name="case_priority_known", condition=Q(priority__in=Priority.values)),
            models.CheckConstraint(name="case_type_known", condition=Q(type__in=CaseType.values)),
            models.CheckConstraint(
                name="case_change_of_order_changes_only",
                condition=(Q(type=CaseType.ORDER_CHANGE) & ~Q(change=""))
                | (~Q(type=CaseType.ORDER_CHANGE) & Q(change="")),
            ),
            models.CheckConstraint(
                name="case_in_kind_is_compensation",
                condition=Q(given_as=GivenAs.MONEY) | Q(type=CaseType.COMPENSATION),
            ),
            # Lets the database read "open" off one nullable column, which partial indexes can be proved to cover.
            models.CheckConstraint(
                name="case_ended_has_date",
                condition=Q(status__in=ENDED, closed_at__isnull=False) | Q(status__in=OPEN, closed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="case_closed_has_reason",
                condition=(Q(status=Status.CLOSED) & ~Q(close_reason=""))
                | (~Q(status=Status.CLOSED) & Q(close_reason="")),
            ),
            models.CheckConstraint(
                name="case_suspended_has_cause",
                condition=Q(status=Status.SUSPENDED, suspension_cause__in=SuspensionCause.values)
                | (~Q(status=Status.SUSPENDED) & Q(suspension_cause="")),
            ),
            models.CheckConstraint(
                name="case_advances_only_what_was_promised",
                condition=Q(advanced_at__isnull=True) | Q(instant_at__isnull=False),
            ),
            models.CheckConstraint(
                name="case_money_not_negative",
                condition=Q(
                    requested_amount__gte=0,
                    freight_held__gte=0,
                    freight_settled__gte=0,
                    return_freight_amount__gte=0,
                    buyer_freight_amount__gte=0,
                )
                & (Q(agreed_amount__isnull=True) | Q(agreed_amount__gte=0)),
            ),
        ]
        indexes = INDEXES

    def __str__(self) -> str:
        return self.number
