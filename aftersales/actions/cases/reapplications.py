"""A new round of a case: asked again after a rejection, or taken up again by a supervisor."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from aftersales.actions import current_goods
from aftersales.actions.cases import applications, assessments, holdings, rounds, stored_cases
from aftersales.actions.cases.applications import Application, Assessment, Rules
from aftersales.actions.cases.holdings import Holding
from aftersales.actions.disputes import evidence, findings
from aftersales.actions.effects import MoveContext
from aftersales.actions.refunds import instant_recovery
from aftersales.actions.returns.goods import goods_owed
from aftersales.models import Case, CaseLine
from aftersales.queries.policies import item_policies
from aftersales.rules.cases import chains, goods_moved, return_window
from aftersales.rules.vocabulary import IN_KIND, Role
from orders import entitlement, receipt
from orders.entitlement import Claim
from orders.models import Order, OrderLine
from orders.refusals import Refused

ZERO = Decimal(0)


def ask_again(application: Application, case: Case, context: MoveContext) -> None:
    """The effect of applying again: what the case held is exchanged for what the new application asks."""
    # Let go first: what the case holds itself must not stand against it. All is undone where it is refused.
    paid_freight = case.freight_held if case.advanced_at is not None else ZERO
    holdings.let_go(case)
    findings.forget(case)
    order = entitlement.locked_order(case.order_id)
    lines = entitlement.locked_lines(order.pk)
    rules = _rules(case, order, lines, application)
    assessment = Assessment(order, lines, application, rules, context.calendar, context.at, case)
    holding = _reserved(assessment, case, paid_freight)
    case.goods_state = return_window.goods_state(order, context.at)
    stored_cases.change(case, assessment, holding)
    rounds.begin(
        case, case.lines.select_related("order_line"), number=case.round_number + 1, role=context.role, at=context.at
    )
    if application.photos:
        evidence.store(case, application.photos, role=Role.BUYER, user_id=context.by.user_id, at=context.at)


def _rules(case: Case, order: Order, lines: Mapping[int, OrderLine], application: Application) -> Rules:
    """The case keeps its policy, and an item that is asked for as before its own; others get that of the first day."""
    first = applications.rules_for(order, lines, application, case.opened_at)
    is_same = (application.type, application.reason) == (case.type, case.reason)
    kept = item_policies.of(case) if is_same else {}
    return Rules(case.policy, {pk: kept.get(pk, policy) for pk, policy in first.of_items.items()})


def _reserved(assessment: Assessment, case: Case, paid_freight: Decimal) -> Holding:
    """What is asked now; freight that was paid ahead stays held, whatever is asked."""
    claims = assessments.claims_of(assessment)
    assessments.refuse_unfit(assessment)
    assessments.refuse_too_many(assessment)
    freight = max(assessments.freight_held(assessment, claims), paid_freight)
    instant_recovery.refuse_below_paid(case, claims, freight, holds_units=assessment.application.record.holds_units)
    entitlement.reserve(assessment.order.pk, assessments.held_of(assessment.application, claims), freight)
    return Holding(claims, freight)


def take_up_again(case: Case, context: MoveContext) -> None:
    """The effect of reopening: the case asks for what is left of its lines, in a round of its own."""
    order = entitlement.locked_order(case.order_id)
    lines = entitlement.locked_lines(order.pk)
    claims = _claims_left(case, lines)
    before = goods_moved.follow(case, return_window.goods_state(order, context.at))
    if before is not None and before.became_return(case):
        current_goods.settle(case, before)
    findings.forget(case)
    case.freight_held = assessments.freight_of(order, lines, claims, wanted=False, type=case.type)
    is_in_kind = case.given_as in IN_KIND
    entitlement.reserve(order.pk, [] if is_in_kind else claims, case.freight_held)
    _hold_anew(case, claims, is_in_kind=is_in_kind)
    goods_owed.take_up(case, at=context.at)
    rounds.begin(
        case,
        case.lines.select_related("order_line"),
        number=case.round_number + 1,
        role=Role.SUPERVISOR,
        at=context.at,
        is_reopening=True,
    )
    receipt.hold(order.pk, at=context.at)


def _claims_left(case: Case, lines: Mapping[int, OrderLine]) -> list[Claim]:
    claims = [_left_of(case, line, lines[line.order_line_id]) for line in case.lines.all()]
    if not any(claim.units or claim.amount for claim in claims):
        raise Refused(_("Nothing of these items is left to give back."))
    holdings.refuse_taken(case, case.type)
    return claims


def _left_of(case: Case, line: CaseLine, sold: OrderLine) -> Claim:
    units = min(line.units - line.units_settled, sold.units_left) if chains.of(case).holds_units else 0
    amount = min(line.amount - line.amount_settled - line.amount_in_kind, sold.amount_left)
    return Claim(line.order_line_id, max(units, 0), max(amount, ZERO))


def _hold_anew(case: Case, claims: Sequence[Claim], *, is_in_kind: bool) -> None:
    """The lines ask for what is left, as if nothing had come back or been sent yet."""
    gone = {"units_received": 0, "units_accepted": 0, "units_sent": 0, "use_days": 0}
    for claim in claims:
        CaseLine.objects.filter(case=case, order_line=claim.line_id).update(
            units_held=claim.units, amount_held=ZERO if is_in_kind else claim.amount, amount=claim.amount, **gone
        )
    case.replacement_failed_at = case.choice_offered_at = case.instant_at = case.advanced_at = None
    case.requested_amount, case.agreed_amount = sum((claim.amount for claim in claims), ZERO), None
