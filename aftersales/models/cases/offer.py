"""Other terms, proposed to the buyer."""

from typing import TypeAlias

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.models.cases.case import Case
from aftersales.models.people.staff import User
from aftersales.rules.vocabulary import CaseType, GivenAs, Role
from orders.models.order import MoneyField


class OfferStatus(models.TextChoices):
    """What became of an offer; at most one of a case is open."""

    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    LAPSED = "lapsed", _("Lapsed")
    VOID = "void", _("Void")


class Offer(models.Model):
    """Other terms than those asked for: a sum, and perhaps another type, that the buyer accepts or declines."""

    Status: TypeAlias = OfferStatus

    case = models.ForeignKey(Case, models.CASCADE, related_name="offers", verbose_name=_("case"))
    round_number = models.PositiveIntegerField(_("round"))
    type = models.CharField(_("type"), max_length=20, choices=CaseType)
    amount = MoneyField(_("amount"))
    given_as = models.CharField(_("given as"), max_length=10, choices=GivenAs, default=GivenAs.MONEY)
    is_quote = models.BooleanField(_("price of a repair"), default=False)
    note = models.TextField(_("note"), blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    made_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("made by")
    )
    made_role = models.CharField(_("made as"), max_length=12, choices=Role)
    made_at = models.DateTimeField(_("made at"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(status=OfferStatus.OPEN), name="one_open_offer_per_case"
            ),
            models.CheckConstraint(name="offer_not_negative", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"
