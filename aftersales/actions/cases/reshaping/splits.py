"""Splitting a case: some of its units go on in a case of their own, in the same state and on the same terms."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.db.models import F
from django.db.models.base import ModelState
from django.utils.translation import gettext as _

from aftersales.actions import case_log, gate
from aftersales.actions.cases import rounds, stored_cases
from aftersales.actions.cases.reshaping import successors
from aftersales.actions.deadlines import Plan
from aftersales.actions.effects import Linked, Made, MoveContext
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
    case_id: int, units: Mapping[int, int], *, by: Actor, at: datetime, why: str = "", version: int | None = None
) -> Case:
    """Take units (case line → how many, not all) with their exact share of the money into a new case; answers it.

    The new case stands where this one stands: same state, same round, same deadlines. Freight stays.
    """
    taken = {pk: count for pk, count in units.items() if count}
    effect, data = partial(_take_out, taken), {"units": sum(taken.values())}
    case, (new, plan) = gate.move_making(
        case_id, "split", effect=effect, by=by, at=at, version=version, why=why, data=data
    )
    successors.answered(case, new)
    linked = Linked("split_off", gate.role_to("split", by, new), plan, {"other": case.number, **data})
    case_log.linked(new, linked, by=by, at=at, why=why, is_new=True)
    return new


def _take_out(taken: Mapping[int, int], case: Case, context: MoveContext) -> Made[tuple[Case, Plan]]:
    lines = list(case.lines.order_by("order_line_id"))
    _refuse_impossible(case, lines, taken)
    new = successors.twin(case, at=context.at)
    _divide(case, new, lines, taken)
    _carry_round(case, new)
    return Made(data={"other": new.number}, made=(new, successors.same_deadlines(context.live, new)))


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
    """Lines, and all sums of the case, exactly: by money; by units where no money of the lines is asked."""
    sold = entitlement.locked_lines(case.order_id)
    asked, units = sum((line.amount for line in lines), ZERO), sum(line.units for line in lines)
    gone = sum((_moved(case, new, line, sold[line.order_line_id], taken.get(line.pk, 0)) for line in lines), ZERO)
    by_units = _Weights(Decimal(units - sum(taken.values())), Decimal(sum(taken.values())))
    by_money = _Weights(asked - gone, gone) if asked else by_units
    left, along = by_units.share(case.requested_amount - asked, case.currency)
    new.requested_amount, case.requested_amount = gone + along, asked - gone + left
    if case.agreed_amount is not None:
        case.agreed_amount, new.agreed_amount = by_money.share(case.agreed_amount, case.currency)
    _share_offer(case, new, replace(by_money, stays=by_money.stays + case.freight_held))
    _name_anew((case, new), sold)


@dataclass(frozen=True)
class _Weights:
    """In which proportion a sum of the whole case is shared."""

    stays: Decimal
    goes: Decimal

    def share(self, total: Decimal, currency: str) -> tuple[Decimal, Decimal]:
        return division.shared(total, self.stays, self.goes, currency)


def _name_anew(cases: Sequence[Case], sold: Mapping[int, OrderLine]) -> None:
    for each in cases:
        lines = each.lines.order_by("order_line_id").values_list("order_line_id", flat=True)
        each.subject = stored_cases.subject_of([sold[pk] for pk in lines])


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
    part = _part(line, new, units, amount)
    CaseLine.objects.filter(pk=line.pk).update(
        units=F("units") - units,
        amount=F("amount") - amount,
        units_held=F("units_held") - part.units_held,
        amount_held=F("amount_held") - part.amount_held,
    )
    part.save(force_insert=True)
    return amount


def _part(line: CaseLine, new: Case, units: int, amount: Decimal) -> CaseLine:
    """A line of the new case, not saved yet, that holds of the units and the money what goes along."""
    part = copy.copy(line)
    part._state = ModelState()
    part.pk, part.case = None, new
    part.units, part.amount = units, amount
    part.units_held, part.amount_held = (units if line.units_held else 0), (amount if line.amount_held else ZERO)
    return part


def _share_offer(case: Case, new: Case, weights: _Weights) -> None:
    """What the buyer was offered for all of it is offered for each of the two, exactly shared."""
    whole = case.offers.filter(status=Offer.Status.OPEN).first()
    if whole is None:
        return
    parts = weights.share(whole.amount, case.currency)
    Offer.objects.filter(pk=whole.pk).update(status=Offer.Status.VOID, answered_at=new.moved_at)
    for owner, amount in zip((case, new), parts, strict=True):
        copied = copy.copy(whole)
        copied._state = ModelState()
        copied.pk, copied.case, copied.amount = None, owner, amount
        copied.save(force_insert=True)


def _carry_round(case: Case, new: Case) -> None:
    """The application as far as it is about the new case; it was made once and counts once."""
    made = case.rounds.get(number=case.round_number)
    carried = rounds.begin(
        new,
        new.lines.select_related("order_line"),
        number=made.number,
        role=Role(made.applied_role),
        at=made.applied_at,
    )
    Round.objects.filter(pk=carried.pk).update(
        is_carried=True,
        outcome=made.outcome,
        reject_reason=made.reject_reason,
        reject_note=made.reject_note,
        decided_at=made.decided_at,
    )
