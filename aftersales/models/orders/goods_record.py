"""Where goods are, as a person has told it, with proof: for shops without an account at a carrier."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aftersales.models.people.staff import User
from aftersales.rules.vocabulary import GoodsWord, Role
from orders.models import Order


class GoodsRecord(models.Model):
    """Who said when goods left or arrived, or that they still wait, and how that is known; never changed.

    The proof is a text, a photo, or both; the photo is stored like evidence.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="goods_records", verbose_name=_("order"))
    said = models.CharField(_("said"), max_length=10, choices=GoodsWord)
    happened_at = models.DateTimeField(_("happened at"), null=True, blank=True)
    proof = models.CharField(_("proof"), max_length=500, blank=True)
    name = models.CharField(_("name of the file"), max_length=200, blank=True)
    path = models.CharField(max_length=100, unique=True, null=True, blank=True, editable=False)
    mime_type = models.CharField(max_length=30, blank=True, editable=False)
    size = models.PositiveIntegerField(_("bytes"), default=0)
    width = models.PositiveIntegerField(_("width"), default=0)
    height = models.PositiveIntegerField(_("height"), default=0)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    role = models.CharField(_("role"), max_length=12, choices=Role)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("word about goods")
        verbose_name_plural = _("words about goods")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="goods_record_has_proof", condition=~Q(proof="") | Q(path__isnull=False)),
            models.CheckConstraint(
                name="goods_record_dated",
                condition=Q(said=GoodsWord.WAITING, happened_at__isnull=True)
                | Q(
                    said__in=[GoodsWord.LEFT, GoodsWord.ARRIVED],
                    happened_at__isnull=False,
                    happened_at__lte=F("recorded_at"),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.said}"
