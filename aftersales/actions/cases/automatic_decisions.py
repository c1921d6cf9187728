"""A request that the policy decides by itself: which rule agrees to it, and what stood against the others."""

from datetime import datetime

from aftersales.actions.cases.applications import Rules
from aftersales.models import Case
from aftersales.queries.cases.case_facts import CaseFacts
from aftersales.queries.refunds import buyer_standing
from aftersales.rules import guards
from aftersales.rules.actor import POLICY
from aftersales.rules.cases import automatic_decisions, case_types
from aftersales.rules.cases.automatic_decisions import INSTANT, RETURNLESS, RULES, Decision, Request, Standing
from aftersales.rules.vocabulary import CaseType, GoodsState, Role
from orders.models import Buyer


def decide(case: Case, rules: Rules, *, at: datetime) -> Decision:
    """What the policy says to a case that has just been stored; the buyer is locked before money is counted."""
    # Goods of several categories are decided by the strictest of their policies.
    limits = automatic_decisions.limits_of(list(rules.of_items.values()))
    # Most shops switch nothing on; then the buyer is not locked, and no record of theirs is read.
    if not any(limits.of(rule) for rule in RULES):
        return Decision()
    return automatic_decisions.decide(_request(case, at), limits, case.policy, lambda: _standing(case, at))


def apply(case: Case, decision: Decision, *, at: datetime) -> None:
    """What the rule changes in the request before it is agreed to."""
    if decision.rule == RETURNLESS:
        case.type = CaseType.REFUND_ONLY
        Case.objects.filter(pk=case.pk).update(type=CaseType.REFUND_ONLY, goods_state=GoodsState.SIGNED)
    elif decision.rule == INSTANT and case_types.of(case.type).pays_for_returns:
        Case.objects.filter(pk=case.pk).update(instant_at=at)


def _request(case: Case, at: datetime) -> Request:
    facts = CaseFacts(case, POLICY, Role.POLICY, at)
    return Request(
        type=case.type,
        goods_state=case.goods_state,
        amount=case.requested_amount + case.freight_held,
        sends_first=case.dispatches_first,
        has_address=guards.return_address_known(case, POLICY, Role.POLICY, at, facts) is None,
    )


def _standing(case: Case, at: datetime) -> Standing:
    return buyer_standing.standing(case, _locked_buyer(case.buyer_id), at)


def _locked_buyer(buyer_id: int) -> Buyer:
    """Whoever decides for the same buyer waits: what each counts includes what the other has promised.

    Not a full lock: orders and cases of the buyer are stored meanwhile, and refer to the row.
    """
    return Buyer.objects.select_for_update(no_key=True).get(pk=buyer_id)
