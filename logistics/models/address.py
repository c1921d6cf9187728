"""Where goods are sent back to."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models import Merchant


class ReturnAddress(models.Model):
    """A merchant's warehouse or desk that takes returns: of some categories, or of all that has no other place."""

    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="return_addresses", verbose_name=_("merchant"))
    label = models.CharField(_("label"), max_length=100)
    contact = models.CharField(_("contact"), max_length=100)
    phone = models.CharField(_("phone"), max_length=40)
    region = models.CharField(_("region"), max_length=200)
    address = models.CharField(_("address"), max_length=500)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    categories = ArrayField(models.CharField(max_length=100), verbose_name=_("categories"), default=list, blank=True)
    is_default = models.BooleanField(_("default"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("return address")
        verbose_name_plural = _("return addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["merchant"], condition=Q(is_default=True), name="one_default_return_address"
            ),
            models.UniqueConstraint(fields=["id", "merchant"], name="return_address_id_merchant"),
            models.CheckConstraint(name="return_address_categories_named", condition=~Q(categories__contains=[""])),
        ]

    def __str__(self) -> str:
        return f"{self.label} · {self.region}"
