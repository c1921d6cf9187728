"""Saved views: lists of cases with filters, columns and an order; and which of them are tabs."""

from typing import TypeAlias

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Deferrable, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.models.people.staff import Team, User


class Sort(models.TextChoices):
    """Orders of a list; the database reads each by an index, or sorts open cases only (queries.console.queue.SORTS)."""

    DUE = "due", _("Due first")
    NEWEST = "newest", _("Newest first")
    OLDEST = "oldest", _("Oldest first")
    AMOUNT = "amount", _("Largest sum of goods first")


class Column(models.TextChoices):
    """Columns that a list can have beside the number and type of a case."""

    WHAT = "what", _("What")
    STATE = "state", _("State")
    ASKED = "asked", _("Asked")
    ASSIGNEE = "assignee", _("Assigned to")
    DUE = "due", pgettext_lazy("filter", "Due")
    OPENED = "opened", _("Opened")
    REASON = "reason", _("Reason")
    TEAM = "team", _("Team")


USUAL = (Column.WHAT, Column.STATE, Column.ASKED, Column.ASSIGNEE, Column.DUE)
MOST_COLUMNS = 8


def usual_columns() -> list[str]:
    """The columns of lists that nobody has chosen others for."""
    return [column.value for column in USUAL]


class ViewShare(models.TextChoices):
    """Who sees a view."""

    MINE = "mine", _("Only me")
    TEAM = "team", _("A team")
    ALL = "all", _("Everybody")


class SavedView(models.Model):
    """One list under a name, for its owner, a team or everybody; `params` are those of the list's address."""

    Share: TypeAlias = ViewShare

    owner = models.ForeignKey(User, models.CASCADE, related_name="saved_views", verbose_name=_("made by"))
    name = models.CharField(_("name"), max_length=60)
    share = models.CharField(_("for"), max_length=4, choices=Share, default=Share.MINE)
    team = models.ForeignKey(
        Team, models.CASCADE, null=True, blank=True, related_name="saved_views", verbose_name=_("team")
    )
    params = models.JSONField(_("filters"), default=dict, blank=True)
    sort = models.CharField(_("order"), max_length=6, choices=Sort, blank=True)
    columns = ArrayField(models.CharField(max_length=20), default=usual_columns, verbose_name=_("columns"))
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_named_once"),
            models.CheckConstraint(
                name="saved_view_of_team_has_team",
                condition=Q(share=ViewShare.TEAM, team__isnull=False)
                | (~Q(share=ViewShare.TEAM) & Q(team__isnull=True)),
            ),
            models.CheckConstraint(
                name="saved_view_has_columns", condition=Q(columns__len__gte=1, columns__len__lte=MOST_COLUMNS)
            ),
            models.CheckConstraint(name="saved_view_has_name", condition=~Q(name="")),
        ]
        indexes = [models.Index(fields=["share", "team"], name="saved_view_shared", condition=~Q(share=ViewShare.MINE))]

    def __str__(self) -> str:
        return self.name


class ViewPin(models.Model):
    """A view that a person has as a tab, and its position among their tabs."""

    user = models.ForeignKey(User, models.CASCADE, related_name="view_pins", verbose_name=_("user"))
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="pins", verbose_name=_("saved view"))
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("pinned view")
        verbose_name_plural = _("pinned views")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["user", "view"], name="view_pinned_once"),
            # Deferred, since moving a tab swaps two positions.
            models.UniqueConstraint(
                fields=["user", "position"], name="view_pins_in_order", deferrable=Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.view_id}"
