"""The forms of a macro, of each of its steps, and of the texts that are edited before it is run."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from django import forms
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.forms.conversation.tools import CannedTextField, ToolForm
from aftersales.forms.fields import PlainTextField, offer_rows
from aftersales.models import Macro, MacroStep, Reason, RejectReason, Team, User
from aftersales.rules.cases import case_types
from aftersales.rules.cases.case_types import OFFERED
from aftersales.rules.conversation.tools import FIELDS, MUST_SAY, StepKind, Whom
from aftersales.rules.vocabulary import OPEN
from orders import money

MOST_STEPS: Final = 10
LONGEST: Final = {StepKind.MESSAGE: 5000, StepKind.NOTE: 5000}  # others go on the record: 2,000
TERMS: Final = (("", gettext_lazy("As the case asks")), *((kind, case_types.of(kind).terms) for kind in OFFERED))


class StepForm(forms.Form):
    """One step; of its fields only those count that its kind has."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What it does"),
        choices=[("", gettext_lazy("– no step –")), *StepKind.choices],
        required=False,
    )
    text_zh = CannedTextField(label=gettext_lazy("Text in Chinese"), rows=3, required=False)
    text_en = CannedTextField(label=gettext_lazy("Text in English"), rows=3, required=False)
    percent = forms.IntegerField(
        label=gettext_lazy("Percent of what is asked"), min_value=1, max_value=100, required=False
    )
    amount = PlainTextField(label=gettext_lazy("or a sum"), max_length=20, required=False)
    currency = PlainTextField(label=gettext_lazy("Currency"), max_length=3, required=False)
    terms = forms.ChoiceField(label=gettext_lazy("Terms"), choices=TERMS, required=False)
    reject_reason = forms.ModelChoiceField(
        RejectReason.objects.none(), label=gettext_lazy("Reason to reject"), required=False
    )
    whom = forms.ChoiceField(label=gettext_lazy("Assign to"), choices=[("", "–"), *Whom.choices], required=False)
    team = forms.ModelChoiceField(Team.objects.none(), label=gettext_lazy("Team"), required=False)
    ticks = PlainTextField(
        label=gettext_lazy("Steps of the procedure"),
        rows=3,
        required=False,
        help_text=gettext_lazy("One step a line, as it stands in the procedure."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        stage = RejectReason.Stage.APPLICATION
        offer_rows(self, "reject_reason", RejectReason.objects.filter(is_active=True, stage=stage))
        offer_rows(self, "team", Team.objects.order_by("name"))

    def clean(self) -> dict[str, Any]:
        """What the kind of the step needs is there."""
        data = super().clean() or {}
        kind = data.get("kind")
        if not kind:
            return data
        if kind in MUST_SAY and not self.errors and not (data["text_zh"] or data["text_en"]):
            self.add_error("text_zh", _("Write the text in one language at least."))
        if kind == StepKind.REJECT and not data.get("reject_reason"):
            self.add_error("reject_reason", _("Choose a reason."))
        further = {
            StepKind.OFFER: self._clean_offer,
            StepKind.ASSIGN: self._clean_assignment,
            StepKind.TICK: self._clean_ticks,
        }
        if kind in further:
            further[StepKind(kind)](data)
        return data

    def _clean_assignment(self, data: dict[str, Any]) -> None:
        if not data.get("whom"):
            self.add_error("whom", _("Say to whom."))
        if data.get("whom") == Whom.TEAM and not data.get("team"):
            self.add_error("team", _("Choose a team."))

    def _clean_offer(self, data: dict[str, Any]) -> None:
        if bool(data.get("percent")) == bool(data.get("amount")):
            self.add_error("percent", _("Enter a percentage or a sum, one of them."))
        elif data.get("amount") and data.get("currency", "").upper() not in money.MINOR_UNITS:
            self.add_error("currency", _("Say in which currency: CNY, USD, EUR …"))
        elif data.get("amount"):
            data["currency"] = data["currency"].upper()
            try:
                data["amount"] = money.parse_amount(data["amount"], data["currency"])
            except money.BadAmount as bad:
                self.add_error("amount", bad.sentence)

    def _clean_ticks(self, data: dict[str, Any]) -> None:
        known, ticks = known_steps(), list[str]()
        for line in filter(None, map(str.strip, data.get("ticks", "").splitlines())):
            if line in known:
                ticks.append(known[line])
            else:
                self.add_error("ticks", _unknown_step(line, known))
        if not ticks and not self.errors:
            self.add_error("ticks", _("Name a step at least."))
        data["ticks"] = list(dict.fromkeys(ticks))

    def step(self) -> MacroStep:
        """The step that is to be stored, with the fields of its kind only."""
        data, has = self.cleaned_data, FIELDS[self.cleaned_data["kind"]]
        step = MacroStep(kind=data["kind"])
        if "text" in has:
            step.text_zh, step.text_en = data["text_zh"], data["text_en"]
        for name in has - {"text"}:
            if data[name]:
                setattr(step, name, data[name])
        if step.whom != Whom.TEAM:
            step.team = None
        if step.percent:
            step.currency = ""
        return step


def _unknown_step(line: str, known: Mapping[str, str]) -> str:
    near = get_close_matches(line, known, 1)
    hint = _("Did you mean “%(step)s”?") % {"step": near[0]} if near else ""
    return _("No procedure has the step “%(step)s”.") % {"step": line} + f" {hint}"


def known_steps() -> dict[str, str]:
    """The key of every step of every procedure, by its words in either language."""
    known: dict[str, str] = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            for reason in Reason.objects.filter(is_active=True):
                known |= {shown: key for key, shown in reason.steps}
    return known


class MacroForm(ToolForm):
    """A macro with its steps; the parameter `rows` says how many of them the page shows."""

    statuses = forms.MultipleChoiceField(
        label=gettext_lazy("States"),
        choices=[(status.value, status.label) for status in OPEN],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        user: User,
        tool: Macro | None,
        steps: Sequence[Mapping[str, Any]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(data, user=user, tool=tool, **kwargs)
        shown = list(steps) or (_as_typed(tool) if tool is not None else [])
        count = rows_of(data) if data is not None else max(len(shown), 1)
        initial = [*shown, *[None] * count][:count]
        self.steps = [StepForm(data, prefix=f"step-{place}", initial=row) for place, row in enumerate(initial, start=1)]

    def is_valid(self) -> bool:
        """Whether the macro and all its steps are valid, and there is a step at all."""
        mine = super().is_valid()
        theirs = [step.is_valid() for step in self.steps]
        if mine and all(theirs) and not self.filled():
            self.add_error(None, _("A macro has at least one step."))
        return mine and all(theirs) and not self.errors

    def filled(self) -> list[StepForm]:
        """The steps for which a kind was chosen."""
        return [step for step in self.steps if step.cleaned_data.get("kind")]

    def macro(self) -> tuple[Macro, list[MacroStep]]:
        """The macro and the steps that are to be stored."""
        macro = self.tool if isinstance(self.tool, Macro) else Macro()
        self.fill(macro)
        return macro, [step.step() for step in self.filled()]


def _as_typed(macro: Macro) -> list[dict[str, Any]]:
    names, shown = StepForm.base_fields, _said_here()
    rows = [{name: getattr(step, name) for name in names} for step in macro.steps.order_by("position")]
    return [
        row | {"ticks": "\n".join(shown.get(key, key) for key in row["ticks"]), "amount": _plainly(row["amount"])}
        for row in rows
    ]


def _said_here() -> dict[str, str]:
    """Words of the steps of procedures in the reader's language, by key."""
    return {key: shown for reason in Reason.objects.filter(is_active=True) for key, shown in reason.steps}


def _plainly(amount: Any) -> str:
    return f"{amount.normalize():f}" if amount is not None else ""


def rows_of(data: Any) -> int:
    """How many steps a sent form shows; 1 where that can not be read."""
    sent = data.get("rows", "1")
    return min(max(int(sent), 1), MOST_STEPS) if sent.isascii() and sent.isdecimal() and len(sent) < 4 else 1


def rearranged(data: Any, user: User, tool: Macro | None) -> MacroForm:
    """The form as it was typed, with a step added or moved up; nothing is validated yet."""
    typed = MacroForm(data, user=user, tool=tool)
    rows = [_raw(step, data) for step in typed.steps]
    up = data.get("up", "")
    if up.isascii() and up.isdecimal() and 1 < int(up[:3]) <= len(rows):
        place = int(up[:3]) - 1
        rows[place - 1 : place + 1] = rows[place], rows[place - 1]
    elif "more" in data and len(rows) < MOST_STEPS:
        rows.append({})
    return MacroForm(user=user, tool=tool, initial=_raw(typed, data), steps=rows or [{}])


def _raw(form: forms.Form, data: Any) -> dict[str, Any]:
    return {
        name: field.widget.value_from_datadict(data, {}, form.add_prefix(name)) for name, field in form.fields.items()
    }


class RunForm(forms.Form):
    """The texts of a macro that is about to be run, one for each step that writes."""

    def __init__(self, data: Any, *, steps: Sequence[MacroStep]) -> None:
        super().__init__(data)
        for step in steps:
            if "text" in FIELDS[step.kind] and f"text_{step.position}" in data:
                self.fields[f"text_{step.position}"] = PlainTextField(
                    label=str(step.get_kind_display()),
                    max_length=LONGEST.get(StepKind(step.kind), 2000),
                    required=step.kind in MUST_SAY,
                )

    def texts(self) -> dict[int, str]:
        """The texts by position of the step; as they were sent where they are not valid."""
        names = {name: int(name.removeprefix("text_")) for name in self.fields}
        cleaned = getattr(self, "cleaned_data", {})
        return {place: str(cleaned.get(name, self.data.get(name, ""))) for name, place in names.items()}
