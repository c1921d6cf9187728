"""One act for many cases: a job, and a row for each case with its outcome. See docs/adr/0018."""

from typing import TypeAlias

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.models.cases.case import Case
from aftersales.models.people.staff import User
from aftersales.rules.vocabulary import GoodsState


class BulkAct(models.TextChoices):
    """What can be done to many cases at once."""

    TAKE = "take", _("Take for me")
    ASSIGN = "assign", _("Assign")
    TEAM = "team", _("Move to a team")
    NOTE = "note", _("Add a note")
    MESSAGE = "message", _("Send a message")
    APPROVE = "approve", _("Agree")
    REJECT = "reject", _("Reject")
    EXTEND = "extend", _("Extend the deadline")


class BulkJobStatus(models.TextChoices):
    """The progress of a job."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", pgettext_lazy("job", "Running")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class BulkJob(models.Model):
    """An act for many cases, its terms and who asked for it; workers perform its rows one by one."""

    Status: TypeAlias = BulkJobStatus

    made_by = models.ForeignKey(User, models.PROTECT, related_name="bulk_jobs", verbose_name=_("by"))
    action = models.CharField(_("act"), max_length=10, choices=BulkAct)
    terms = models.JSONField(_("terms"), default=dict, blank=True)
    # Of who asked: reasons are written by a worker, which has no language.
    language = models.CharField(_("language"), max_length=10, blank=True)
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.QUEUED)
    retry_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="retries", verbose_name=_("tries again")
    )
    made_at = models.DateTimeField(_("made at"))
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("act for many cases")
        verbose_name_plural = _("acts for many cases")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="bulk_act_known", condition=Q(action__in=BulkAct.values)),
            models.CheckConstraint(
                name="bulk_job_ended_has_date",
                condition=Q(status__in=[BulkJobStatus.DONE, BulkJobStatus.CANCELLED], ended_at__isnull=False)
                | Q(status__in=[BulkJobStatus.QUEUED, BulkJobStatus.RUNNING], ended_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["made_by", "-id"], name="bulk_job_of_person"),
            models.Index(fields=["id"], name="bulk_job_unended", condition=Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.pk}"

    @property
    def is_moving(self) -> bool:
        """Whether rows are still to be done."""
        return self.ended_at is None


class BulkOutcome(models.TextChoices):
    """What became of one case of a job."""

    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    SKIPPED = "skipped", _("Skipped")
    CONFLICT = "conflict", _("Changed meanwhile")
    REFUSED = "refused", pgettext_lazy("result", "Refused")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class BulkRow(models.Model):
    """One case of a job: the version it had when it was selected, and what became of it."""

    Outcome: TypeAlias = BulkOutcome

    # No index of its own: the unique constraint below begins with the job.
    job = models.ForeignKey(BulkJob, models.CASCADE, related_name="rows", verbose_name=_("job"), db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+", verbose_name=_("case"))
    version = models.PositiveIntegerField(_("version"))
    # Of an act that agrees: what it leads to was shown for goods that are there.
    goods_seen = models.CharField(
        _("goods when it was asked for"), max_length=12, choices=GoodsState, blank=True, default="", db_default=""
    )
    outcome = models.CharField(_("result"), max_length=10, choices=Outcome, default=Outcome.WAITING)
    reason = models.TextField(_("reason"), blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    hold_until = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(_("at"), null=True, blank=True)

    class Meta:
        verbose_name = _("row of an act for many")
        verbose_name_plural = _("rows of an act for many")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["job", "case"], name="bulk_row_once"),
            models.CheckConstraint(name="bulk_row_goods_known", condition=Q(goods_seen__in=["", *GoodsState.values])),
            models.CheckConstraint(
                name="bulk_row_has_outcome",
                condition=Q(outcome=BulkOutcome.WAITING, done_at__isnull=True)
                | (~Q(outcome=BulkOutcome.WAITING) & Q(done_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["job", "outcome", "id"], name="bulk_row_by_outcome"),
            models.Index(fields=["id"], name="bulk_row_waiting", condition=Q(outcome=BulkOutcome.WAITING)),
        ]

    def __str__(self) -> str:
        return f"{self.job_id} {self.case_id} {self.outcome}"
