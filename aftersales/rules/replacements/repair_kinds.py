"""The words of a repair: how an attempt ended, and what kind of fault was found."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RepairOutcome(TextChoices):
    """How an attempt at a repair ended."""

    OPEN = "open", _("Open")
    REPAIRED = "repaired", _("Repaired")
    FAILED = "failed", _("Failed")
    UNREPAIRED = "unrepaired", _("Goes back unrepaired")


class RepairCause(TextChoices):
    """What kind of fault a diagnosis found; the last two are none of how the goods perform (三包规定附录)."""

    POWER = "power", _("Power, battery, does not start")
    DISPLAY = "display", _("Picture or display")
    SOUND = "sound", _("Sound")
    SIGNAL = "signal", _("Signal or connection")
    CONTROLS = "controls", _("Keys, touch, controls")
    MECHANICS = "mechanics", _("Mechanics, moving parts")
    SOFTWARE = "software", _("Software")
    OTHER = "other", _("Another performance fault")
    APPEARANCE = "appearance", _("Looks only, it works normally")
    OWN_DAMAGE = "own_damage", _("The buyer's own damage")
