"""Macros run in a case: all steps or none. A rehearsal does them all in a transaction that is rolled back."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from aftersales import moves
from aftersales.actions import authorised, case_log, current_goods, gate
from aftersales.actions.conversation import macro_steps, tools
from aftersales.actions.refunds import calculation
from aftersales.models import Case, Macro, MacroStep, User
from aftersales.queries.conversation import macro_preview, placeholder_values
from aftersales.queries.conversation import macros as offers
from aftersales.queries.conversation.macro_preview import Outcome, Snapshot, Sum
from aftersales.queries.refunds import authority
from aftersales.rules.actor import Actor
from aftersales.rules.cases import chains
from aftersales.rules.conversation import placeholders
from aftersales.rules.conversation.tools import FIELDS, StepKind
from aftersales.rules.refunds import settlement
from orders.refusals import Refused

READ = ("order", "merchant", "buyer", "policy", "reason", "assignee", "team", "return_address")


@dataclass(frozen=True)
class Run:
    """One run of a macro: who runs it, when, in which language, and texts edited by hand, by position of the step."""

    by: Actor
    user: User
    at: datetime
    language: str
    texts: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One step of a rehearsal: what it does in words, its text, and the refusal that it met.

    `may_instead` says who may decide a sum that is above the person's limit.
    """

    step: MacroStep
    says: str
    text: str | None = None
    refusal: str = ""
    may_instead: str = ""
    is_tried: bool = True

    @property
    def gaps(self) -> list[str]:
        """Placeholders that are still to be filled in."""
        return placeholders.gaps(self.text or "")


@dataclass(frozen=True)
class Rehearsal:
    """What a macro would do now; nothing of it is done."""

    macro: Macro
    version: int
    lines: list[Line] = field(default_factory=list)
    outcome: Outcome | None = None

    @property
    def can_run(self) -> bool:
        """Whether no step was refused; gaps can still be filled in by hand."""
        return self.outcome is not None

    @property
    def gaps(self) -> list[str]:
        """Placeholders of all steps that are still to be filled in."""
        return [gap for line in self.lines for gap in line.gaps]


@gate.transactional
def rehearse(case_id: int, macro: Macro, run: Run) -> Rehearsal:
    """Do every step as it would be done, note what came of it, and roll it all back."""
    # By the very verbs: a second piece of code that foretells them would drift from them. See docs/adr/0020.
    with _rolled_back():
        authorised.lock_person("approve", run.by)
        case = _read(case_id, lock=True)
        before = macro_preview.snapshot(case)
        lines = _try_steps(case_id, macro, run)
        done = not any(line.refusal for line in lines)
        return Rehearsal(macro, case.version, lines, _outcome(before, lines, _read(case_id)) if done else None)


@contextmanager
def _rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _try_steps(case_id: int, macro: Macro, run: Run) -> list[Line]:
    """Every step; those after a refused one are shown, but not tried."""
    lines: list[Line] = []
    for step in _steps(macro):
        has_stopped = any(line.refusal for line in lines)
        lines.append(_try(_read(case_id), step, run, has_stopped=has_stopped))
    return lines


def _try(case: Case, step: MacroStep, run: Run, *, has_stopped: bool) -> Line:
    text = _text(step, case, run)
    if step.kind == StepKind.APPROVE:
        current_goods.look(case, run.at)
    says = macro_preview.says(step, case, _sum(step, case))
    if has_stopped:
        return Line(step, says, text, is_tried=False)
    try:
        # A gap is no reason to refuse yet: it can be filled in on the page of the rehearsal.
        macro_steps.do(case, step, placeholders.without_gaps(text or ""), by=run.by, at=run.at)
    except Refused as refusal:
        return Line(step, says, text, str(refusal), _may_instead(step, case, run))
    return Line(step, says, text)


