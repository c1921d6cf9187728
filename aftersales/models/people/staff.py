"""People who log in, and their teams."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.postgres.fields import ArrayField
from django.core.management import CommandError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from aftersales.rules.vocabulary import Availability, CaseType, Distribution, Role
from orders.models import Merchant

SESSION_SALT = "aftersales.session"
FIRST_ADMINS = 2


class Team(models.Model):
    """Agents who share queues; serves some merchants, or every merchant when none is named."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    merchants = models.ManyToManyField(Merchant, blank=True, related_name="teams", verbose_name=_("merchants"))
    distribution = models.CharField(
        _("how cases come to people"), max_length=12, choices=Distribution, default=Distribution.CLAIM
    )
    absent_minutes = models.PositiveSmallIntegerField(
        _("minutes of absence"),
        null=True,
        blank=True,
        help_text=_("After so long away, what is due within 4 hours goes back to the team. Empty: never."),
    )
    idle_minutes = models.PositiveSmallIntegerField(
        _("minutes untouched"),
        null=True,
        blank=True,
        help_text=_("A case that its agent has not touched for so long goes back to the team. Empty: never."),
    )

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Skill(models.Model):
    """Something people are trained for; cases of its types go only to them."""

    name_en = models.CharField(_("name in English"), max_length=60, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=60)
    types = ArrayField(models.CharField(max_length=20, choices=CaseType), verbose_name=_("types of cases"))

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(types__len__gt=0), name="skill_of_some_type"),
            models.CheckConstraint(condition=Q(types__contained_by=list(CaseType.values)), name="skill_types_known"),
        ]

    def __str__(self) -> str:
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en


class Theme(models.TextChoices):
    """Light or dark colours of the console, or as the system has them."""

    SYSTEM = "", _("As the system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Density(models.TextChoices):
    """How close together the rows of a page stand."""

    COMFORTABLE = "", _("Comfortable")
    COMPACT = "compact", _("Compact")


class Times(models.TextChoices):
    """Which way to say a time stands on the page; the other one is its title."""

    RELATIVE = "", _("How long ago: 2 h ago")
    ABSOLUTE = "absolute", _("The clock: 14:05")


class People(UserManager["User"]):
    """People; `createsuperuser` makes the first two admins only, and is on record as any other grant."""

    use_in_migrations = False

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **extra_fields: Any
    ) -> "User":
        """An admin from the command line; CommandError when there are two: they grant the role to others."""
        if self.filter(is_active=True, is_superuser=True).count() >= FIRST_ADMINS:
            raise CommandError(_("There are two admins: one of them asks for the role, the other grants it."))
        with transaction.atomic():  # the database looks for the grant when the account is there for good
            user = super().create_superuser(username, email, password, **extra_fields)
            user.on_record(Role.ADMIN, timezone.now(), why="createsuperuser")
        return user


class User(AbstractUser):
    """Somebody with a login; roles are groups named after them."""

    objects: ClassVar[People] = People()

    display_name = models.CharField(_("name shown"), max_length=100, blank=True)
    merchant = models.ForeignKey(
        Merchant, models.PROTECT, null=True, blank=True, related_name="staff", verbose_name=_("works for merchant")
    )
    teams = models.ManyToManyField(Team, blank=True, related_name="members", verbose_name=_("teams"))
    skills = models.ManyToManyField(Skill, blank=True, related_name="people", verbose_name=_("skills"))
    capacity = models.PositiveSmallIntegerField(_("cases at once"), default=12)
    availability = models.CharField(
        _("availability"), max_length=10, choices=Availability, default=Availability.AVAILABLE
    )
    available_since = models.DateTimeField(_("so since"), null=True, blank=True, editable=False)
    seen_at = models.DateTimeField(_("last seen"), null=True, blank=True, editable=False)
    given_at = models.DateTimeField(_("last given a case"), null=True, blank=True, editable=False)
    language = models.CharField(_("language"), max_length=10, blank=True)
    theme = models.CharField(_("theme"), max_length=5, choices=Theme, blank=True, default=Theme.SYSTEM)
    # A name of the zone database, checked by its form: the database knows names that Python does not.
    time_zone = models.CharField(_("time zone"), max_length=40, blank=True)
    times = models.CharField(_("times"), max_length=8, choices=Times, blank=True, default=Times.RELATIVE)
    density = models.CharField(_("density"), max_length=7, choices=Density, blank=True, default=Density.COMFORTABLE)
    single_keys = models.BooleanField(_("single-key shortcuts"), null=True, blank=True)  # not chosen: as the browser
    tour_seen_at = models.DateTimeField(_("tour seen at"), null=True, blank=True, editable=False)
    alert_sound = models.BooleanField(_("Play a sound"), default=False, db_default=False)
    alert_desktop = models.BooleanField(_("Show a message on the desktop"), default=False, db_default=False)
    # Counted by the database: raised when somebody is switched off, loses a role or has to begin anew.
    session_version = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(condition=Q(availability__in=Availability.values), name="user_availability_known"),
            models.CheckConstraint(name="user_density_known", condition=Q(density__in=Density.values)),
            models.CheckConstraint(name="user_times_known", condition=Q(times__in=Times.values)),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Password and version: a session that has ended for one of them never comes back, whatever follows.
        held = f"{self.password}:{self.session_version}"
        return salted_hmac(SESSION_SALT, held, secret=secret, algorithm="sha256").hexdigest()

    def on_record(self, role: Role, at: datetime, *, why: str) -> None:
        """Write down that a command gave this person a role; without it the database refuses those that move money."""
        made = {"role": role, "why": why, "status": "granted", "asked_at": at, "decided_at": at}
        self.role_requests.create(**made)

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
