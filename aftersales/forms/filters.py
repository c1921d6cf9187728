"""What a list can be narrowed by, as controls; the lists judge the address themselves."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.rules.vocabulary import CaseType, Status
from orders.models.order import OrderStatus, Source

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
EMPTY: Final = {"autocomplete": "off", "maxlength": "120"}


class QueueFilters(forms.Form):
    """The queue's controls; `people` are (id, name) of those a case can be assigned to."""

    state = forms.ChoiceField(label=_("State"), choices=[ANY, *Status.choices])
    type = forms.ChoiceField(label=_("Type"), choices=[ANY, *CaseType.choices])
    due = forms.ChoiceField(label=pgettext_lazy("filter", "Due"), choices=[ANY, *DUE])
    age = forms.ChoiceField(label=pgettext_lazy("filter", "Age"), choices=[ANY, *AGES])
    assignee = forms.ChoiceField(label=_("Assigned to"))
    merchant = forms.CharField(label=_("Merchant"), widget=forms.TextInput(attrs=EMPTY))

    def __init__(self, initial: dict[str, str], *, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(initial=initial, auto_id="f_%s", use_required_attribute=False, **kwargs)
        self.fields["assignee"].choices = [ANY, ("none", _("nobody")), *people]  # type: ignore[attr-defined]


class OrderFilters(forms.Form):
    """The controls of the list of orders."""

    q = forms.CharField(label=_("Find"), widget=forms.TextInput(attrs={"type": "search", **EMPTY}))
    status = forms.ChoiceField(label=_("Status"), choices=[ANY, *OrderStatus.choices])
    source = forms.ChoiceField(label=_("Source"), choices=[ANY, *Source.choices])
    merchant = forms.CharField(label=_("Merchant"), widget=forms.TextInput(attrs=EMPTY))
    since = forms.CharField(label=_("Ordered from"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.CharField(label=_("Ordered until"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, initial: dict[str, str]) -> None:
        super().__init__(initial=initial, auto_id="f_%s", use_required_attribute=False)
