"""A saved view as a form: what fits, columns in their order, the order of rows, for whom."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from aftersales.actions.console.saved_views import Wanted
from aftersales.forms.console.filters import AGES, ANY, DUE
from aftersales.forms.fields import PlainTextField, offer_choices, offer_rows, plain
from aftersales.models import Reason, SavedView, Team, User
from aftersales.models.console.saved_view import MOST_COLUMNS, Column, Sort
from aftersales.moves import rights
from aftersales.queries.console import queue, saved_views
from aftersales.rules.vocabulary import CaseType, Status

Share = SavedView.Share
LONGEST: Final = 120
FIELDS: Final = ("view", "state", "type", "due", "age", "assignee", "team_filter", "reason", "merchant", "q")
CALLED: Final = {"team_filter": "team"}  # the other team is whom it is shared with
# CompiledQuery as they are, shown as a sentence: nobody types a buyer's id or the day of a chart into a form.
CARRIED: Final = ("buyer", "breached", "clock_approved", "ended", "opened")


def _pick(label: Any, choices: Any = (), **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[ANY, *choices], required=False, **options)


class SavedViewForm(forms.Form):
    """One view; `people` are (id, name) a case can be assigned to, `tabs` (name, label) of the built-in views."""

    name = PlainTextField(label=gettext_lazy("Name"), max_length=60)
    share = forms.ChoiceField(label=gettext_lazy("For"), widget=forms.RadioSelect, choices=Share.choices)
    team = forms.ModelChoiceField(Team.objects.none(), label=gettext_lazy("Team"), required=False, empty_label="–")
    view = forms.ChoiceField(label=gettext_lazy("Cases"))
    state = _pick(gettext_lazy("State"), Status.choices)
    type = _pick(gettext_lazy("Type"), CaseType.choices)
    due = _pick(pgettext_lazy("filter", "Due"), DUE)
    age = _pick(pgettext_lazy("filter", "Age"), AGES)
    assignee = _pick(gettext_lazy("Assigned to"))
    team_filter = _pick(gettext_lazy("Team"))
    reason = _pick(gettext_lazy("Reason"))
    merchant = PlainTextField(label=gettext_lazy("Merchant"), max_length=LONGEST, required=False)
    q = PlainTextField(label=gettext_lazy("Search"), max_length=LONGEST, required=False)
    sort = forms.ChoiceField(label=pgettext_lazy("order", "Order"), required=False)

    def __init__(
        self,
        *args: Any,
        user: User,
        at: datetime,
        tabs: list[tuple[str, Any]],
        people: list[tuple[str, str]],
        **kw: Any,
    ) -> None:
        super().__init__(*args, **kw)
        self.user, self.at = user, at
        offer_choices(self, "share", self._shares())
        if not rights.SHARE_VIEW.is_granted_to(user.roles):
            del self.fields["share"], self.fields["team"]
        else:
            offer_rows(self, "team", self._teams())
        offer_choices(self, "view", tabs)
        offer_choices(self, "assignee", self._with_current("assignee", [ANY, ("none", _("nobody")), *people]))
        teams = [(str(team.pk), team.name) for team in self._teams()]
        offer_choices(self, "team_filter", self._with_current("team_filter", [ANY, *teams]))
        reasons = [(each.code, each.name) for each in Reason.objects.filter(is_active=True)]
        offer_choices(self, "reason", self._with_current("reason", [ANY, *reasons]))
        offer_choices(self, "sort", [("", pgettext_lazy("order", "as usual")), *Sort.choices])
        for number in range(1, MOST_COLUMNS + 1):
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=_("Column %(number)d") % {"number": number}, required=False, choices=[("", "–"), *Column.choices]
            )
        for name in CARRIED:
            self.fields[name] = PlainTextField(widget=forms.HiddenInput, max_length=LONGEST, required=False)

    @property
    def filter_fields(self) -> list[forms.BoundField]:
        """What narrows the list."""
        return [self[name] for name in FIELDS]

    @property
    def column_fields(self) -> list[forms.BoundField]:
        """The places for columns, in their order."""
        return [self[name] for name in self.fields if name.startswith("column_")]

    def clean(self) -> dict[str, Any]:
        """Filters that make no sense, orders that are not offered, a column twice: each has its sentence."""
        data = super().clean() or {}
        columns = self._columns(data)
        if not columns:
            self.add_error("column_1", _("Choose at least one column."))
        for name in dict.fromkeys(name for name in columns if columns.count(name) > 1):
            again = [key for key in self.fields if key.startswith("column_") and data.get(key) == name][1]
            self.add_error(again, _("This column is chosen twice."))
        if data.get("share") == Share.TEAM and not data.get("team"):
            self.add_error("team", _("Say which team."))
        params = self._params(data)
        for name in queue.ignored(params, self.at, queue.view_of(self.user, params)):
            sentence = (
                _("These cases have no such order: choose another.") if name == "sort" else _("This makes no sense.")
            )
            field = next((field for field, param in CALLED.items() if param == name), name)
            self.add_error(field if field in self.fields and field not in CARRIED else None, sentence)
        return data

    def wanted(self) -> Wanted:
        """The view that a form without errors asks for."""
        data = self.cleaned_data
        params = self._params(data)
        sort, share = params.pop("sort", ""), data.get("share") or Share.MINE
        team = data.get("team") if share == Share.TEAM else None
        return Wanted(data["name"], params, self._columns(data), sort, share, team)

    def _shares(self) -> list[tuple[str, Any]]:
        may_all = rights.SHARE_VIEW_WITH_ALL.is_granted_to(self.user.roles)
        return [choice for choice in Share.choices if may_all or choice[0] != Share.ALL]

    def _teams(self) -> Any:
        teams = Team.objects.order_by("name")
        return teams if rights.REASSIGN.is_granted_to(self.user.roles) else teams.filter(pk__in=self.user.team_ids)

    def _with_current(self, field: str, choices: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
        """What is chosen already stays a choice, so that saving again does not change it in silence."""
        current = str(self.initial.get(field, ""))
        return choices if current in dict(choices) else [*choices, (current, current)]

    def _params(self, data: Mapping[str, Any]) -> dict[str, str]:
        named = {CALLED.get(name, name): data.get(name) for name in (*FIELDS, "sort", *CARRIED)}
        return {name: " ".join(plain(str(text)).split()) for name, text in named.items() if text}

    def _columns(self, data: Mapping[str, Any]) -> list[str]:
        return [data[f"column_{n}"] for n in range(1, MOST_COLUMNS + 1) if data.get(f"column_{n}")]


def initial_of(view: SavedView | None, params: Mapping[str, str]) -> dict[str, Any]:
    """What the form begins with: a view, or the filters of the list it is made from."""
    given = saved_views.params_of(view) if view else dict(params)
    back = {param: field for field, param in CALLED.items()}
    begun: dict[str, Any] = {back.get(name, name): text for name, text in given.items()}
    begun |= {f"column_{n}": name for n, name in enumerate(saved_views.columns_of(view), start=1)}
    own = {"name": view.name, "share": view.share, "team": view.team_id} if view else {"share": Share.MINE}
    return begun | own


def refused(form: SavedViewForm, sentence: object) -> None:
    """Show a refusal at the form."""
    form.add_error(None, ValidationError(str(sentence)))
