"""What the law lets a seller exclude from returns without a reason, if the buyer confirmed it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ConfirmedExclusion(models.TextChoices):
    """As what an item was confirmed at purchase, so that it does not go back without a reason."""

    UNSEALED = "unsealed", _("Health goods, once unsealed")
    ACTIVATED = "activated", _("Goods that lose value, once activated")
    NEAR_EXPIRY = "near_expiry", _("Near its expiry date")
    DEFECT = "defect", _("With a declared defect")
