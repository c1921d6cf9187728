"""One movement of money back along one payment, stored before any gateway is called."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from aftersales.models.cases.case import Case
from aftersales.models.disputes.payment_dispute import PaymentDispute
from aftersales.models.people.staff import User
from aftersales.rules.vocabulary import RefundStatus
from orders.models import Merchant, Order, Payment
from orders.models.order import MoneyField

R = RefundStatus
UNPAID = (R.DRAFT, R.AWAITING_RELEASE, R.QUEUED, R.SENDING, R.ACCEPTED, R.UNKNOWN, R.FAILED)
# States in which the sum is held on the payment: a refund that failed has let go of it.
HOLDING = (R.DRAFT, R.AWAITING_RELEASE, R.QUEUED, R.SENDING, R.ACCEPTED, R.UNKNOWN)
# States in which the sum is on its way to the buyer, or there.
GIVEN = (*HOLDING, R.SUCCEEDED)
# States in which the gateway may have paid, or may do so yet: only it can tell.
AT_GATEWAY = (R.SENDING, R.ACCEPTED, R.UNKNOWN)


def new_number() -> str:
    """A refund number, made once; every attempt reuses it."""
    return uuid.uuid4().hex


class Payer(models.TextChoices):
    """Whose money pays the buyer."""

    MERCHANT = "merchant", _("Merchant")
    PLATFORM = "platform", _("Platform")


class Refund(models.Model):
    """An intent to pay a sum back along one payment, and its life."""

    # The idempotency key at the gateway: one number, one movement of money (ADR 3).
    number = models.CharField(_("refund number"), max_length=32, default=new_number)
    gateway = models.CharField(_("gateway"), max_length=20)
    case = models.ForeignKey(Case, models.PROTECT, related_name="refunds", verbose_name=_("case"))
    order = models.ForeignKey(Order, models.PROTECT, related_name="refunds", verbose_name=_("order"))
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="refunds", verbose_name=_("merchant"))
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds", verbose_name=_("payment"))
    currency = models.CharField(_("currency"), max_length=3)
    amount = MoneyField(_("amount"))
    points = models.PositiveIntegerField(_("points"), default=0)
    status = FSMField(_("status"), max_length=20, choices=R.choices, default=R.DRAFT, protected=True)
    payer = models.CharField(_("paid by"), max_length=10, choices=Payer, default=Payer.MERCHANT)
    # Set: should the merchant's account refuse it after all, the platform pays at once.
    merchant_late_at = models.DateTimeField(_("merchant's time to pay ended at"), null=True, blank=True)
    tries = models.PositiveIntegerField(_("tries"), default=0)
    # Leased: a worker talks to the gateway at this moment. Held: nothing is tried before then.
    lease_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    hold_until = models.DateTimeField(_("held until"), null=True, blank=True)
    needs_person = models.BooleanField(_("a person must look"), default=False)
    unknown_since = models.DateTimeField(_("unknown since"), null=True, blank=True)
    gateway_reference = models.CharField(_("gateway's reference"), max_length=128, blank=True)
    last_code = models.CharField(_("last answer"), max_length=60, blank=True)
    last_message = models.CharField(_("what it said"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("made at"))
    # Above what one person of finance lets go: the first of two who release it.
    first_released_at = models.DateTimeField(_("first released at"), null=True, blank=True)
    first_released_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("first released by")
    )
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    released_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("released by")
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    # A manual settlement: who proposed it and who, another person, confirmed it.
    hand_reference = models.CharField(_("reference of the payment by hand"), max_length=128, blank=True)
    hand_proposed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("settlement proposed by")
    )
    hand_proposed_at = models.DateTimeField(_("settlement proposed at"), null=True, blank=True)
    hand_confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("settlement confirmed by")
    )
    # The buyer has the money already: the bank took it from the merchant.
    chargeback = models.ForeignKey(
        PaymentDispute, models.PROTECT, null=True, blank=True, related_name="refunds", verbose_name=_("chargeback")
    )

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["gateway", "number"], name="refund_number_once_per_gateway"),
            models.CheckConstraint(name="refund_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="refund_status_known", condition=Q(status__in=R.values)),
            models.CheckConstraint(
                name="two_people_settle_by_hand",
                condition=Q(hand_confirmed_by__isnull=True) | ~Q(hand_confirmed_by=F("hand_proposed_by")),
            ),
            models.CheckConstraint(
                name="two_people_release",
                condition=Q(first_released_by__isnull=True)
                | Q(released_by__isnull=True)
                | ~Q(released_by=F("first_released_by")),
            ),
            models.CheckConstraint(
                name="first_release_by_somebody",
                condition=Q(first_released_at__isnull=True, first_released_by__isnull=True)
                | Q(first_released_at__isnull=False, first_released_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["hold_until", "id"], name="refund_to_send", condition=Q(status__in=[R.QUEUED, *AT_GATEWAY])
            ),
            models.Index(
                fields=["status", "-id"],
                include=["currency", "amount"],
                name="refund_unpaid_sums",
                condition=Q(status__in=UNPAID),
            ),
            models.Index(fields=["case"], name="refund_of_case"),
            models.Index(fields=["-ended_at", "-id"], name="refund_newest_paid", condition=Q(status=R.SUCCEEDED)),
            models.Index(fields=["-created_at", "-id"], name="refund_newest_made"),
            models.Index(
                fields=["-released_at", "-id"], name="refund_newest_released", condition=Q(released_at__isnull=False)
            ),
            models.Index(fields=["id"], name="refund_reversed", condition=Q(status=R.REVERSED)),
            models.Index(fields=["id"], name="refund_needs_person", condition=Q(needs_person=True)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_paid_past_gateway(self) -> bool:
        """Whether somebody paid it by hand, or the buyer's bank took the money: the gateway knows of neither."""
        return self.hand_confirmed_by_id is not None or self.chargeback_id is not None

    @property
    def may_be_asked_again(self) -> bool:
        """Whether the worker has given up asking the gateway, and a person may have it ask once more."""
        return self.status in AT_GATEWAY and (self.status == R.UNKNOWN or self.needs_person)

    @transition(status, source=[R.DRAFT], target=R.AWAITING_RELEASE)
    def ask_release(self) -> None:
        """Finance must release it."""

    @transition(status, source=[R.DRAFT, R.AWAITING_RELEASE, R.FAILED], target=R.QUEUED)
    def queue(self) -> None:
        """Ready to be sent."""

    @transition(status, source=[R.QUEUED, R.SENDING, R.ACCEPTED, R.UNKNOWN], target=R.SENDING)
    def claim(self) -> None:
        """A worker takes it; a stale lease may be taken again."""

    @transition(status, source=[R.SENDING, R.UNKNOWN, R.ACCEPTED], target=R.ACCEPTED)
    def accept(self) -> None:
        """The gateway has it and will pay."""

    # From queued without having been sent: by a manual settlement, which holds the sum of a failed one again, or by
    # the buyer's bank.
    @transition(status, source=[R.QUEUED, R.SENDING, R.ACCEPTED, R.UNKNOWN, R.FAILED], target=R.SUCCEEDED)
    def succeed(self) -> None:
        """The buyer has the money."""

    @transition(status, source=[R.SENDING, R.ACCEPTED, R.UNKNOWN], target=R.FAILED)
    def fail(self) -> None:
        """The gateway definitely did not and will not pay."""

    # Not from accepted: what the gateway has promised to pay is no more in doubt for an answer that got lost.
    # From queued: somebody says that it was paid by hand.
    @transition(status, source=[R.QUEUED, R.SENDING, R.UNKNOWN], target=R.UNKNOWN)
    def doubt(self) -> None:
        """Nobody knows yet; the reserve stays."""

    @transition(status, source=[R.SUCCEEDED], target=R.REVERSED)
    def reverse(self) -> None:
        """The gateway took it back after success."""

    @transition(status, source=[R.DRAFT, R.AWAITING_RELEASE, R.QUEUED, R.FAILED, R.REVERSED], target=R.CANCELLED)
    def cancel(self) -> None:
        """Replaced or no longer owed; not at the gateway, or definitely refused."""
