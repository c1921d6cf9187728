"""A macro is run: every step or none; before that it is rehearsed, by doing it all and taking it back."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from aftersales import moves
from aftersales.actions import case_log, gate
from aftersales.actions.conversation import macro_steps, tools
from aftersales.actions.refunds import calculation
from aftersales.models import Case, Macro, MacroStep, User
from aftersales.queries.conversation import macro_preview, placeholder_values
from aftersales.queries.conversation import macros as offers
from aftersales.queries.conversation.macro_preview import Outcome, Sum
from aftersales.queries.refunds import authority
from aftersales.rules.actor import Actor
from aftersales.rules.conversation import placeholders
from aftersales.rules.conversation.tools import FIELDS, StepKind
from aftersales.rules.refunds import settlement
from orders.refusals import Refused

Texts = Mapping[int, str]  # by the place of the step
READ = ("order", "merchant", "buyer", "policy", "reason", "assignee", "team", "return_address")


@dataclass(frozen=True)
class Line:
    """One step of a rehearsal: what it does in words, the text it says, what is missing in it, what refuses it."""

    step: MacroStep
    says: str
    text: str | None = None
    refusal: str = ""
    may_instead: str = ""
    is_tried: bool = True

    @property
    def gaps(self) -> list[str]:
        """What is still to be filled in."""
        return placeholders.gaps(self.text or "")


@dataclass(frozen=True)
class Rehearsal:
    """What a macro would do now; nothing of it was done."""

    macro: Macro
    version: int
    lines: list[Line] = field(default_factory=list)
    outcome: Outcome | None = None

    @property
    def can_run(self) -> bool:
        """Whether no step is refused; gaps can still be filled."""
        return self.outcome is not None

    @property
    def gaps(self) -> list[str]:
        """All that is still to be filled in."""
        return [gap for line in self.lines for gap in line.gaps]


@gate.transactional
def rehearse(
    case_id: int, macro: Macro, texts: Texts | None = None, *, by: Actor, user: User, at: datetime, language: str
) -> Rehearsal:
    """Do every step as it would be done, note what came of it, and take it all back."""
    with _taken_back():
        case = _read(case_id, lock=True)
        before = macro_preview.snapshot(case)
        lines: list[Line] = []
        for step in _steps(macro):
            stopped = bool(lines) and (bool(lines[-1].refusal) or not lines[-1].is_tried)
            lines.append(_tried(case_id, step, texts or {}, by, user, at, language, stopped=stopped))
        done = not any(line.refusal for line in lines)
        outcome = _promised(macro_preview.outcome(before, _read(case_id)), lines, _read(case_id)) if done else None
        return Rehearsal(macro, case.version, lines, outcome)


def _promised(outcome: Outcome, lines: list[Line], case: Case) -> Outcome:
    """Money that an agreement promises and that moves later, when the goods are here, is said too."""
    total = settlement.total(calculation.trial(case)) if case.is_open else Decimal(0)
    if outcome.sums or total <= 0 or not any(line.step.kind == StepKind.APPROVE for line in lines):
        return outcome
    return replace(outcome, sums=[Sum(_("Refund, once the goods are here"), total)])


@contextmanager
def _taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _tried(
    case_id: int,
    step: MacroStep,
    texts: Texts,
    by: Actor,
    user: User,
    at: datetime,
    language: str,
    *,
    stopped: bool,
) -> Line:
    case = _read(case_id)
    text = _text(step, texts, case, user, at, language)
    says = macro_preview.says(step, case, _sum(step, case))
    if stopped:
        return Line(step, says, text, is_tried=False)
    try:
        macro_steps.do(case, step, placeholders.without_gaps(text or ""), by=by, at=at)
    except Refused as refusal:
        return Line(step, says, text, str(refusal), _may_instead(step, case, by, at))
    return Line(step, says, text)


@gate.transactional
def run(
    case_id: int,
    macro_id: int,
    texts: Texts,
    *,
    by: Actor,
    user: User,
    at: datetime,
    language: str,
    version: int | None = None,
    macro_version: int | None = None,
) -> Case:
    """Do every step of a macro, or none: a refusal names the step, and all that was done before it is undone.

    Stale when the case is not the one of the preview, Changed when the macro is not.
    """
    case = _read(case_id, lock=True)
    gate.role_to("use_tools", by, case)
    if version is not None and version != case.version:
        raise gate.Stale(case)
    macro = offers.fitting(case, user).filter(pk=macro_id).first()
    if macro is None or macro_version not in (None, macro.version):
        raise tools.Changed
    for step in _steps(macro):
        _do(case_id, step, texts, by, user, at, language)
    tools.count_use(macro, at=at)
    return _log(case_id, macro, by=by, at=at)


def _do(case_id: int, step: MacroStep, texts: Texts, by: Actor, user: User, at: datetime, language: str) -> None:
    case = _read(case_id)
    text = _text(step, texts, case, user, at, language) or ""
    try:
        unfilled = placeholders.unfilled(text)
        if unfilled:
            raise Refused(unfilled)
        macro_steps.do(case, step, text, by=by, at=at)
    except Refused as refusal:
        refusal.sentence = _("Step %(number)d, “%(step)s”: %(why)s Nothing of the macro was done.") % {
            "number": step.position,
            "step": step.get_kind_display(),
            "why": refusal.sentence,
        }
        raise


def _log(case_id: int, macro: Macro, *, by: Actor, at: datetime) -> Case:
    case = _read(case_id)
    case_log.put(
        case,
        "macro",
        role=gate.role_to("use_tools", by, case),
        by=by,
        at=at,
        data={"macro": macro.title, "macro_id": macro.pk},
    )
    return case


def _read(case_id: int, *, lock: bool = False) -> Case:
    if lock:
        gate.locked(case_id)
    return Case.objects.select_related(*READ).get(pk=case_id)


def _steps(macro: Macro) -> list[MacroStep]:
    return list(macro.steps.select_related("reject_reason", "team").order_by("position"))


def _text(step: MacroStep, texts: Texts, case: Case, user: User, at: datetime, language: str) -> str | None:
    """What was typed in the preview; else the text of the macro, filled in from the case as it stands at this step."""
    if "text" not in FIELDS[step.kind]:
        return None
    if step.position in texts:
        return texts[step.position]
    with translation.override(placeholder_values.LANGUAGES[language]):
        body = step.text(language)
        return placeholders.fill(body, placeholder_values.of([body], case, user, at))


def _sum(step: MacroStep, case: Case) -> Decimal | None:
    """The money that a step is about, by the functions that the step itself uses."""
    if step.kind == StepKind.APPROVE:
        return settlement.total(calculation.trial(case))
    if step.kind == StepKind.OFFER:
        with suppress(Refused):
            return macro_steps.sum_of(step, case)
    return None


def _may_instead(step: MacroStep, case: Case, by: Actor, at: datetime) -> str:
    """Who may decide a sum that is above this person's limit."""
    role = by.role_for(moves.CHART[step.kind]) if step.kind in (StepKind.APPROVE, StepKind.OFFER) else None
    if role is None:
        return ""
    asked = case.requested_amount + case.freight_held
    amount = asked if step.kind == StepKind.APPROVE else _sum(step, case) or asked
    return macro_preview.deciders(step, case, amount) if authority.above(amount, case, by, role, at) else ""
