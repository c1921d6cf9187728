"""Splitting a case: some of its units go on in a case of their own, in the same state and on the same terms."""

import copy
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.db.models import F
from django.db.models.base import ModelState
from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.actions.cases import application_records, decisions, successors
from aftersales.actions.deadlines import Plan
from aftersales.actions.effects import Made, MoveContext
from aftersales.models import Case, CaseLine, Offer, Round
from aftersales.rules.actor import Actor
from aftersales.rules.cases import chains, division
from aftersales.rules.vocabulary import Role
from orders import entitlement
from orders.models import OrderLine
from orders.refusals import Refused

ZERO = Decimal(0)


@gate.transactional
def split(
    case_id: int,
    units: Mapping[int, int],
    *,
    by: Actor,
    at: datetime,
    why: str = "",
    version: int | None = None,
) -> Case:
    """Take units (case line → how many, not all) with their exact share of the money into a new case; answers it.

    The new case stands where this one stands: same state, same round, same promises. Freight stays.
    """
    taken = {pk: count for pk, count in units.items() if count}
    told = {"units": sum(taken.values())}
    case, (new, promises) = gate.move_making(
        case_id,
        "split",
        effect=partial(_take_out, taken),
        by=by,
        at=at,
        version=version,
        why=why,
        data=told,
    )
    successors.answered(case, new)
    gate.record_linked(
        new,
        "split_off",
        role=gate.role_to("split", by, new),
        by=by,
        at=at,
        plan=promises,
        why=why,
        data={"other": case.number, **told},
        is_new=True,
    )
    return new


def _take_out(taken: Mapping[int, int], case: Case, context: MoveContext) -> Made[tuple[Case, Plan]]:
    lines = list(case.lines.order_by("order_line_id"))
    _refuse_impossible(case, lines, taken)
    new = successors.twin(case, at=context.at)
    _divide(case, new, lines, taken)
    _carry_round(case, new)
    decisions.void_approvals(case)
    return Made(data={"other": new.number}, made=(new, successors.same_promises(context.live, new)))


def _refuse_impossible(case: Case, lines: Sequence[CaseLine], taken: Mapping[int, int]) -> None:
    successors.refuse_begun(lines)
    if chains.changes_address(case):
        raise Refused(_("An order has one address: this case can not be split."))
    there = {line.pk: successors.units_of(case, line) for line in lines}
    if not taken or not set(taken) <= set(there):
        raise Refused(_("Choose which units go into a case of their own."))
    for pk, count in taken.items():
        if not 0 < count <= there[pk]:
            raise Refused(_("Only %(count)d of it can be taken.") % {"count": there[pk]})
    if sum(taken.values()) == sum(there.values()):
        raise Refused(_("Something has to stay: these are all the units of the case."))


def _divide(case: Case, new: Case, lines: Sequence[CaseLine], taken: Mapping[int, int]) -> None:
    """Lines, and all sums of the case, exactly."""
    sold = entitlement.locked_lines(case.order_id)
    asked = sum((line.amount for line in lines), ZERO)
    beside, in_all = case.requested_amount - asked, sum(line.units for line in lines)
    gone = sum((_moved(case, new, line, sold[line.order_line_id], taken.get(line.pk, 0)) for line in lines), ZERO)
    stays, goes = _weights(asked - gone, gone, in_all - sum(taken.values()), sum(taken.values()))
    left, along = division.shared(beside, in_all - sum(taken.values()), sum(taken.values()), case.currency)
    new.requested_amount, case.requested_amount = gone + along, asked - gone + left
    if case.agreed_amount is not None:
        case.agreed_amount, new.agreed_amount = division.shared(case.agreed_amount, stays, goes, case.currency)
    _share_offer(case, new, stays + case.freight_held, goes)
    for each in (case, new):
        mine = each.lines.order_by("order_line_id").values_list("order_line_id", flat=True)
        each.subject = application_records.subject_of([sold[pk] for pk in mine])


def _weights(stays: Decimal, goes: Decimal, units_stay: int, units_go: int) -> tuple[Decimal, Decimal]:
    """By money; by units where no money of the lines is asked."""
    return (stays, goes) if stays + goes else (Decimal(units_stay), Decimal(units_go))


def _moved(case: Case, new: Case, line: CaseLine, sold: OrderLine, units: int) -> Decimal:
    """Move units of a line with what they hold; answers the money asked that went along."""
    there = successors.units_of(case, line)
    if not units:
        return ZERO
    if units == there:
        CaseLine.objects.filter(pk=line.pk).update(case=new)
        return line.amount
    amount = division.part(
        line.amount, line.units, units, paid=sold.paid_amount, sold=sold.quantity, currency=case.currency
    )
    held = CaseLine.objects.filter(pk=line.pk)
    part = copy.copy(line)
    part._state = ModelState()
    part.pk, part.case, part.origin = None, new, line.root
    part.units, part.amount = units, amount
    part.units_held, part.amount_held = (units if line.units_held else 0), (amount if line.amount_held else ZERO)
    held.update(
        units=F("units") - units,
        amount=F("amount") - amount,
        units_held=F("units_held") - part.units_held,
        amount_held=F("amount_held") - part.amount_held,
    )
    part.save(force_insert=True)
    return amount


def _share_offer(case: Case, new: Case, stays: Decimal, goes: Decimal) -> None:
    """What the buyer was offered for all of it is offered for each of the two, exactly shared."""
    whole = case.offers.filter(status=Offer.Status.OPEN).first()
    if whole is None:
        return
    parts = division.shared(whole.amount, stays, goes, case.currency)
    Offer.objects.filter(pk=whole.pk).update(status=Offer.Status.VOID, answered_at=new.moved_at)
    for owner, amount in zip((case, new), parts, strict=True):
        mine = copy.copy(whole)
        mine._state = ModelState()
        mine.pk, mine.case, mine.amount = None, owner, amount
        mine.save(force_insert=True)


def _carry_round(case: Case, new: Case) -> None:
    """The application as far as it is about the new case; it was made once and counts once."""
    made = case.rounds.get(number=case.round_number)
    carried = application_records.new_round(new, number=made.number, role=Role(made.applied_role), at=made.applied_at)
    Round.objects.filter(pk=carried.pk).update(
        is_carried=True,
        outcome=made.outcome,
        reject_reason=made.reject_reason,
        reject_note=made.reject_note,
        decided_at=made.decided_at,
    )
