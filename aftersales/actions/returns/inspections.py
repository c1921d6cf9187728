"""Returned goods are inspected, unit by unit; when nobody does so in time, they count as good."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import F, Max
from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.actions.cases import decisions, on_enter
from aftersales.actions.disputes import evidence, hearings
from aftersales.actions.disputes import findings as faults
from aftersales.actions.disputes.findings import FaultFound
from aftersales.actions.effects import MoveContext, Outcome
from aftersales.actions.refunds import carrier_claims
from aftersales.actions.returns import missing_gifts
from aftersales.actions.returns.goods import goods_claims, goods_owed
from aftersales.models import Case, CaseLine, InspectedUnit, RejectReason
from aftersales.queries.returns import arrivals, serials
from aftersales.rules.actor import Actor
from aftersales.rules.cases import chains
from aftersales.rules.disputes import rejections
from aftersales.rules.disputes.photo import Photo
from aftersales.rules.disputes.rejections import Inspected
from aftersales.rules.returns import dispositions
from aftersales.rules.vocabulary import Condition, Disposition, Role
from logistics import stock
from orders.refusals import Refused


@dataclass(frozen=True)
class Finding:
    """How the warehouse found one unit, and where the unit goes."""

    line_id: int
    condition: Condition
    disposition: Disposition
    is_accepted: bool
    serial: str = ""
    tags_intact: bool = True
    note: str = ""
    photos: Sequence[Photo] = field(default_factory=tuple)


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
    _record_findings(case, findings, context)
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
    _record_findings(case, findings, context)
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


def _record_findings(case: Case, findings: Sequence[Finding], context: MoveContext) -> None:
    lines = case.all_lines
    by_line = {line.pk: [each for each in findings if each.line_id == line.pk] for line in lines}
    for line in lines:
        _refuse_other_count(by_line[line.pk], line)
    for finding in findings:
        _refuse_contradiction(case, finding)
    # Counted on from earlier inspections: a case that was refused and applied for again has several.
    earlier = InspectedUnit.objects.filter(case_line__case=case).values("case_line").annotate(last=Max("index"))
    last = dict(earlier.values_list("case_line", "last"))
    units = InspectedUnit.objects.bulk_create(
        _unit(case, line_id, index, finding, context)
        for line_id, of_line in by_line.items()
        for index, finding in enumerate(of_line, start=last.get(line_id, 0) + 1)
    )
    _store_photos(case, units, [finding for of_line in by_line.values() for finding in of_line], context)
    for line in lines:
        _count(line, by_line[line.pk])


def _count(line: CaseLine, findings: Sequence[Finding]) -> None:
    CaseLine.objects.filter(pk=line.pk).update(units_accepted=sum(finding.is_accepted for finding in findings))
    there = sum(finding.condition != Condition.EMPTY for finding in findings)
    goods_owed.found_empty(line, max(line.units_received - there, 0))


def _refuse_other_count(findings: Sequence[Finding], line: CaseLine) -> None:
    if not _covers(findings, line):
        raise Refused(
            _("%(title)s: %(received)d units were received, %(seen)d were inspected.")
            % {"title": line.order_line.title, "received": line.units_received, "seen": len(findings)}
        )


def _covers(findings: Sequence[Finding], line: CaseLine) -> bool:
    """One finding per received unit; beyond those only empty ones, for units that never came."""
    extra = len(findings) - line.units_received
    empty = sum(finding.condition == Condition.EMPTY for finding in findings)
    return extra == 0 or 0 < extra <= min(empty, line.units - line.units_received)


def _unit(case: Case, line_id: int, index: int, finding: Finding, context: MoveContext) -> InspectedUnit:
    return InspectedUnit(
        case_line_id=line_id,
        round_number=case.round_number,
        index=index,
        inspected_by_id=context.by.user_id,
        inspected_at=context.at,
        **_fields(finding),
    )


def _store_photos(
    case: Case, units: Sequence[InspectedUnit], findings: Sequence[Finding], context: MoveContext
) -> None:
    for unit, finding in zip(units, findings, strict=True):
        if finding.photos:
            evidence.store(
                case, finding.photos, role=context.role, user_id=context.by.user_id, at=context.at, unit=unit
            )


def _refuse_contradiction(case: Case, finding: Finding) -> None:
    said = dispositions.contradiction(
        finding.condition, finding.disposition, is_accepted=finding.is_accepted, repairs=chains.of(case).repairs
    )
    if said:
        raise Refused(said)


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


def _fields(finding: Finding) -> dict[str, Any]:
    names = ("condition", "serial", "tags_intact", "disposition", "is_accepted", "note")
    return {name: getattr(finding, name) for name in names}


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
