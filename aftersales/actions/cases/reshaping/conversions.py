"""Converting a case: it ends, and one of another type goes on with what both hold."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext as _

from aftersales.actions import case_log, deadlines, gate
from aftersales.actions.cases import applications, assessments, decisions, holdings, stored_cases
from aftersales.actions.cases.applications import Application, Assessment, Wanted
from aftersales.actions.cases.holdings import Holding
from aftersales.actions.cases.reshaping import successors
from aftersales.actions.effects import Linked, Made, MoveContext
from aftersales.actions.returns.goods import goods_owed
from aftersales.models import Case, CaseLine
from aftersales.rules.actor import Actor
from aftersales.rules.cases import chains, division
from aftersales.rules.vocabulary import ChangeKind, DeadlineKind
from orders import entitlement, unit_prices
from orders.entitlement import Claim
from orders.models import Order, OrderLine
from orders.refusals import Refused

ZERO = Decimal(0)


@gate.transactional
def convert(
    case_id: int, application: Application, *, by: Actor, at: datetime, why: str = "", version: int | None = None
) -> Case:
    """Go on with the request as another type; answers the new case, which waits for the merchant.

    What both types hold is never free in between; an application without lines asks for all that the case is about.
    NotEntitled or Refused says what the new type needs and can not have.
    """
    effect, data = partial(_continue_as, application), {"type": str(application.type)}
    case, (new, plan) = gate.move_making(
        case_id, "convert", effect=effect, by=by, at=at, version=version, why=why, data=data
    )
    successors.answered(case, new)
    linked = Linked("continue", gate.role_to("convert", by, new), plan, {"other": case.number, "round": 1})
    case_log.linked(new, linked, by=by, at=at, why=why, is_new=True)
    return new


def _continue_as(application: Application, case: Case, context: MoveContext) -> Made[tuple[Case, deadlines.Plan]]:
    lines = _wanted(case, application)
    new = _opened(
        case, replace(application, order_id=case.order_id, lines=lines, description=case.description), context
    )
    decisions.end(case, at=context.at)
    return Made(data={"other": new.number}, made=(new, _deadlines(new, context)))


def _wanted(case: Case, application: Application) -> dict[int, Wanted]:
    """What the new case asks, line by line: what is named, else all that the case is about."""
    held = list(case.lines.all())
    _refuse_impossible(case, held, application)
    units = {line.order_line_id: count for line in held if (count := successors.units_of(case, line))}
    if not application.lines:
        return {pk: Wanted(count) for pk, count in units.items()}
    if not set(application.lines) <= set(units):
        raise Refused(_("This item is not part of the case."))
    return dict(application.lines)


def _refuse_impossible(case: Case, held: Sequence[CaseLine], application: Application) -> None:
    if application.type == case.type:
        raise Refused(_("It is of this type already: choose another one."))
    if any(line.units_sent for line in held) or (application.record.returns and case.has_received_units):
        raise Refused(_("Goods have moved already: this case goes on as it is."))


def _opened(case: Case, application: Application, context: MoveContext) -> Case:
    """The new case, holding what it needs: the difference to what is held is taken or let go, nothing else moves."""
    before = Holding(holdings.claims_held(case), case.freight_held)
    assessment = _assessment(case, application, before, context)
    assessments.refuse_unfit(assessment)
    claims = _claims(case, assessment, before.claims)
    holding = Holding(claims, _freight(case, assessment, claims))
    _exchange(case, before, Holding(assessments.held_of(application, claims), holding.freight))
    # Ending it frees what it holds; all of that is the new one's by now, or was let go.
    CaseLine.objects.filter(case=case).update(units_held=0, amount_held=ZERO)
    case.freight_held = ZERO
    new = stored_cases.create(assessment, holding, role=context.role, by=context.by)
    successors.keep(case, new)
    goods_owed.hand_over(case, new)
    return new


def _assessment(case: Case, application: Application, before: Holding, context: MoveContext) -> Assessment:
    """As if the case held nothing, and by the rules of the new type that were in force when it was first asked."""
    order = entitlement.locked_order(case.order_id)
    lines = entitlement.locked_lines(order.pk)
    _as_if_free(order, lines, before)
    # By the date of the first application: converting must neither win nor lose a buyer better rules.
    rules = applications.rules_for(order, lines, application, case.opened_at)
    return Assessment(order, lines, application, rules, context.calendar, context.at, case)


def _exchange(case: Case, before: Holding, after: Holding) -> None:
    surplus = division.surplus(before.claims, after.claims)
    entitlement.release(case.order_id, surplus, max(before.freight - after.freight, ZERO))
    missing = division.missing(before.claims, after.claims)
    entitlement.reserve(case.order_id, missing, max(after.freight - before.freight, ZERO))


def _as_if_free(order: Order, lines: Mapping[int, OrderLine], held: Holding) -> None:
    """What could be asked if the case held nothing; in memory only, nobody else can take it."""
    order.freight_reserved -= held.freight
    for claim in held.claims:
        lines[claim.line_id].units_reserved -= claim.units
        lines[claim.line_id].amount_reserved -= claim.amount


def _claims(case: Case, assessment: Assessment, held: Sequence[Claim]) -> list[Claim]:
    """What is asked unchanged goes over as it is held; the rest is worked out as for a new application."""
    mine = {claim.line_id: claim for claim in held}
    wanted = assessment.application.lines
    unchanged = {pk for pk, each in wanted.items() if _goes_over(case, assessment, each, mine[pk])}
    carried = [_carried(assessment, mine[pk]) for pk in wanted if pk in unchanged]
    rest = {pk: each for pk, each in wanted.items() if pk not in unchanged}
    if not rest and carried:
        return carried
    remaining = replace(assessment, application=replace(assessment.application, lines=rest))
    return carried + assessments.claims_of(remaining)


def _goes_over(case: Case, assessment: Assessment, wanted: Wanted, held: Claim) -> bool:
    # Carried over to the fen: priced anew, a unit could cost another share than the one that is held.
    both = chains.of(case).holds_units and assessment.application.record.holds_units
    return both and wanted.units == held.units and wanted.amount in (None, held.amount)


def _carried(assessment: Assessment, held: Claim) -> Claim:
    """What is sent for units is worth all of their price, also where less was asked for before."""
    if not assessment.application.record.sends:
        return held
    line = assessment.lines[held.line_id]
    share = unit_prices.worth(line, held.units, assessment.order.currency)
    return Claim(held.line_id, held.units, max(share, held.amount))


def _freight(case: Case, assessment: Assessment, claims: Sequence[Claim]) -> Decimal:
    """What the new case holds of the freight: no less than the old one while the same units are to come back."""
    freight = assessments.freight_held(assessment, claims)
    units = sum(line.units_held for line in case.lines.all())
    unchanged = sum(claim.units for claim in claims) == units and assessment.application.record.holds_units
    changes_address = assessment.application.change == ChangeKind.ADDRESS
    if unchanged and assessment.order.dispatched is None and not changes_address:
        return max(freight, case.freight_held)
    return freight


def _deadlines(new: Case, context: MoveContext) -> deadlines.Plan:
    """Nobody gets new time by a mere change of type; after a rejection the merchant is asked anew."""
    at, calendar = context.at, context.calendar
    answer = next((each for each in context.live if each.kind == DeadlineKind.MERCHANT_RESPONSE), None)
    if answer is None:
        return deadlines.plan(new, [], at=at, calendar=calendar)
    handed_on = deadlines.handed_on(answer, new, at=at, calendar=calendar)
    return deadlines.Plan(started=[handed_on], running=[handed_on])
