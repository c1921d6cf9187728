"""Units as an inspection found them, one row each, with their photos; what was empty lies here no longer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from aftersales.actions.disputes import evidence
from aftersales.actions.effects import MoveContext
from aftersales.actions.returns.goods import goods_owed
from aftersales.models import Case, CaseLine, InspectedUnit
from aftersales.rules.cases import chains
from aftersales.rules.disputes.photo import Photo
from aftersales.rules.returns import dispositions
from aftersales.rules.vocabulary import Condition, Disposition
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


def record(case: Case, findings: Sequence[Finding], context: MoveContext) -> None:
    """Store one row for each unit; Refused where the count, or what becomes of a unit, does not fit."""
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


def _fields(finding: Finding) -> dict[str, Any]:
    names = ("condition", "serial", "tags_intact", "disposition", "is_accepted", "note")
    return {name: getattr(finding, name) for name in names}
