"""One button for giving money back: the sum is approved, sent to a second person, or offered when it is less."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from aftersales.actions import authorised, current_goods, gate
from aftersales.actions.cases import decisions, negotiation
from aftersales.actions.refunds import approvals, calculation
from aftersales.models import Case
from aftersales.moves import approving, deciding
from aftersales.queries.cases import possible_moves
from aftersales.queries.refunds import authority
from aftersales.rules.actor import Actor
from aftersales.rules.cases import chains
from aftersales.rules.refunds import settlement
from aftersales.rules.refunds.asked_terms import Proposed
from aftersales.rules.vocabulary import CaseType
from orders.refusals import Refused

SUBMITTED: Final = "submitted"
SENT: Final = "sent"
OFFERED: Final = "offered"
PROPOSED: Final = "proposed"  # an offer, to a second person


def outcome_of(case: Case, amount: Decimal, *, by: Actor, at: datetime) -> str:
    """What giving back this much would come to, as one of the words above; Refused with the rule that forbids it."""
    if not chains.pays(case):
        raise Refused(_("This case gives no money back."))
    total = settlement.total(calculation.trial(case))
    if amount > total:
        raise Refused(_("That is more than the rules give back."))
    return _outcome_of_part(case, amount, by=by, at=at) if amount < total else _outcome_of_all(case, by=by, at=at)


def _outcome_of_part(case: Case, amount: Decimal, *, by: Actor, at: datetime) -> str:
    """Less than the rules give back: an offer, which a second person lets go out above the first one's limit."""
    _unless_refused(possible_moves.refusal(case, deciding.OFFER, by, at), OFFERED)
    role = by.role_for(deciding.OFFER)
    return PROPOSED if role and authority.above(amount, case, by, role, at) else OFFERED


def _outcome_of_all(case: Case, *, by: Actor, at: datetime) -> str:
    """All that the rules give back: approved at once, or by a second person where the first may only ask."""
    refusal = possible_moves.refusal(case, deciding.APPROVE, by, at)
    if refusal and possible_moves.refusal(case, approving.REQUEST_APPROVAL, by, at) is None:
        return SENT
    return _unless_refused(refusal, SUBMITTED)


@gate.transactional
def submit(case_id: int, amount: Decimal, *, by: Actor, at: datetime, version: int | None = None, why: str = "") -> str:
    """Give back this much; answers what it came to. Each is the act behind its own button: the same rules hold."""
    authorised.lock_person("approve", by)
    case = gate.locked(case_id)
    # Checked once, here: the acts below are not given the version, for the case is locked already.
    if version is not None and version != case.version:
        raise gate.Stale(case)
    current_goods.look(case, at)
    outcome = outcome_of(case, amount, by=by, at=at)
    terms = Proposed(amount=amount, type=CaseType(case.type), note=why)
    if outcome == OFFERED:
        negotiation.offer(case_id, **vars(terms), by=by, at=at)
    elif outcome == PROPOSED:
        approvals.ask(case_id, action="offer", terms=terms, by=by, at=at)
    else:
        act = approvals.ask if outcome == SENT else decisions.approve
        act(case_id, by=by, at=at, why=why)
    return outcome


def _unless_refused(refusal: str | None, outcome: str) -> str:
    if refusal:
        raise Refused(refusal)
    return outcome
