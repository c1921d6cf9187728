"""The log of a case; the database refuses to change or delete a row."""

from typing import cast

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.models.cases.case import Case
from aftersales.models.people.staff import User
from aftersales.rules.event_data import Details
from aftersales.rules.vocabulary import Role, Status


class Event(models.Model):
    """One thing that happened: who, when, from, to, why, version."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="events", verbose_name=_("case"))
    happened_at = models.DateTimeField(_("at"))
    action = models.CharField(_("action"), max_length=40)
    role = models.CharField(_("role"), max_length=12, choices=Role)
    # Without an index of its own: `event_newest_of_user` is smaller, and orders too.
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by"), db_index=False
    )
    from_status = models.CharField(_("from"), max_length=20, choices=Status, blank=True)
    to_status = models.CharField(_("to"), max_length=20, choices=Status)
    # The version of the case that the event led to: a page that was made at an older one shows what came since.
    version = models.PositiveIntegerField(_("version"))
    why = models.TextField(_("why"), blank=True)
    data = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["case", "-id"], name="event_of_case"),
            models.Index(fields=["user", "-id"], name="event_newest_of_user", condition=Q(user__isnull=False)),
            # What somebody has decided today counts against their limit, at each decision.
            models.Index(fields=["user", "happened_at"], name="event_day_of_user", condition=Q(user__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.from_status} → {self.to_status}"

    @property
    def details(self) -> Details:
        """The data with its types; `rules.event_data` says which kind has which keys."""
        return cast(Details, self.data or {})
