"""Goods of the buyer that lie with us and are owed back: why, at whose cost, until when, what became of them."""

from datetime import datetime
from typing import Final, TypeAlias

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.models.cases.case import Case
from aftersales.models.people.staff import User
from aftersales.models.policies.reason import FreightPayer
from aftersales.rules.returns import goods_owed as rules
from logistics.models import Parcel
from orders.models import OrderLine


class GoodsOwedCause(models.TextChoices):
    """Why goods lie here that nobody keeps."""

    ENDED = "ended", _("Held when the case ended")
    SURPLUS = "surplus", _("Not part of the case")
    LATE = "late", _("Arrived after the decision")


class GoodsOwedOutcome(models.TextChoices):
    """What became of them."""

    WAITING = "waiting", _("To send back")
    SENT = "sent", _("Sent to the buyer")
    CAME_BACK = "came_back", pgettext_lazy("goods", "Came back to us")
    GIVEN_UP = "given_up", _("Left by the buyer")
    TAKEN_UP = "taken_up", pgettext_lazy("goods", "Taken into a case")


WAITING: Final = Q(outcome=GoodsOwedOutcome.WAITING)
SENT: Final = Q(outcome__in=[GoodsOwedOutcome.SENT, GoodsOwedOutcome.CAME_BACK])


class GoodsOwed(models.Model):
    """One task: goods of a case that go back to the buyer, whatever the state of the case is."""

    Cause: TypeAlias = GoodsOwedCause
    Outcome: TypeAlias = GoodsOwedOutcome

    case = models.ForeignKey(Case, models.PROTECT, related_name="goods_owed", verbose_name=_("case"))
    cause = models.CharField(_("cause"), max_length=8, choices=Cause)
    payer = models.CharField(_("freight paid by"), max_length=10, choices=FreightPayer)
    rule = models.CharField(_("rule of the freight"), max_length=20)
    created_at = models.DateTimeField(_("owed since"))
    due_at = models.DateTimeField(_("send until"))
    breached_at = models.DateTimeField(_("promise missed at"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.WAITING)
    parcel = models.ForeignKey(
        Parcel, models.PROTECT, null=True, blank=True, related_name="goods_owed", verbose_name=_("parcel")
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )

    class Meta:
        verbose_name = _("goods owed to the buyer")
        verbose_name_plural = _("goods owed to buyers")
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(fields=["due_at", "id"], name="goods_owed_due", condition=WAITING),
            models.Index(fields=["due_at"], name="goods_owed_unbreached", condition=WAITING & Q(breached_at=None)),
        ]
        constraints = [
            models.CheckConstraint(name="goods_owed_cause_known", condition=Q(cause__in=GoodsOwedCause.values)),
            models.CheckConstraint(name="goods_owed_outcome_known", condition=Q(outcome__in=GoodsOwedOutcome.values)),
            models.CheckConstraint(
                name="goods_owed_ended_has_date",
                condition=(WAITING & Q(ended_at__isnull=True)) | (~WAITING & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="goods_owed_sent_in_a_parcel",
                condition=(SENT & Q(parcel__isnull=False)) | (~SENT & Q(parcel__isnull=True)),
            ),
            models.CheckConstraint(
                name="goods_left_by_the_buyer_say_how",
                condition=~Q(outcome=GoodsOwedOutcome.GIVEN_UP) | ~Q(note=""),
            ),
            # What comes on top is added to the task that waits.
            models.UniqueConstraint(fields=["case", "cause"], condition=WAITING, name="one_task_of_a_cause_waits"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.cause}"

    @property
    def is_waiting(self) -> bool:
        """Whether they still lie here."""
        return self.outcome == GoodsOwedOutcome.WAITING

    @property
    def why_paid(self) -> str:
        """Who pays the way back to the buyer, and by which rule, in a sentence."""
        return rules.why(self.rule)

    def is_overdue(self, at: datetime) -> bool:
        """Whether they should be on their way by now."""
        return self.is_waiting and self.due_at < at


class GoodsOwedLine(models.Model):
    """So many units of an item of the order, or of something that nobody sold."""

    goods_owed = models.ForeignKey(
        GoodsOwed, models.CASCADE, related_name="lines", verbose_name=_("goods owed to the buyer")
    )
    order_line = models.ForeignKey(
        OrderLine, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("order line")
    )
    title = models.CharField(_("goods"), max_length=300)
    units = models.PositiveIntegerField(_("units"))

    class Meta:
        verbose_name = _("units owed to the buyer")
        verbose_name_plural = _("units owed to buyers")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="goods_owed_units_positive", condition=Q(units__gt=0)),
            models.CheckConstraint(name="goods_owed_have_a_name", condition=~Q(title="")),
            models.UniqueConstraint(fields=["goods_owed", "order_line"], name="goods_owed_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.title} × {self.units}"
