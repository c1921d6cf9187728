"""Converting a case: it ends, and one of another type goes on with what both hold."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext as _

from aftersales.actions import deadlines, gate
from aftersales.actions.cases import application_records, applications, decisions, holdings, successors
from aftersales.actions.cases.applications import Application, Wanted
from aftersales.actions.effects import Made, MoveContext
from aftersales.models import Case, CaseLine, Deadline, Policy
from aftersales.queries.policies import calendars
from aftersales.rules.actor import Actor
from aftersales.rules.cases import case_types, chains, division
from aftersales.rules.vocabulary import ChangeKind, DeadlineKind
from orders import entitlement, money
from orders.entitlement import Claim
from orders.models import Order, OrderLine
from orders.refusals import Refused

ZERO = Decimal(0)


@gate.transactional
def convert(
    case_id: int,
    asked: Application,
    *,
    by: Actor,
    at: datetime,
    why: str = "",
    version: int | None = None,
) -> Case:
    """Go on with the request as another type; answers the new case, which waits for the merchant.

    What both types hold is never free in between; an application without lines asks for all that the case is about.
    NotEntitled or Refused says what the new type needs and can not have.
    """
    case, (new, promises) = gate.move_making(
        case_id,
        "convert",
        effect=partial(_continue_as, asked),
        by=by,
        at=at,
        version=version,
        why=why,
        data={"type": str(asked.type)},
    )
    successors.answered(case, new)
    gate.record_linked(
        new,
        "continue",
        role=gate.role_to("convert", by, new),
        by=by,
        at=at,
        plan=promises,
        why=why,
        data={"other": case.number, "round": 1},
        is_new=True,
    )
    return new


def _continue_as(asked: Application, case: Case, context: MoveContext) -> Made[tuple[Case, deadlines.Plan]]:
    lines = _wanted(case, asked)
    application = replace(asked, order_id=case.order_id, lines=lines, description=case.description)
    new = _opened(case, application, context)
    decisions.end(case, at=context.at)
    return Made(data={"other": new.number}, made=(new, _promises(new, context.live, context.at)))


def _wanted(case: Case, asked: Application) -> dict[int, Wanted]:
    """What the new case asks, line by line: what is named, else all that the case is about."""
    if asked.type == case.type:
        raise Refused(_("It is of this type already: choose another one."))
    held = list(case.lines.all())
    if any(line.units_sent for line in held) or (case_types.of(asked.type).returns and case.has_received_units):
        raise Refused(_("Goods have moved already: this case goes on as it is."))
    units = {line.order_line_id: count for line in held if (count := successors.units_of(case, line))}
    if not asked.lines:
        return {pk: Wanted(count) for pk, count in units.items()}
    if not set(asked.lines) <= set(units):
        raise Refused(_("This item is not part of the case."))
    return dict(asked.lines)


def _opened(case: Case, application: Application, context: MoveContext) -> Case:
    """The new case, holding what it needs: the difference to what is held is taken or let go, nothing else moves."""
    order = entitlement.locked_order(case.order_id)
    lines = entitlement.locked_lines(order.pk)
    held, freight_held = holdings.claims_held(case), case.freight_held
    _as_if_free(order, lines, held, freight_held)
    # The version in force when it was first asked, of the rules for the new type.
    policy = applications.policy_for(order, lines, application, case.opened_at)
    applications.refuse_unfit(order, lines, application, policy, context.at, case)
    claims = _claims(case, order, lines, application, policy, held, context.at)
    freight = _freight(case, order, lines, claims, application)
    entitlement.release(order.pk, division.surplus(held, claims), max(freight_held - freight, ZERO))
    entitlement.reserve(order.pk, division.missing(held, claims), max(freight - freight_held, ZERO))
    parts = {line.order_line_id: root for line in case.lines.all() if (root := successors.root_of(line))}
    CaseLine.objects.filter(case=case).update(units_held=0, amount_held=ZERO)
    case.freight_held = ZERO
    new = application_records.store(
        order, lines, application, policy, claims, freight, role=context.role, by=context.by, at=context.at
    )
    for order_line, root in parts.items():
        CaseLine.objects.filter(case=new, order_line=order_line).update(origin=root)
    successors.keep(case, new)
    return new


def _as_if_free(order: Order, lines: Mapping[int, OrderLine], held: Sequence[Claim], freight: Decimal) -> None:
    """What could be asked if the case held nothing; in memory only, nobody else can take it."""
    order.freight_reserved -= freight
    for claim in held:
        lines[claim.line_id].units_reserved -= claim.units
        lines[claim.line_id].amount_reserved -= claim.amount


def _claims(
    case: Case,
    order: Order,
    lines: Mapping[int, OrderLine],
    application: Application,
    policy: Policy,
    held: Sequence[Claim],
    at: datetime,
) -> list[Claim]:
    both = chains.of(case).holds_units and case_types.of(application.type).holds_units
    before, carried, rest = {claim.line_id: claim for claim in held}, [], {}
    for pk, wanted in application.lines.items():
        mine = before[pk]
        if both and wanted.units == mine.units and wanted.amount in (None, mine.amount):
            carried.append(mine if not case_types.of(application.type).sends else _in_full(order, lines[pk], mine))
        else:
            rest[pk] = wanted
    if not rest and carried:
        return carried
    return carried + applications.claims_of(order, lines, replace(application, lines=rest), policy, at)


def _in_full(order: Order, line: OrderLine, held: Claim) -> Claim:
    """What is sent for units is worth all of their price, also where less was asked for before."""
    share = money.share_of_units(
        line.paid_amount, line.quantity, held.units, line.units_left, line.amount_left, order.currency
    )
    return Claim(held.line_id, held.units, max(share, held.amount))


def _freight(
    case: Case, order: Order, lines: Mapping[int, OrderLine], claims: Sequence[Claim], application: Application
) -> Decimal:
    freight = applications.freight_held(order, lines, claims, application)
    units = sum(line.units_held for line in case.lines.all())
    unchanged = sum(claim.units for claim in claims) == units and case_types.of(application.type).holds_units
    if unchanged and order.shipped_at is None and application.change != ChangeKind.ADDRESS:
        return max(freight, case.freight_held)
    return freight


def _promises(new: Case, running: Sequence[Deadline], at: datetime) -> deadlines.Plan:
    """Nobody gets new time by a mere change of type; after a rejection the merchant is asked anew."""
    calendar = calendars.current()
    answer = next((each for each in running if each.kind == DeadlineKind.MERCHANT_RESPONSE), None)
    if answer is None:
        return deadlines.plan(new, [], at=at, calendar=calendar)
    kept = deadlines.handed_on(answer, new, at=at, calendar=calendar)
    return deadlines.Plan(started=[kept], running=[kept])
