"""People who log in, and their teams."""

from collections.abc import Iterable
from functools import cached_property

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from aftersales.rules.vocabulary import Role
from orders.models import Merchant


class Team(models.Model):
    """Agents who share queues; serves some merchants, or every merchant when none is named."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    merchants = models.ManyToManyField(Merchant, blank=True, related_name="teams", verbose_name=_("merchants"))

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Theme(models.TextChoices):
    """Colours of the console."""

    SYSTEM = "", _("As the system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class User(AbstractUser):
    """Somebody with a login; roles are groups named after them."""

    display_name = models.CharField(_("name shown"), max_length=100, blank=True)
    merchant = models.ForeignKey(
        Merchant, models.PROTECT, null=True, blank=True, related_name="staff", verbose_name=_("works for merchant")
    )
    teams = models.ManyToManyField(Team, blank=True, related_name="members", verbose_name=_("teams"))
    capacity = models.PositiveSmallIntegerField(_("cases at once"), default=12)
    language = models.CharField(_("language"), max_length=10, blank=True)
    theme = models.CharField(_("theme"), max_length=5, choices=Theme, blank=True, default=Theme.SYSTEM)
    alert_sound = models.BooleanField(_("Play a sound"), default=False, db_default=False)
    alert_desktop = models.BooleanField(_("Show a message on the desktop"), default=False, db_default=False)

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.display_name or self.username

    @cached_property
    def roles(self) -> frozenset[Role]:
        """Roles of this person: their groups; a superuser is an admin."""
        return self.roles_of(self.groups.values_list("name", flat=True))

    def roles_of(self, groups: Iterable[str]) -> frozenset[Role]:
        """Roles that these groups give this person."""
        names = set(groups)
        roles = {role for role in Role if role in names}
        return frozenset(roles | {Role.ADMIN} if self.is_superuser else roles)

    @cached_property
    def team_ids(self) -> tuple[int, ...]:
        """Teams of this person, read once a request."""
        return tuple(self.teams.values_list("pk", flat=True))
