"""Returned goods are inspected, unit by unit; when nobody does so in time, they count as good."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from django.db.models import F
from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.actions.cases import decisions, on_enter
from aftersales.actions.disputes import findings as faults
from aftersales.actions.disputes import hearings
from aftersales.actions.disputes.findings import FaultFound
from aftersales.actions.effects import MoveContext, Outcome
from aftersales.actions.refunds import carrier_claims
from aftersales.actions.returns import inspected_units, missing_gifts
from aftersales.actions.returns.goods import goods_claims
from aftersales.actions.returns.inspected_units import Finding as Finding
from aftersales.models import Case, RejectReason
from aftersales.queries.returns import arrivals, serials
from aftersales.rules.actor import Actor
from aftersales.rules.disputes import rejections
from aftersales.rules.disputes.rejections import Inspected
from aftersales.rules.returns import dispositions
from aftersales.rules.vocabulary import Condition, Role
from logistics import stock
from orders.refusals import Refused


@gate.transactional
def pass_inspection(
    case_id: int,
    findings: Sequence[Finding] = (),
    *,
    by: Actor,
    at: datetime,
    gifts: Mapping[int, int] | None = None,
    fault: FaultFound | None = None,
    version: int | None = None,
) -> Case:
    """Pay for the accepted units; when the clock passes it, for all received ones.

    `gifts` are units of the order's gifts that did not come back, by order line; `fault` is what the goods show about
    whose fault it is, in place of what the reason presumes.
    """
    result, why = partial(_pass, findings, gifts or {}, fault), fault.why if fault else ""
    case = gate.move(case_id, "pass_inspection", effect=result, by=by, at=at, version=version, why=why)
    case = on_enter.run(case, by=by, at=at)
    carrier_claims.insure(case, at=at)
    # Last, because the stock ledger is locked after refunds; after silence nobody knows where the goods went.
    role = gate.role_to("pass_inspection", by, case)
    if role != Role.CLOCK:
        goods_claims.claim(case, at=at)
        _take_in(case, findings, by=by, role=role, at=at)
    return case


def _pass(
    findings: Sequence[Finding], gifts: Mapping[int, int], fault: FaultFound | None, case: Case, context: MoveContext
) -> Outcome:
    if context.role == Role.CLOCK:
        case.lines.update(units_accepted=F("units_received"))
        return Outcome()
    _refuse_without_proof(case, findings)
    inspected_units.record(case, findings, context)
    if not any(finding.is_accepted for finding in findings):
        raise Refused(_("No unit was accepted: fail the inspection instead."))
    missing_gifts.record(case, gifts)
    return Outcome(data=faults.inspected(case, fault))


@gate.transactional
def lapse(case_id: int, *, by: Actor, at: datetime) -> Case:
    """Nobody inspected in time: the goods pass, unless something is on record against them."""
    found = arrivals.against(gate.locked(case_id))
    if found:
        next_one = partial(hearings.give_to_next, tells_all=True)
        return gate.move(case_id, "refer_inspection", effect=next_one, by=by, at=at, data={"found": found})
    return pass_inspection(case_id, by=by, at=at)


@gate.transactional
def fail_inspection(
    case_id: int,
    findings: Sequence[Finding],
    *,
    by: Actor,
    at: datetime,
    reason: RejectReason,
    note: str = "",
    fault: FaultFound | None = None,
    version: int | None = None,
) -> Case:
    """Accept nothing that came back; a reason and, where it asks for them, photos as proof are mandatory."""
    refusal = partial(_fail, findings, reason, note, fault)
    data = {"reason": reason.code}
    return gate.move(case_id, "fail_inspection", effect=refusal, by=by, at=at, version=version, why=note, data=data)


def _fail(
    findings: Sequence[Finding],
    reason: RejectReason,
    note: str,
    fault: FaultFound | None,
    case: Case,
    context: MoveContext,
) -> Outcome:
    inspected_units.record(case, findings, context)
    if any(finding.is_accepted for finding in findings):
        raise Refused(_("Some units were accepted: pass the inspection for those."))
    _refuse_untrue(case, findings, reason)
    proofs = sum(len(finding.photos) for finding in findings)
    decisions.close_round(case, reason, note, proofs, at=context.at)
    _take_in(case, findings, by=context.by, role=context.role, at=context.at)
    return Outcome(data=faults.inspected(case, fault))


def _refuse_untrue(case: Case, findings: Sequence[Finding], reason: RejectReason) -> None:
    """The reason is borne out by how the units were found."""
    swapped = frozenset(each.serial for each in findings if each.condition == Condition.SWAPPED and each.serial)
    seen = Inspected(
        conditions=frozenset(str(each.condition) for each in findings),
        tags_cut=not all(each.tags_intact for each in findings),
        came=any(each.condition != Condition.EMPTY for each in findings),
        serials=swapped,
        known=serials.known(case) if swapped else frozenset(),
    )
    untrue = rejections.untrue_of_goods(reason, seen)
    if untrue:
        raise Refused(untrue)


def _refuse_without_proof(case: Case, findings: Sequence[Finding]) -> None:
    """What the reason asked of the buyer as proof is asked of the warehouse too: a photo of each kind that is bad."""
    if not case.reason.needs_photo:
        return
    bad = [finding for finding in findings if finding.condition in dispositions.PROVED]
    shown = {(finding.line_id, finding.condition) for finding in bad if finding.photos}
    for finding in bad:
        if (finding.line_id, finding.condition) not in shown:
            raise Refused(
                _("“%(reason)s” needs proof: add a photo of what was found as “%(condition)s”.")
                % {"reason": case.reason.name, "condition": Condition(finding.condition).label}
            )


def _take_in(case: Case, findings: Sequence[Finding], *, by: Actor, role: Role, at: datetime) -> None:
    """Hand every inspected unit over to stock, by its disposition; an empty parcel has none."""
    goods = {line.pk: line.order_line for line in case.all_lines}
    units_by_fate = Counter(
        (goods[each.line_id].sku, each.line_id, each.disposition, each.serial)
        for each in findings
        if each.condition != Condition.EMPTY
    )
    # Sorted by SKU: the order in which the stock ledger locks its items.
    for (sku, line_id, disposition, serial), units in sorted(units_by_fate.items()):
        facts = stock.MovementFacts(at, role, case.number, by_id=by.user_id, serial=serial)
        stock.take_in(case.merchant_id, sku, units, disposition, facts, title=goods[line_id].title)


@gate.transactional
def presume_received(case_id: int, *, by: Actor, at: datetime) -> Case:
    """Nobody received the return in time: everything that was asked back counts as received and good."""
    case = gate.move(case_id, "presume_received", effect=_presume_good, by=by, at=at)
    case = on_enter.run(case, by=by, at=at)
    carrier_claims.insure(case, at=at)
    return case


def _presume_good(case: Case, context: MoveContext) -> None:
    case.lines.update(units_received=F("units_held"), units_accepted=F("units_held"))
