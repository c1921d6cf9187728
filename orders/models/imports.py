"""Runs of the order importers, for the page that shows them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.order import Source
from orders.models.party import Merchant


class ImportRun(models.Model):
    """One upload or command: what was read, and what became of it."""

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("Being read")
        PREVIEW = "preview", _("Preview")
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    source = models.CharField(_("source"), max_length=20, choices=Source)
    merchant = models.ForeignKey(Merchant, models.PROTECT, verbose_name=_("merchant"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.UPLOADED)
    files = models.JSONField(_("files"), default=list)
    preview = models.JSONField(_("preview"), default=list, blank=True)
    # Of who uploaded it: what is wrong with a file is said in their words.
    language = models.CharField(_("language"), max_length=10, default="en", db_default="en")
    started_by = models.CharField(_("started by"), max_length=150, blank=True)
    created_at = models.DateTimeField(_("created at"))
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    total_count = models.PositiveIntegerField(_("orders in the files"), default=0)
    read_count = models.PositiveIntegerField(_("read"), default=0)
    created_count = models.PositiveIntegerField(_("created"), default=0)
    updated_count = models.PositiveIntegerField(_("updated"), default=0)
    unchanged_count = models.PositiveIntegerField(_("unchanged"), default=0)
    rejected_count = models.PositiveIntegerField(_("rejected"), default=0)
    failure = models.TextField(_("what went wrong"), blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    hold_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.source} {self.pk}"


class ImportRejection(models.Model):
    """A row that was not taken, where it stands and why."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rejections", verbose_name=_("import"))
    file = models.CharField(_("file"), max_length=255)
    line = models.PositiveIntegerField(_("line"), null=True, blank=True)
    order_number = models.CharField(_("order"), max_length=128, blank=True)
    reason = models.TextField(_("reason"))
    row = models.JSONField(_("row"), default=dict)

    class Meta:
        verbose_name = _("rejected row")
        verbose_name_plural = _("rejected rows")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"
