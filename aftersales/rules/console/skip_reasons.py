"""Why an agent hands a case on without working on it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SkipReason(TextChoices):
    """Why an agent leaves a case to others instead of working on it."""

    SKILL = "skill", _("It needs somebody trained for it")
    LANGUAGE = "language", _("The buyer writes in a language I do not read")
    WAITS = "waits", _("Somebody outside has to answer first")
    BIAS = "bias", _("I know the buyer or the merchant")
    OTHER = "other", _("Another reason")
