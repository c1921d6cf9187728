"""The filters of lists as controls; what an address says is checked by the queries, not here."""

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from aftersales.forms.fields import offer_choices
from aftersales.models.console.saved_view import Sort
from aftersales.rules.vocabulary import CaseType, Status
from orders.models.order import OrderStatus, Source

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ANY: Final = ("", pgettext_lazy("filter", "any"))
DUE: Final = (
    ("overdue", _("overdue")),
    ("15m", _("in 15 minutes")),
    ("1h", _("in 1 hour")),
    ("4h", _("in 4 hours")),
)
AGES: Final = (
    ("0-1", _("up to 1 day")),
    ("1-3", _("2 to 3 days")),
    ("3-7", _("4 to 7 days")),
    ("7+", _("over 7 days")),
)
SELECTED: Final = format_html(" {}", "selected")
EMPTY: Final = {"autocomplete": "off", "maxlength": "120"}


class Fixed:
    """Choices that never change: their options are rendered once for each language and value."""

    def __init__(self, choices: "Iterable[tuple[str, StrOrPromise]]") -> None:
        self.choices = list(choices)


class LeanSelect(forms.Select):
    """A select rendered without Django's widget templates: every list has several."""

    fixed: Fixed | None = None

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The control with what is chosen."""
        chosen = str(value or "")
        drawn = _kept_options(self.fixed, chosen, get_language()) if self.fixed else _options(self.choices, chosen)
        return format_html('<select name="{}"{}>{}</select>', name, flatatt(attrs or {}), drawn)


def _options(choices: Any, chosen: str) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}',  # it ends where the next begins
        ((code, SELECTED if code == chosen else "", label) for code, label in choices),
    )


@lru_cache(maxsize=512)
def _kept_options(fixed: Fixed, chosen: str, _language: str | None) -> SafeString:
    return _options(fixed.choices, chosen)


def _choice(label: "StrOrPromise", choices: "Iterable[tuple[str, StrOrPromise]]" = ()) -> forms.ChoiceField:
    offered = [ANY, *choices]
    field = forms.ChoiceField(label=label, choices=offered, widget=LeanSelect)
    if len(offered) > 1:
        cast(LeanSelect, field.widget).fixed = Fixed(offered)
    return field


class QueueFilters(forms.Form):
    """The queue's controls; `people` are (id, name) of those a case can be assigned to."""

    state = _choice(_("State"), Status.choices)
    type = _choice(_("Type"), CaseType.choices)
    due = _choice(pgettext_lazy("filter", "Due"), DUE)
    age = _choice(pgettext_lazy("filter", "Age"), AGES)
    assignee = _choice(_("Assigned to"))
    merchant = forms.CharField(label=_("Merchant"), widget=forms.TextInput(attrs=EMPTY))
    sort = _choice(pgettext_lazy("order", "Order"))

    def __init__(
        self, initial: dict[str, str], *, people: list[tuple[str, str]], sorts: Iterable[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(initial=initial, auto_id="f_%s", use_required_attribute=False, **kwargs)
        offer_choices(self, "assignee", [ANY, ("none", _("nobody")), *people])
        offer_choices(
            self, "sort", [("", pgettext_lazy("order", "as usual")), *((name, Sort(name).label) for name in sorts)]
        )
        if not sorts:
            del self.fields["sort"]


class OrderFilters(forms.Form):
    """The controls of the list of orders."""

    q = forms.CharField(label=_("Find"), widget=forms.TextInput(attrs={"type": "search", **EMPTY}))
    status = _choice(_("Status"), OrderStatus.choices)
    source = _choice(_("Source"), Source.choices)
    merchant = forms.CharField(label=_("Merchant"), widget=forms.TextInput(attrs=EMPTY))
    since = forms.CharField(label=_("Ordered from"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.CharField(label=_("Ordered until"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, initial: dict[str, str]) -> None:
        super().__init__(initial=initial, auto_id="f_%s", use_required_attribute=False)
