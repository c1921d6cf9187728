"""A request that the policy decides by itself: which rule agrees to it, and what stood against the others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Q, Sum, Value
from django.db.models.functions import Coalesce

from aftersales.actions.cases import holdings
from aftersales.models import Case, Policy, Receivable
from aftersales.queries.cases import case_risk
from aftersales.queries.cases.case_facts import CaseFacts
from aftersales.queries.policies import policy_choice
from aftersales.rules import guards
from aftersales.rules.actor import POLICY
from aftersales.rules.cases import automatic_decisions, case_types
from aftersales.rules.cases.automatic_decisions import INSTANT, RETURNLESS, RULES, Blocker, Limits, Request, Standing
from aftersales.rules.vocabulary import CaseType, GoodsState, Role
from orders.models import Buyer, Order, OrderLine, Payment
from orders.models.payment import Method

ZERO = Decimal(0)


@dataclass(frozen=True)
class Decision:
    """The rule that agrees, with its sum, and what stood against those before it."""

    rule: str = ""
    limit: Decimal = ZERO
    against: tuple[Blocker, ...] = field(default_factory=tuple)

    @property
    def data(self) -> dict[str, Any]:
        """How the log of the case tells it; nothing where no rule is switched on."""
        found: dict[str, Any] = {}
        if self.rule:
            found |= {"rule": self.rule, "limit": f"{self.limit.normalize():f}"}
        if self.against:
            found["against"] = [[blocker.rule, blocker.code] for blocker in self.against]
        return found


def decide(case: Case, order: Order, lines: Mapping[int, OrderLine], *, at: datetime) -> Decision:
    """What the policy says to a case that has just been stored; the buyer is locked before money is counted."""
    # Most shops switch nothing on; then the buyer is not locked, and no record of theirs is read.
    if not any(getattr(case.policy, rule) for rule in RULES):
        return Decision()
    limits = _limits(case, order, lines, at)
    request = _request(case, at)
    against: list[Blocker] = []
    for rule in RULES:
        if not limits.of(rule) or not automatic_decisions.concerns(rule, request):
            continue
        codes = list(_against(rule, case, request, limits, at))
        if not codes:
            return Decision(rule, limits.of(rule), tuple(against))
        against += [Blocker(rule, code) for code in codes]
    return Decision(against=tuple(against))


def _against(rule: str, case: Case, request: Request, limits: Limits, at: datetime) -> Iterator[str]:
    plain = automatic_decisions.plain_blocker(rule, request, limits)
    if plain:
        yield plain
    elif rule == INSTANT:
        yield from automatic_decisions.instant_blockers(request, case.policy, _standing(case, at))


def apply(case: Case, decision: Decision, *, at: datetime) -> None:
    """What the rule changes in the request before it is agreed to."""
    if decision.rule == RETURNLESS:
        case.type = CaseType.REFUND_ONLY
        Case.objects.filter(pk=case.pk).update(type=CaseType.REFUND_ONLY, goods_state=GoodsState.SIGNED)
    elif decision.rule == INSTANT and case_types.of(case.type).pays_for_returns:
        Case.objects.filter(pk=case.pk).update(instant_at=at)


def _limits(case: Case, order: Order, lines: Mapping[int, OrderLine], at: datetime) -> Limits:
    """The sums of the policy; goods of several categories are decided by the strictest of their policies."""
    rules = [case.policy]
    categories = {lines[pk].category for pk in case.lines.values_list("order_line_id", flat=True)}
    if len(categories) > 1:
        rules += [
            policy_choice.resolve(order, case_type=case.type, reason=case.reason, category=category, at=at)
            for category in sorted(categories)
        ]
    return Limits(
        *(
            _strictest(rules, rule)
            for rule in (RETURNLESS, INSTANT, automatic_decisions.SMALL, automatic_decisions.AUTHORISED)
        )
    )


def _strictest(rules: list[Policy], rule: str) -> Decimal:
    return min(getattr(policy, rule) for policy in rules)


def _request(case: Case, at: datetime) -> Request:
    facts = CaseFacts(case, POLICY, Role.POLICY, at)
    return Request(
        type=case.type,
        goods_state=case.goods_state,
        amount=case.requested_amount + case.freight_held,
        sends_first=case.dispatches_first,
        has_address=guards.return_address_known(case, POLICY, Role.POLICY, at, facts) is None,
        is_taken=case_types.of(case.type).pays_for_returns
        and holdings.taken_by_another(case, CaseType.REFUND_ONLY) is not None,
    )


def _standing(case: Case, at: datetime) -> Standing:
    buyer = _locked_buyer(case.buyer_id)
    payments = list(Payment.objects.filter(order=case.order_id, captured__gt=0))
    return Standing(
        buyer_id=buyer.pk,
        level=buyer.level,
        methods=frozenset(payment.method for payment in payments),
        has_instalments=case.order.surcharge_amount > 0
        or any(payment.method == Method.INSTALMENTS or payment.instalment_count > 1 for payment in payments),
        record=case_risk.record(case, at),
        outstanding=outstanding(buyer.pk, case.currency),
    )


def _locked_buyer(buyer_id: int) -> Buyer:
    """Whoever decides for the same buyer waits: what each counts includes what the other has promised.

    Not a full lock: orders and cases of the buyer are stored meanwhile, and refer to the row.
    """
    return Buyer.objects.select_for_update(no_key=True).get(pk=buyer_id)


def outstanding(buyer_id: int, currency: str) -> Decimal:
    """Money promised or paid before the goods came, of open cases, and what ended ones still ask back."""
    total = Coalesce(Sum("requested_amount"), Value(ZERO), output_field=DecimalField())
    mine = Q(buyer=buyer_id, currency=currency, instant_at__isnull=False)
    # What a buyer keeps after an ended case is a clawback until it is paid, and counts like money that is out.
    waiting = Case.objects.filter(mine, closed_at__isnull=True).aggregate(total=total)["total"]
    owed = Receivable.objects.filter(
        case__buyer=buyer_id, currency=currency, kind=Receivable.Kind.CLAWBACK, status=Receivable.Status.OPEN
    ).aggregate(total=Coalesce(Sum("amount"), Value(ZERO), output_field=DecimalField()))["total"]
    return Decimal(waiting) + Decimal(owed)
