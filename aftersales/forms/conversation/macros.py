"""What a macro is made of: conditions, and steps of a fixed vocabulary; the texts of one that is about to be run."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from django import forms
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.forms.conversation.tools import CannedTextField, KeptForm
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
    """One step; of its fields those count which its kind has."""

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
        """What the kind needs is there, what it does not have is left out."""
        data = super().clean() or {}
        kind = data.get("kind")
        if not kind:
            return data
        has = FIELDS[kind]
        if kind in MUST_SAY and not self.errors and not (data["text_zh"] or data["text_en"]):
            self.add_error("text_zh", _("Write the text in one language at least."))
        if kind == StepKind.OFFER:
            self._clean_offer(data)
        if kind == StepKind.REJECT and not data.get("reject_reason"):
            self.add_error("reject_reason", _("Choose a reason."))
        if kind == StepKind.ASSIGN and not data.get("whom"):
            self.add_error("whom", _("Say to whom."))
        if kind == StepKind.ASSIGN and data.get("whom") == Whom.TEAM and not data.get("team"):
            self.add_error("team", _("Choose a team."))
        if "ticks" in has:
            self._clean_ticks(data)
        return data

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
        known, kept = known_steps(), list[str]()
        for line in filter(None, map(str.strip, data.get("ticks", "").splitlines())):
            if line in known:
                kept.append(known[line])
                continue
            near = get_close_matches(line, known, 1)
            hint = _("Did you mean “%(step)s”?") % {"step": near[0]} if near else ""
            self.add_error("ticks", _("No procedure has the step “%(step)s”.") % {"step": line} + f" {hint}")
        if not kept and not self.errors:
            self.add_error("ticks", _("Name a step at least."))
        data["ticks"] = list(dict.fromkeys(kept))

    def step(self) -> MacroStep:
        """The step with the fields of its kind."""
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


def known_steps() -> dict[str, str]:
    """Every step of every procedure, in both languages, with the English words by which it is known."""
    known: dict[str, str] = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            for reason in Reason.objects.filter(is_active=True):
                known |= {shown: key for key, shown in reason.steps}
    return known


class MacroForm(KeptForm):
    """A macro with its steps; `rows` is how many of them the page shows."""

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
        kept: Macro | None,
        steps: Sequence[Mapping[str, Any]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(data, user=user, kept=kept, **kwargs)
        shown = list(steps) or (_as_typed(kept) if kept is not None else [])
        count = rows_of(data) if data is not None else max(len(shown), 1)
        self.steps = [
            StepForm(data, prefix=f"step-{place}", initial=shown[place - 1] if place <= len(shown) else None)
            for place in range(1, count + 1)
        ]

    def is_valid(self) -> bool:
        """The macro and every step of it."""
        mine = super().is_valid()
        theirs = [step.is_valid() for step in self.steps]
        if mine and all(theirs) and not self.filled():
            self.add_error(None, _("A macro has at least one step."))
        return mine and all(theirs) and not self.errors

    def filled(self) -> list[StepForm]:
        """The steps that do something."""
        return [step for step in self.steps if step.cleaned_data.get("kind")]

    def macro(self) -> tuple[Macro, list[MacroStep]]:
        """What is to be stored."""
        macro = self.kept if isinstance(self.kept, Macro) else Macro()
        self.give_to(macro)
        return macro, [step.step() for step in self.filled()]


def _as_typed(macro: Macro) -> list[dict[str, Any]]:
    names, shown = StepForm.base_fields, _said_here()
    rows = [{name: getattr(step, name) for name in names} for step in macro.steps.order_by("position")]
    return [
        row | {"ticks": "\n".join(shown.get(key, key) for key in row["ticks"]), "amount": _plainly(row["amount"])}
        for row in rows
    ]


def _said_here() -> dict[str, str]:
    """Steps of procedures by their key, in the reader's language."""
    return {key: shown for reason in Reason.objects.filter(is_active=True) for key, shown in reason.steps}


def _plainly(amount: Any) -> str:
    return f"{amount.normalize():f}" if amount is not None else ""


def rows_of(data: Any) -> int:
    """How many steps a sent form shows."""
    sent = data.get("rows", "1")
    return min(max(int(sent), 1), MOST_STEPS) if sent.isascii() and sent.isdecimal() and len(sent) < 4 else 1


def rearranged(data: Any, user: User, kept: Macro | None) -> MacroForm:
    """The form as it was typed, with one more step, or with a step one place up; nothing is judged yet."""
    typed = MacroForm(data, user=user, kept=kept)
    rows = [_raw(step, data) for step in typed.steps]
    up = data.get("up", "")
    if up.isascii() and up.isdecimal() and 1 < int(up[:3]) <= len(rows):
        place = int(up[:3]) - 1
        rows[place - 1 : place + 1] = rows[place], rows[place - 1]
    elif "more" in data and len(rows) < MOST_STEPS:
        rows.append({})
    return MacroForm(user=user, kept=kept, initial=_raw(typed, data), steps=rows or [{}])


def _raw(form: forms.Form, data: Any) -> dict[str, Any]:
    return {
        name: field.widget.value_from_datadict(data, {}, form.add_prefix(name)) for name, field in form.fields.items()
    }


class RunForm(forms.Form):
    """The texts of a macro as they are to be sent, each by the place of its step."""

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
        """What was typed, by the place of the step; of a form with mistakes what came."""
        names = {name: int(name.removeprefix("text_")) for name in self.fields}
        cleaned = getattr(self, "cleaned_data", {})
        return {place: str(cleaned.get(name, self.data.get(name, ""))) for name, place in names.items()}
