"""Purchases: what a buyer paid in one go."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.TextChoices):
    """Where an order comes from."""

    MANUAL = "manual", _("Own shop")
    OLIST = "olist", "Olist"
    TAOBAO = "taobao", _("Taobao")
    PDD = "pdd", _("Pinduoduo")
    DOUYIN = "douyin", _("Douyin")
    JD = "jd", _("JD.com")
    SHOPIFY = "shopify", "Shopify"


class Purchase(models.Model):
    """What the buyer paid in one go; orders of several merchants share it."""

    source = models.CharField(_("source"), max_length=20, choices=Source)
    number = models.CharField(_("number"), max_length=128)

    class Meta:
        verbose_name = _("purchase")
        verbose_name_plural = _("purchases")
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="purchase_known_once_per_source")]

    def __str__(self) -> str:
        return self.number
