"""Where an order is to go instead."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftersales.models.cases.case import Case


class DeliveryChange(models.Model):
    """The address that a change of an order asks for."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="delivery_change", verbose_name=_("case"))
    receiver_name = models.CharField(_("receiver"), max_length=200)
    receiver_phone = models.CharField(_("receiver's phone"), max_length=40)
    receiver_region = models.CharField(_("region"), max_length=200)
    receiver_address = models.CharField(_("address"), max_length=500)
    receiver_postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("change of address")
        verbose_name_plural = _("changes of address")

    def __str__(self) -> str:
        return self.receiver_region