def _outcome(before: Snapshot, lines: list[Line], case: Case) -> Outcome:
    """What is different afterwards, with the refund that agreeing promises and that waits for the goods."""
    outcome = macro_preview.outcome(before, case)
    total = settlement.total(calculation.trial(case)) if case.is_open else Decimal(0)
    if outcome.sums or total <= 0 or not any(line.step.kind == StepKind.APPROVE for line in lines):
        return outcome
    return replace(outcome, sums=[Sum(_("Refund, once the goods are here"), total)])


@gate.transactional
def perform(
    case_id: int, macro_id: int, run: Run, *, version: int | None = None, macro_version: int | None = None
) -> Case:
    """Do every step of a macro, or none: a refusal names its step, and all that was done before it is rolled back.

    Stale when the case is not the one of the rehearsal, Changed when the macro is not.
    """
    authorised.lock_person("approve", run.by)
    case = _read(case_id, lock=True)
    gate.role_to("use_tools", run.by, case)
    if version is not None and version != case.version:
        raise gate.Stale(case)
    macro = offers.fitting(case, run.user).filter(pk=macro_id).first()
    if macro is None or macro_version not in (None, macro.version):
        raise tools.Changed
    for step in _steps(macro):
        _do(_read(case_id), step, run)
    tools.count_use(macro, at=run.at)
    return _log(case_id, macro, by=run.by, at=run.at)


def _do(case: Case, step: MacroStep, run: Run) -> None:
    text = _text(step, case, run) or ""
    try:
        unfilled = placeholders.unfilled(text)
        if unfilled:
            raise Refused(unfilled)
        macro_steps.do(case, step, text, by=run.by, at=run.at)
    except Refused as refusal:
        words = {"number": step.position, "step": step.get_kind_display(), "why": refusal.sentence}
        refusal.sentence = _("Step %(number)d, “%(step)s”: %(why)s Nothing of the macro was done.") % words
        raise


def _log(case_id: int, macro: Macro, *, by: Actor, at: datetime) -> Case:
    case = _read(case_id)
    data = {"macro": macro.title, "macro_id": macro.pk}
    case_log.put(case, "macro", role=gate.role_to("use_tools", by, case), by=by, at=at, data=data)
    return case


def _read(case_id: int, *, lock: bool = False) -> Case:
    # Read anew before each step: the one before it has changed the case.
    if lock:
        gate.locked(case_id)
    return Case.objects.select_related(*READ).get(pk=case_id)


def _steps(macro: Macro) -> list[MacroStep]:
    return list(macro.steps.select_related("reject_reason", "team").order_by("position"))


def _text(step: MacroStep, case: Case, run: Run) -> str | None:
    """The text that was edited by hand; else the text of the macro, filled in from the case as it is at this step."""
    if "text" not in FIELDS[step.kind]:
        return None
    if step.position in run.texts:
        return run.texts[step.position]
    with translation.override(placeholder_values.LANGUAGES[run.language]):
        body = step.text(run.language)
        return placeholders.fill(body, placeholder_values.of([body], case, run.user, run.at))


def _sum(step: MacroStep, case: Case) -> Decimal | None:
    """The money that a step is about, by the functions that the step itself uses."""
    if step.kind == StepKind.APPROVE:
        return _agreed_sum(case)
    if step.kind == StepKind.OFFER:
        with suppress(Refused):
            return macro_steps.sum_of(step, case)
    return None


def _agreed_sum(case: Case) -> Decimal:
    """What agreeing gives: a refund, or what was asked where it is given in kind."""
    return case.requested_amount if chains.gives_in_kind(case) else settlement.total(calculation.trial(case))


def _may_instead(step: MacroStep, case: Case, run: Run) -> str:
    """Who may decide a sum that is above this person's limit."""
    role = run.by.role_for(moves.CHART[step.kind]) if step.kind in (StepKind.APPROVE, StepKind.OFFER) else None
    if role is None:
        return ""
    asked = authority.gives(case)
    amount = asked if step.kind == StepKind.APPROVE else _sum(step, case) or asked
    if not authority.above(amount, case, run.by, role, run.at):
        return ""
    on_order = authority.decided(case, run.by, role, run.at).on_order
    return macro_preview.deciders(step, case, amount, on_order)
