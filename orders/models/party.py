"""Merchants and buyers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.business_calendar import BusinessCalendar, default_calendar


class Merchant(models.Model):
    """A shop that sells on the platform; one tenant."""

    code = models.SlugField(_("code"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=200)
    source = models.CharField(_("source"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail for notices"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    calendar = models.ForeignKey(
        BusinessCalendar,
        models.PROTECT,
        default=default_calendar,
        related_name="merchants",
        verbose_name=_("business calendar"),
        help_text=_("Days, windows and deadlines of its cases are counted by it."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("merchant")
        verbose_name_plural = _("merchants")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class BuyerLevel(models.IntegerChoices):
    """How long and how well a buyer is known; policies may be scoped by it."""

    NEW = 0, _("new")
    REGULAR = 1, _("regular")
    TRUSTED = 2, _("trusted")
    VIP = 3, _("VIP")


class Buyer(models.Model):
    """A person who bought, as one source knows them."""

    source = models.CharField(_("source"), max_length=20)
    external_id = models.CharField(_("number at the source"), max_length=128)
    name = models.CharField(_("name"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    phone_tail = models.CharField(_("last four digits"), max_length=4, blank=True, db_index=True)
    email = models.EmailField(_("e-mail"), blank=True)
    level = models.PositiveSmallIntegerField(_("level"), choices=BuyerLevel.choices, default=BuyerLevel.REGULAR)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("buyer")
        verbose_name_plural = _("buyers")
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="buyer_known_once_per_source"),
        ]
        indexes = [models.Index(fields=["name"], name="buyer_name", opclasses=["varchar_pattern_ops"])]

    def __str__(self) -> str:
        return self.external_id  # a name is shown masked, or on record
