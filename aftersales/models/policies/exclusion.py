"""What a buyer confirmed at purchase, as a person has told it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.models.people.staff import User
from orders.models import OrderLine
from orders.models.exclusion import ConfirmedExclusion


class ExclusionRecord(models.Model):
    """Who recorded for an item what was confirmed at purchase, or that nothing was, and where that is proved."""

    order_line = models.ForeignKey(
        OrderLine, models.CASCADE, related_name="exclusion_records", verbose_name=_("order line")
    )
    confirmed_as = models.CharField(
        _("confirmed at purchase as"), max_length=20, choices=ConfirmedExclusion, blank=True
    )
    proof = models.CharField(_("proof"), max_length=500)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("confirmation at purchase")
        verbose_name_plural = _("confirmations at purchase")
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(name="exclusion_record_has_proof", condition=~Q(proof=""))]

    def __str__(self) -> str:
        return f"{self.order_line_id}: {self.confirmed_as}"
