"""The platform decides between buyer and merchant."""

from datetime import datetime
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _

from aftersales.actions import cases, consequences, gate
from aftersales.models import Case
from aftersales.rules.actor import Actor
from aftersales.rules.phrases import money_text
from aftersales.rules.vocabulary import Fault
from orders import money
from orders.refusals import Refused


@gate.transactional
def escalate(case_id: int, *, by: Actor, at: datetime, why: str = "", version: int | None = None) -> Case:
    """The buyer asks the platform; both may add evidence for the time the policy gives."""
    with gate.move(case_id, "escalate", by=by, at=at, version=version, why=why) as case:
        pass
    return case


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
    """Decide for the buyer, in writing: the platform does the merchant's step itself."""
    with gate.move(case_id, "rule_for_buyer", by=by, at=at, version=version, why=ruling) as case:
        _write(case, ruling, liable)
        asked = case.requested_amount + case.freight_held
        if amount is not None and not (money.is_whole(amount, case.currency) and Decimal(0) < amount <= asked):
            raise Refused(
                _("A ruling gives between 0 and what was asked, %(asked)s.")
                % {"asked": money_text(asked, case.currency)}
            )
        case.agreed_amount = amount
        if case.goods_are_here:
            case.lines.update(units_accepted=F("units_received"))
        cases.prepare_agreement(case, by=by, at=at)
        cases.rounds_agreed([case_id], at=at)
    return consequences.follow(case, by=by, at=at)


@gate.transactional
def rule_for_merchant(case_id: int, *, by: Actor, at: datetime, ruling: str, version: int | None = None) -> Case:
    """Decide for the merchant, in writing: the case is closed, what it held is free."""
    with gate.move(case_id, "rule_for_merchant", by=by, at=at, version=version, why=ruling) as case:
        _write(case, ruling, Fault.BUYER)
        cases.end(case, at=at)
    return case


@gate.transactional
def close_evidence(case_id: int, *, by: Actor, at: datetime) -> Case:
    """The time for evidence is over: who was silent is decided on file."""
    with gate.move(case_id, "close_evidence", by=by, at=at) as case:
        pass
    return case


@gate.transactional
def suspend(case_id: int, *, by: Actor, at: datetime, why: str, version: int | None = None) -> Case:
    """Wait for a court, the police or both parties; the cause is mandatory."""
    if not why.strip():
        raise Refused(_("Say why the case is suspended."))
    with gate.move(case_id, "suspend", by=by, at=at, version=version, why=why) as case:
        pass
    return case


@gate.transactional
def resume(case_id: int, *, by: Actor, at: datetime, why: str = "", version: int | None = None) -> Case:
    """Go on deciding; the evidence goes on with what was left."""
    with gate.move(case_id, "resume", by=by, at=at, version=version, why=why) as case:
        pass
    return case


def _write(case: Case, ruling: str, liable: Fault) -> None:
    if not ruling.strip():
        raise Refused(_("A ruling is given in writing."))
    case.ruling, case.liable_party = ruling.strip(), liable
