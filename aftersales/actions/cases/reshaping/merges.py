"""Merging two undecided cases of an order: one ends, the other goes on with the lines of both."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.db.models import F
from django.utils.translation import gettext as _

from aftersales.actions import case_log, gate
from aftersales.actions.cases import decisions, stored_cases
from aftersales.actions.cases.reshaping import successors
from aftersales.actions.deadlines import Plan
from aftersales.actions.effects import Linked, Made, MoveContext
from aftersales.models import Case, CaseLine, Deadline, Offer
from aftersales.queries import locking
from aftersales.queries.cases import case_links
from aftersales.rules.actor import Actor
from aftersales.rules.cases import chains
from aftersales.rules.vocabulary import CloseReason, DeadlineStatus
from orders import entitlement
from orders.refusals import Refused

ZERO = Decimal(0)
ALIKE = ("order_id", "type", "status", "given_as", "change", "dispatches_first")


@gate.transactional
def merge(case_id: int, into_id: int, *, by: Actor, at: datetime, why: str = "", version: int | None = None) -> Case:
    """End a case in favour of another one of the same order, type and state; answers the one that goes on.

    Lines and what they hold move exactly; of two deadlines the earlier one stays.
    """
    # Two people who merge the two into each other take the locks in one order.
    for pk in sorted({case_id, into_id}):
        gate.locked(pk)
    into = gate.locked(into_id)
    effect, data = partial(_give_up, into), {"other": into.number}
    case, (lines, plan) = gate.move_making(
        case_id, "merge", effect=effect, by=by, at=at, version=version, why=why, data=data
    )
    _take_over(into, lines)
    linked = Linked("take_over", gate.role_to("merge", by, into), plan, {"other": case.number})
    case_log.linked(into, linked, by=by, at=at, why=why)
    return into


def _give_up(into: Case, case: Case, context: MoveContext) -> Made[tuple[list[CaseLine], Plan]]:
    """The case ends, all that it holds goes over; its lines follow once it is closed."""
    gate.role_to("merge", context.by, into)
    lines = list(case.lines.order_by("order_line_id"))
    _refuse_unlike(case, into, lines)
    plan = _earlier(locking.live_deadlines({into.pk: into}).get(into.pk, []), context.live)
    entitlement.locked_lines(case.order_id)
    _hand_over(case, into)
    decisions.end(case, at=context.at)
    return Made(made=(lines, plan))


def _hand_over(case: Case, into: Case) -> None:
    """The case holds nothing any more before it ends: ending would free what now belongs to the other one."""
    into.requested_amount += case.requested_amount
    into.freight_held, case.freight_held = into.freight_held + case.freight_held, ZERO
    CaseLine.objects.filter(case=case).update(units_held=0, amount_held=ZERO)
    case.parent = into


def _refuse_unlike(case: Case, into: Case, lines: Sequence[CaseLine]) -> None:
    if case.pk == into.pk:
        raise Refused(_("A case can not be merged into itself."))
    if any(getattr(case, name) != getattr(into, name) for name in ALIKE) or chains.changes_address(case):
        raise Refused(_("Only cases of the same order, type and state can be merged."))
    if _differs(lines, into):
        raise Refused(_("The two ask for different things in place of the same item: they go on apart."))
    if case.offers.filter(status=Offer.Status.OPEN).exists():
        raise Refused(_("An offer stands: it has to be answered first."))
    successors.refuse_begun([*lines, *into.lines.all()])
    # Threads are read upwards along `parent`; a merge would overwrite it.
    if case.parent is not None and _loses_its_story(case.parent, into):
        raise Refused(_("%(number)s continues an earlier case: merge the other one into it.") % {"number": case.number})


def _differs(lines: Sequence[CaseLine], into: Case) -> bool:
    """Whether both are about units of one item and want something else for them: one line has one wish."""
    wishes = {line.order_line_id: _wish(line) for line in into.lines.all()}
    return any(wishes.get(line.order_line_id, _wish(line)) != _wish(line) for line in lines)


def _wish(line: CaseLine) -> tuple[object, ...]:
    return line.wanted_sku, line.wanted_variant, line.wanted_price, line.price_now


def _loses_its_story(before: Case, into: Case) -> bool:
    """Whether what a case continues could no longer be reached from the one that takes it over, or lead to it."""
    return before.close_reason == CloseReason.CONVERTED or before.pk not in case_links.family(into.pk)


def _take_over(into: Case, lines: Iterable[CaseLine]) -> None:
    """The lines of the ended case, as they were held; parts of one line grow together again."""
    there = {line.order_line_id: line for line in into.lines.all()}
    for line in lines:
        if line.order_line_id in there:
            _add_to(there[line.order_line_id], line)
        else:
            _copy_to(into, line)
    mine = into.lines.select_related("order_line").order_by("order_line_id")
    into.subject = stored_cases.subject_of([line.order_line for line in mine])


def _add_to(mine: CaseLine, theirs: CaseLine) -> None:
    CaseLine.objects.filter(pk=mine.pk).update(
        units=F("units") + theirs.units,
        amount=F("amount") + theirs.amount,
        units_held=F("units_held") + theirs.units_held,
        amount_held=F("amount_held") + theirs.amount_held,
    )


def _copy_to(into: Case, line: CaseLine) -> None:
    """The line of the ended case stays there as a record, and holds nothing."""
    line.pk, line.case = None, into
    line._state.adding = True
    line.save(force_insert=True)


def _earlier(mine: Sequence[Deadline], theirs: Sequence[Deadline]) -> Plan:
    """The deadlines of the one that goes on, none later than that of the ended one."""
    plan, others = Plan(), {(each.kind, each.status): each for each in theirs}
    for deadline in mine:
        other = others.get((deadline.kind, deadline.status))
        if other is not None and _is_earlier(other, deadline):
            deadline.due_at, deadline.left = other.due_at, other.left
            plan.changed.append(deadline)
        if deadline.status == DeadlineStatus.PENDING:
            plan.running.append(deadline)
    return plan


def _is_earlier(one: Deadline, other: Deadline) -> bool:
    if one.left is not None and other.left is not None:
        return one.left < other.left
    return one.due_at < other.due_at
