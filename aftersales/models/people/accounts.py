"""Who has touched whose account, and who has asked for which role: no admin is two persons."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aftersales.models.people.staff import User
from aftersales.rules.vocabulary import Role

WITHOUT_LOGIN = (Role.BUYER, Role.CLOCK, Role.POLICY, Role.CARRIER, Role.GATEWAY)
GRANTED = [(role.value, role.label) for role in Role if role not in WITHOUT_LOGIN]


class TouchKind(models.TextChoices):
    """What of an account was touched."""

    PASSWORD = "password", _("Password")
    SECOND_FACTOR = "second_factor", _("Second factor")
    ROLES = "roles", _("Roles")
    ACCESS = "access", _("Access")


class AccountTouch(models.Model):
    """Somebody changed another's password, second factor, roles or access; the database keeps it for ever."""

    account = models.ForeignKey(User, models.PROTECT, related_name="touches", verbose_name=_("account"))
    kind = models.CharField(_("what"), max_length=15, choices=TouchKind)
    by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )  # nobody: the command line
    at = models.DateTimeField(_("at"))
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("change of an account")
        verbose_name_plural = _("changes of accounts")
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=TouchKind.values), name="touch_kind_known")]
        indexes = [models.Index(fields=["account", "at"], name="touches_of_account")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.account}"


class RoleStatus(models.TextChoices):
    """What became of a request for a role."""

    PENDING = "pending", _("Waiting")
    GRANTED = "granted", _("Granted")
    DECLINED = "declined", _("Declined")


class RoleRequest(models.Model):
    """A role for somebody: one admin asks, another one grants; the first two admins come from the command line.

    The database lets nobody hold a role that moves money without a grant that is neither declined nor taken.
    """

    account = models.ForeignKey(User, models.PROTECT, related_name="role_requests", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=12, choices=GRANTED)
    why = models.CharField(_("why"), max_length=300)
    asked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked at"))
    status = models.CharField(_("status"), max_length=10, choices=RoleStatus, default=RoleStatus.PENDING)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    # Set by the database when the role is lost: having it again needs another grant.
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("request for a role")
        verbose_name_plural = _("requests for roles")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=RoleStatus.values), name="role_request_status_known"),
            models.CheckConstraint(
                name="second_admin_grants",
                condition=~Q(status=RoleStatus.GRANTED)
                | Q(asked_by__isnull=True, decided_by__isnull=True)
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by")) & ~Q(decided_by=F("account"))),
            ),
            models.UniqueConstraint(
                fields=["account", "role"], condition=Q(status=RoleStatus.PENDING), name="one_pending_request_per_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.account}"
