"""The form of a saved view: filters, columns, order, sharing."""

from collections.abc import Mapping
from dataclasses import dataclass
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
PARAMS: Final = {"team_filter": "team"}  # `team` itself is whom the view is shared with
# Carried unchanged and shown as a sentence: nobody types a buyer's id or the day of a chart into a form.
CARRIED: Final = ("buyer", "breached", "clock_approved", "ended", "opened")


def _pick(label: Any, choices: Any = (), **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[ANY, *choices], required=False, **options)


@dataclass(frozen=True)
class Choices:
    """What a list can be narrowed to: built-in views (name, label) and people a case can be assigned to (id, name)."""

    views: list[tuple[str, Any]]
    people: list[tuple[str, str]]


class SavedViewForm(forms.Form):
    """A saved view: its filters, columns, order, and with whom it is shared."""

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

    def __init__(self, *args: Any, user: User, at: datetime, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.at = user, at
        self._offer_sharing()
        self._offer_filters(choices)
        self._add_columns()
        for name in CARRIED:
            self.fields[name] = PlainTextField(widget=forms.HiddenInput, max_length=LONGEST, required=False)

    def _offer_sharing(self) -> None:
        if rights.SHARE_VIEW.is_granted_to(self.user.roles):
            offer_choices(self, "share", self._shares())
            offer_rows(self, "team", self._teams())
        else:
            del self.fields["share"], self.fields["team"]

    def _offer_filters(self, choices: Choices) -> None:
        teams = [(str(team.pk), team.name) for team in self._teams()]
        reasons = [(each.code, each.name) for each in Reason.objects.filter(is_active=True)]
        offer_choices(self, "view", choices.views)
        self._offer("assignee", [("none", _("nobody")), *choices.people])
        self._offer("team_filter", teams)
        self._offer("reason", reasons)
        offer_choices(self, "sort", [("", pgettext_lazy("order", "as usual")), *Sort.choices])

    def _offer(self, field: str, choices: list[tuple[str, Any]]) -> None:
        offered = [ANY, *choices]
        current = str(self.initial.get(field, ""))
        # What is chosen already stays a choice, so that saving again does not change it in silence.
        offer_choices(self, field, offered if current in dict(offered) else [*offered, (current, current)])

    def _add_columns(self) -> None:
        for number in range(1, MOST_COLUMNS + 1):
            label = _("Column %(number)d") % {"number": number}
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=label, required=False, choices=[("", "–"), *Column.choices]
            )

    @property
    def filter_fields(self) -> list[forms.BoundField]:
        """The filters, as the page shows them."""
        return [self[name] for name in FIELDS]

    @property
    def column_fields(self) -> list[forms.BoundField]:
        """The columns in their order."""
        return [self[name] for name in self.fields if name.startswith("column_")]

    def clean(self) -> dict[str, Any]:
        """Columns, sharing and filters fit together; what does not gets its sentence at its field."""
        data = super().clean() or {}
        self._check_columns(data)
        if data.get("share") == Share.TEAM and not data.get("team"):
            self.add_error("team", _("Say which team."))
        self._check_filters(data)
        return data

    def _check_columns(self, data: Mapping[str, Any]) -> None:
        columns = self._columns(data)
        if not columns:
            self.add_error("column_1", _("Choose at least one column."))
        for name in dict.fromkeys(name for name in columns if columns.count(name) > 1):
            second = [key for key in self.fields if key.startswith("column_") and data.get(key) == name][1]
            self.add_error(second, _("This column is chosen twice."))

    def _check_filters(self, data: Mapping[str, Any]) -> None:
        params = self._params(data)
        fields = {param: field for field, param in PARAMS.items()}
        no_sort, no_sense = _("These cases have no such order: choose another."), _("This makes no sense.")
        for name in queue.ignored(params, self.at, queue.view_of(self.user, params)):
            field = fields.get(name, name)
            is_shown = field in self.fields and field not in CARRIED
            self.add_error(field if is_shown else None, no_sort if name == "sort" else no_sense)

    def wanted(self) -> Wanted:
        """The view that a valid form asks for."""
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

    def _params(self, data: Mapping[str, Any]) -> dict[str, str]:
        named = {PARAMS.get(name, name): data.get(name) for name in (*FIELDS, "sort", *CARRIED)}
        return {name: " ".join(plain(str(text)).split()) for name, text in named.items() if text}

    def _columns(self, data: Mapping[str, Any]) -> list[str]:
        return [data[f"column_{n}"] for n in range(1, MOST_COLUMNS + 1) if data.get(f"column_{n}")]


def initial_of(view: SavedView | None, params: Mapping[str, str]) -> dict[str, Any]:
    """The initial values of the form: a view's own, or for a new one the filters of the list it is made from."""
    given = saved_views.params_of(view) if view else dict(params)
    back = {param: field for field, param in PARAMS.items()}
    begun: dict[str, Any] = {back.get(name, name): text for name, text in given.items()}
    begun |= {f"column_{n}": name for n, name in enumerate(saved_views.columns_of(view), start=1)}
    own = {"name": view.name, "share": view.share, "team": view.team_id} if view else {"share": Share.MINE}
    return begun | own


def refused(form: SavedViewForm, sentence: object) -> None:
    """Show why the view was not saved, above the form."""
    form.add_error(None, ValidationError(str(sentence)))
