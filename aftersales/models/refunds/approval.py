"""Approval requests: what is above somebody's limit waits for a second person."""

from typing import TypeAlias

from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from aftersales.models.cases.case import Case
from aftersales.models.people.staff import User
from aftersales.moves import approving
from aftersales.rules.vocabulary import CaseType, Fault, GivenAs
from aftersales.rules.vocabulary import Status as CaseStatus
from orders.models.order import MoneyField

WITH_TERMS = Q(action__in=[move.name for move in approving.WITH_TERMS])


class ApprovalStatus(models.TextChoices):
    """What became of a request."""

    PENDING = "pending", _("Waiting")
    APPROVED = "approved", _("Allowed")
    DECLINED = "declined", _("Declined")
    VOID = "void", _("Void")


class EndedWhy(models.TextChoices):
    """Why a request ended without an answer: what it asks for is no longer what would happen."""

    OVERTAKEN = "overtaken", _("The case has gone on another way.")
    OTHER_SUM = "other_sum", _("Another sum would be given now.")
    OTHER_OUTCOME = "other_outcome", _("Something else would happen now.")


class ApprovalRequest(models.Model):
    """An act above the asker's limit, with what it would come to, to be allowed by a second person.

    It never changes: once something else would happen it ends, and whoever still wants it asks again.
    """

    Status: TypeAlias = ApprovalStatus
    Ended: TypeAlias = EndedWhy

    case = models.ForeignKey(Case, models.CASCADE, related_name="approval_requests", verbose_name=_("case"))
    action = models.CharField(_("action"), max_length=40)
    amount = MoneyField(_("amount"))
    asked_in = models.CharField(
        _("asked while"), max_length=20, choices=CaseStatus, blank=True, default="", db_default=""
    )
    case_type = models.CharField(_("as"), max_length=20, choices=CaseType, blank=True, default="", db_default="")
    given_as = models.CharField(_("given as"), max_length=10, choices=GivenAs, blank=True, default="", db_default="")
    # Empty of what was asked before this was kept.
    leads_to = models.CharField(_("leads to"), max_length=20, choices=CaseStatus, blank=True, default="", db_default="")
    # Of an act that has terms of its own: an offer, a ruling.
    terms = models.JSONField(_("terms"), default=dict, db_default=Value({}, models.JSONField()))
    payload = models.JSONField(_("details"), default=dict)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    why = models.TextField(_("why"), blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = models.CharField(_("ended by"), max_length=40, blank=True, default="", db_default="")
    ended_why = models.CharField(
        _("ended because"), max_length=20, choices=EndedWhy, blank=True, default="", db_default=""
    )

    class Meta:
        verbose_name = _("request for approval")
        verbose_name_plural = _("requests for approval")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(status=ApprovalStatus.PENDING), name="one_pending_approval_per_case"
            ),
            models.CheckConstraint(
                name="second_person_approves", condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by"))
            ),
            models.CheckConstraint(
                name="offers_and_rulings_are_asked_with_terms",
                condition=(WITH_TERMS & ~Q(terms={})) | (~WITH_TERMS & Q(terms={})),
            ),
            # That the case of a waiting one stands where it was asked is a deferred trigger, made by a migration.
            models.CheckConstraint(
                name="ended_request_says_why",
                condition=(Q(status=ApprovalStatus.VOID) & ~Q(ended_why=""))
                | (~Q(status=ApprovalStatus.VOID) & Q(ended_why="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.amount}"

    @property
    def liable(self) -> str:
        """Whom the ruling that is asked for finds liable; nothing of other acts."""
        return str(Fault(self.terms["liable"]).label) if "liable" in self.terms else ""
