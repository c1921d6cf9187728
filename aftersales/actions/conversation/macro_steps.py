"""What each kind of step in a macro does: the same verbs that people use one by one."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from aftersales.actions.cases import checklist, decisions, extensions, negotiation
from aftersales.actions.console import assignment
from aftersales.actions.conversation import messages
from aftersales.actions.refunds import approvals
from aftersales.models import Case, MacroStep
from aftersales.rules.actor import Actor
from aftersales.rules.conversation.tools import StepKind, Whom
from aftersales.rules.vocabulary import CaseType
from orders import money
from orders.refusals import Refused

Verb = Callable[[Case, MacroStep, str, Actor, datetime], object]


def do(case: Case, step: MacroStep, text: str, *, by: Actor, at: datetime) -> None:
    """Do one step; `case` has just been read. Refused where the verb itself refuses."""
    VERBS[StepKind(step.kind)](case, step, text, by, at)


def sum_of(step: MacroStep, case: Case) -> Decimal:
    """What a step offers in this case: a percentage of what is asked, or a sum; Refused in another currency."""
    if step.percent is not None:
        asked = case.requested_amount + case.freight_held
        return money.rounded(asked * step.percent / 100, case.currency)
    if step.currency != case.currency:
        raise Refused(
            _("The macro offers a sum in %(currency)s; this case is in %(other)s.")
            % {"currency": step.currency, "other": case.currency}
        )
    return money.rounded(step.amount or Decimal(0), case.currency)


def _offer(case: Case, step: MacroStep, text: str, by: Actor, at: datetime) -> object:
    terms = CaseType(step.terms) if step.terms else None
    return negotiation.offer(case.pk, by=by, at=at, amount=sum_of(step, case), type=terms, note=text)


def _reject(case: Case, step: MacroStep, text: str, by: Actor, at: datetime) -> object:
    reason = step.reject_reason
    if reason is None or not reason.is_active:
        raise Refused(_("The reason that the macro rejects with is no longer used: change the macro."))
    return decisions.reject(case.pk, by=by, at=at, reason=reason, note=text)


def _assign(case: Case, step: MacroStep, text: str, by: Actor, at: datetime) -> object:
    if step.whom == Whom.ME:
        return assignment.take(case.pk, by=by, at=at)
    return assignment.give_back(case.pk, by=by, at=at, team=step.team)


def _tick(case: Case, step: MacroStep, text: str, by: Actor, at: datetime) -> object:
    # Procedures differ by reason: of the steps that a macro names, those are ticked that this one has.
    for words in step.ticks:
        if words in dict(case.reason.steps):
            checklist.tick(case.pk, words, is_done=True, by=by, at=at)
    return None


VERBS: Final[dict[StepKind, Verb]] = {
    StepKind.MESSAGE: lambda case, step, text, by, at: messages.send(case.pk, text, by=by, at=at),
    StepKind.NOTE: lambda case, step, text, by, at: messages.note(case.pk, text, by=by, at=at),
    StepKind.APPROVE: lambda case, step, text, by, at: decisions.approve(case.pk, by=by, at=at),
    StepKind.OFFER: _offer,
    StepKind.REJECT: _reject,
    StepKind.EXTEND: lambda case, step, text, by, at: extensions.extend(case.pk, by=by, at=at, why=text),
    StepKind.REQUEST_APPROVAL: lambda case, step, text, by, at: approvals.ask(case.pk, by=by, at=at, why=text),
    StepKind.ASSIGN: _assign,
    StepKind.TICK: _tick,
}
