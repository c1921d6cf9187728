"""The time to ask, opened once more for one order and one reason."""

from datetime import timedelta
from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aftersales.models.people.staff import User
from aftersales.models.policies.reason import Reason
from orders.models import Order

# A typing error in the year must not leave an order open for a century.
LONGEST: Final = timedelta(days=366)


class OpenedWindow(models.Model):
    """Who lets a buyer ask for a reason until when, and why; of several for an order and a reason the newest counts."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="opened_windows", verbose_name=_("order"))
    reason = models.ForeignKey(Reason, models.PROTECT, related_name="+", verbose_name=_("reason"))
    until = models.DateTimeField(_("open until"))
    why = models.CharField(_("why"), max_length=500)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("opened by"))
    opened_at = models.DateTimeField(_("opened at"))

    class Meta:
        verbose_name = _("opened request window")
        verbose_name_plural = _("opened request windows")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="opened_window_says_why", condition=~Q(why="")),
            models.CheckConstraint(
                name="opened_window_ends_within_a_year",
                condition=Q(until__gt=F("opened_at"), until__lte=F("opened_at") + LONGEST),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.reason_id}"
