"""Arbitration: the platform decides between buyer and merchant, after both could add evidence."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.db.models import F
from django.utils.translation import gettext as _

from aftersales.actions import current_goods, gate
from aftersales.actions.cases import agreement, decisions, on_enter
from aftersales.actions.disputes import findings
from aftersales.actions.effects import MoveContext, Outcome
from aftersales.models import Case
from aftersales.queries.disputes import hearings
from aftersales.queries.returns import arrivals
from aftersales.rules.actor import Actor
from aftersales.rules.phrases import money_text
from aftersales.rules.vocabulary import Fault, SuspensionCause
from orders import money
from orders.refusals import Refused


@gate.transactional
def escalate(case_id: int, *, by: Actor, at: datetime, why: str = "", version: int | None = None) -> Case:
    """The buyer asks the platform to decide; both may add evidence for the time that the policy gives."""
    return gate.move(case_id, "escalate", by=by, at=at, version=version, why=why)


@gate.transactional
def rule_for_buyer(
    case_id: int,
    *,
    by: Actor,
    at: datetime,
    ruling: str,
    liable: Fault,
    amount: Decimal | None = None,
    version: int | None = None,
) -> Case:
    """Decide for the buyer, in writing, in place of the merchant; without an amount all that was asked is given."""
    terms = partial(award, ruling=ruling, liable=liable, amount=amount)
    case = gate.move(case_id, "rule_for_buyer", effect=terms, by=by, at=at, version=version, why=ruling)
    return on_enter.run(case, by=by, at=at)


def award(case: Case, context: MoveContext, *, ruling: str, liable: Fault, amount: Decimal | None) -> Outcome:
    """The effect of ruling for the buyer, whoever is asked for it."""
    refuse_unless_possible(case, ruling, amount)
    _write_ruling(case, ruling)
    findings.replace(case, liable)
    if findings.leaves_goods(case, context.before, amount):
        current_goods.keep(case, context.before)
    case.agreed_amount = amount
    if case.goods_must_return and not case.has_received_units and arrivals.of(case):
        # The parcel came, and the platform finds that what it lacks was sent back: nothing is asked back twice.
        case.lines.update(units_received=F("units_held"))
    if case.goods_are_here:
        # Nobody inspects any more: the ruling takes the place of the inspection.
        case.lines.update(units_accepted=F("units_received"))
    agreed = agreement.begin(case, context)
    return replace(agreed, data={**agreed.data, "liable": str(liable)})


def refuse_unless_possible(case: Case, ruling: str, amount: Decimal | None) -> None:
    """Refused where this can not be ruled: without words, or for more than was asked."""
    _refuse_silence(ruling)
    _refuse_excess(case, amount)


def _refuse_excess(case: Case, amount: Decimal | None) -> None:
    asked = case.requested_amount + case.freight_held
    if amount is not None and not (money.is_whole(amount, case.currency) and Decimal(0) < amount <= asked):
        raise Refused(
            _("A ruling gives between 0 and what was asked, %(asked)s.") % {"asked": money_text(asked, case.currency)}
        )


@gate.transactional
def rule_for_merchant(case_id: int, *, by: Actor, at: datetime, ruling: str, version: int | None = None) -> Case:
    """Decide for the merchant, in writing: the case is closed and releases what it held."""
    dismissal = partial(_dismiss, ruling)
    return gate.move(case_id, "rule_for_merchant", effect=dismissal, by=by, at=at, version=version, why=ruling)


def _dismiss(ruling: str, case: Case, context: MoveContext) -> Outcome:
    _write_ruling(case, ruling)
    findings.replace(case, Fault.BUYER)
    decisions.end(case, at=context.at)
    return Outcome(data={"liable": Fault.BUYER.value})


@gate.transactional
def close_evidence(case_id: int, *, by: Actor, at: datetime) -> Case:
    """The time for evidence is over: the platform decides on what is on file, whoever was silent."""
    return gate.move(case_id, "close_evidence", effect=_note_silence, by=by, at=at)


def _note_silence(case: Case, context: MoveContext) -> Outcome:
    silent = [side.value for side in hearings.silent(case)]
    return Outcome(data={"silent": silent} if silent else {})


@gate.transactional
def suspend(
    case_id: int, *, by: Actor, at: datetime, cause: SuspensionCause, why: str, version: int | None = None
) -> Case:
    """Wait for a court, the police or both parties, as long as the policy says for the cause; other clocks stop."""
    if not why.strip():
        raise Refused(_("Say why the case is suspended."))
    waiting = partial(_suspend, SuspensionCause(cause))
    return gate.move(case_id, "suspend", effect=waiting, by=by, at=at, version=version, why=why)


def _suspend(cause: SuspensionCause, case: Case, context: MoveContext) -> Outcome:
    case.suspension_cause = cause
    return Outcome(data={"cause": cause.value})


@gate.transactional
def resume(case_id: int, *, by: Actor, at: datetime, why: str = "", version: int | None = None) -> Case:
    """Go on where it stopped: evidence and decision have what was left of their time."""
    return gate.move(case_id, "resume", by=by, at=at, version=version, why=why)


def _refuse_silence(ruling: str) -> None:
    if not ruling.strip():
        raise Refused(_("A ruling is given in writing."))


def _write_ruling(case: Case, ruling: str) -> None:
    _refuse_silence(ruling)
    case.ruling = ruling.strip()
