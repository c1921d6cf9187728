"""What an act would come to if it were done now: told to a second person, and looked at until they answer."""

import copy
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from aftersales import moves
from aftersales.actions import current_goods
from aftersales.actions.disputes import findings
from aftersales.models import ApprovalRequest, Case, Offer
from aftersales.models.refunds.approval import EndedWhy
from aftersales.queries.refunds import authority
from aftersales.queries.returns import arrivals
from aftersales.rules.cases import chains, offered_terms
from aftersales.rules.cases.goods_moved import Before
from aftersales.rules.refunds import asked_terms
from aftersales.rules.refunds.asked_terms import Terms
from aftersales.rules.vocabulary import CaseType, Status

ZERO: Final = Decimal(0)


@dataclass(frozen=True)
class Foreseen:
    """What the case would go on as, and the sum that somebody decides by it."""

    case_type: str
    given_as: str
    leads_to: str
    amount: Decimal

    def written(self) -> dict[str, Any]:
        """By the columns of a request."""
        return asdict(self)


def of(
    case: Case, action: str, at: datetime, before: Before | None = None, terms: Terms | None = None
) -> Foreseen | None:
    """What the act would come to, by where the goods are now; nothing where the case no longer allows it.

    `before` is how the case stood where it was brought up to now already; `terms` are those of the act itself.
    """
    move = moves.CHART[action]
    if case.status not in move.sources:
        return None
    then = copy.copy(case)  # looked at, never written
    before = current_goods.look(then, at) or before
    if terms:
        amount, leads_to = WITH_TERMS[action](then, before, terms)
        return Foreseen(then.type, then.given_as, str(leads_to), amount)
    amount = SETS.get(action, _as_asked)(then, before)
    return Foreseen(then.type, then.given_as, str(move.next_state(then)), amount)


def against(request: ApprovalRequest, case: Case, at: datetime, before: Before | None = None) -> EndedWhy | None:
    """Why a request ends: what it asks for is no longer what would happen; nothing while it still is."""
    now = of(case, request.action, at, before, asked_terms.read(request.action, request.terms))
    if now is None or case.status != request.asked_in:
        return EndedWhy.OVERTAKEN
    if now.amount != request.amount:
        return EndedWhy.OTHER_SUM
    kept = (request.case_type, request.given_as, request.leads_to or now.leads_to)
    return EndedWhy.OTHER_OUTCOME if kept != (now.case_type, now.given_as, now.leads_to) else None


def _as_asked(case: Case, _before: Before | None) -> Decimal:
    return authority.gives(case)


def _as_offered(case: Case, before: Before | None) -> Decimal:
    terms = case.offers.filter(status=Offer.Status.OPEN).first()
    if terms is None or terms.is_quote:
        return ZERO
    offered_terms.take(case, terms, before)
    return case.agreed_amount or ZERO


def _as(type: CaseType) -> Callable[[Case, Before | None], Decimal]:
    def chosen(case: Case, _before: Before | None) -> Decimal:
        amount = authority.gives(case)
        case.type = type
        return amount

    return chosen


def _as_proposed(case: Case, _before: Before | None, terms: asked_terms.Proposed) -> tuple[Decimal, Status]:
    case.type, case.given_as = terms.type, terms.given_as
    return min(terms.amount, case.requested_amount + case.freight_held), Status.PENDING_BUYER


def _as_ruled(case: Case, before: Before | None, terms: asked_terms.Ruled) -> tuple[Decimal, Status]:
    findings.replace(case, terms.liable)
    amount = authority.gives(case) if terms.amount is None else terms.amount
    if findings.leaves_goods(case, before, terms.amount):
        current_goods.keep(case, before)
    if terms.amount is not None:
        amount = min(amount, case.requested_amount + case.freight_held)
    # A parcel that came counts as returned, whatever was counted in it.
    has_come = case.goods_must_return and bool(arrivals.of(case))
    return amount, chains.after_inspection(case) if has_come else moves.disputing.RULE_FOR_BUYER.next_state(case)


WITH_TERMS: Final[dict[str, Callable[[Case, Before | None, Any], tuple[Decimal, Status]]]] = {
    moves.deciding.OFFER.name: _as_proposed,
    moves.disputing.RULE_FOR_BUYER.name: _as_ruled,
}
# What an act sets on the case before it leads on; the others take it as it is.
SETS: Final[dict[str, Callable[[Case, Before | None], Decimal]]] = {
    moves.deciding.ACCEPT_OFFER.name: _as_offered,
    moves.repairing.CHOOSE_EXCHANGE.name: _as(CaseType.EXCHANGE),
    moves.repairing.CHOOSE_REFUND.name: _as(CaseType.RETURN_REFUND),
}
