"""The form of the settings of a person."""

import zoneinfo
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from django import forms
from django.conf import settings
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.forms.fields import offer_choices
from aftersales.models import User
from aftersales.rules.console.zones import OFTEN, place

# In the order of the page: title → fields. Whoever adds a field to the person adds it here, and it is on the page.
GROUPS: Final[tuple[tuple[Promise | str, tuple[str, ...]], ...]] = (
    (gettext_lazy("Language and time"), ("language", "time_zone", "times")),
    (gettext_lazy("Look"), ("theme", "density")),
    (gettext_lazy("Keys"), ("single_keys",)),
)
FIELDS: Final = [name for _title, names in GROUPS for name in names]
REGIONS: Final[dict[str, Promise | str]] = {
    "Africa": gettext_lazy("Africa"),
    "America": gettext_lazy("America"),
    "Antarctica": gettext_lazy("Antarctica"),
    "Asia": gettext_lazy("Asia"),
    "Atlantic": gettext_lazy("Atlantic"),
    "Australia": gettext_lazy("Australia"),
    "Europe": gettext_lazy("Europe"),
    "Indian": gettext_lazy("Indian Ocean"),
    "Pacific": gettext_lazy("Pacific"),
}


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """Names of the time zones that can be chosen: places, no abbreviations."""
    return frozenset(name for name in zoneinfo.available_timezones() if name.partition("/")[0] in REGIONS) | {"UTC"}


class PreferencesForm(forms.ModelForm):
    """All settings; what was never chosen shows what holds without a choice."""

    class Meta:
        model = User
        fields = FIELDS
        widgets = dict.fromkeys(("times", "theme", "density"), forms.RadioSelect)
        labels = {"times": gettext_lazy("Times say first"), "single_keys": gettext_lazy("Single keys act")}
        help_texts = {
            "time_zone": gettext_lazy(
                "Times are shown and read in it. Deadlines and the shop's days stay as they are."
            ),
            "times": gettext_lazy("The other way stands in the tip over a time."),
            "density": gettext_lazy("Compact shows more rows; on touch screens buttons keep their size."),
            "single_keys": gettext_lazy("N takes the next case, R replies; ? lists them all."),
        }

    def __init__(self, *args: Any, at: datetime, has_keys: bool, home: str, **kwargs: Any) -> None:
        kwargs["initial"] = {"single_keys": has_keys, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["single_keys"] = forms.BooleanField(
            label=self.fields["single_keys"].label, help_text=self.fields["single_keys"].help_text, required=False
        )
        for name, choices in (("language", _languages()), ("time_zone", list(_zones(at, home)))):
            known = self.fields[name]
            self.fields[name] = forms.ChoiceField(label=known.label, help_text=known.help_text, required=False)
            offer_choices(self, name, choices)
            self.fields[name].error_messages["invalid_choice"] = str(UNKNOWN[name])

    @property
    def groups(self) -> list[tuple[Promise | str, list[BoundField]]]:
        """Titles with their fields, in the order of the page."""
        return [(title, [self[name] for name in names]) for title, names in GROUPS]


UNKNOWN: Final[dict[str, Promise | str]] = {
    "language": gettext_lazy("The console does not speak this language: choose one of the list."),
    "time_zone": gettext_lazy("This time zone is not known here: choose one of the list."),
}


def _languages() -> list[tuple[str, Any]]:
    return [("", _("As the browser")), *((code, _(str(name))) for code, name in settings.LANGUAGES)]


def _zones(at: datetime, home: str) -> Iterator[tuple[str, Any]]:
    yield "", _("As the shop: %(zone)s") % {"zone": _said(home, at)}
    yield from offered_zones(at)


def offered_zones(at: datetime) -> Iterator[tuple[str, Any]]:
    """All time zones in groups, the usual ones first, each with its distance from UTC at this moment."""
    yield _("Often chosen"), [(name, _said(name, at)) for name in OFTEN]
    for region, label in REGIONS.items():
        inside = sorted(name for name in zones() if name.startswith(f"{region}/") and name not in OFTEN)
        yield str(label), [(name, _said(name, at)) for name in inside]


def _said(name: str, at: datetime) -> str:
    """A zone as a place with its distance from UTC at this moment: New York (UTC−05:00)."""
    offset = at.astimezone(zoneinfo.ZoneInfo(name)).utcoffset() or timedelta()
    sign, minutes = ("−" if offset < timedelta() else "+"), int(abs(offset).total_seconds()) // 60
    return f"{place(name)} (UTC{sign}{minutes // 60:02}:{minutes % 60:02})"
