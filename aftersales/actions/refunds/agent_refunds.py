"""Giving money back in one act: agreed to, sent to a second person, or offered when it is less than was asked."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.actions.cases import decisions, negotiation
from aftersales.actions.refunds import approvals, calculation
from aftersales.models import Case
from aftersales.moves import deciding
from aftersales.queries.cases import case_page
from aftersales.rules.actor import Actor
from aftersales.rules.cases import chains
from aftersales.rules.refunds import settlement
from aftersales.rules.vocabulary import CaseType
from orders.refusals import Refused

SUBMITTED: Final = "submitted"
SENT: Final = "sent"
OFFERED: Final = "offered"


def would(case: Case, amount: Decimal, *, by: Actor, at: datetime) -> str:
    """What giving back this much would come to; Refused with the rule that forbids it."""
    if not chains.pays(case):
        raise Refused(_("This case gives no money back."))
    total = settlement.total(calculation.trial(case))
    if amount > total:
        raise Refused(_("That is more than the rules give back."))
    if amount < total:
        return _unless(case_page.refusal(case, deciding.OFFER, by, at), OFFERED)
    against = case_page.refusal(case, deciding.APPROVE, by, at)
    if against is None:
        return SUBMITTED
    if case_page.refusal(case, deciding.REQUEST_APPROVAL, by, at) is None:
        return SENT
    raise Refused(against)


@gate.transactional
def submit(case_id: int, amount: Decimal, *, by: Actor, at: datetime, version: int | None = None, why: str = "") -> str:
    """Give back so much; answers what it came to. The very acts that their own buttons do, so the same rules hold."""
    case = gate.locked(case_id)
    if version is not None and version != case.version:
        raise gate.Stale(case)
    outcome = would(case, amount, by=by, at=at)
    if outcome == OFFERED:
        negotiation.offer(case_id, amount=amount, type=CaseType(case.type), note=why, by=by, at=at)
    elif outcome == SENT:
        approvals.ask(case_id, by=by, at=at, why=why)
    else:
        decisions.approve(case_id, by=by, at=at, why=why)
    return outcome


def _unless(against: str | None, outcome: str) -> str:
    if against:
        raise Refused(against)
    return outcome
