"""Returned goods are judged, unit by unit; or nobody did so in time, and they count as good."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.db.models import F, Max
from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.actions.cases import decisions, on_enter
from aftersales.actions.disputes import evidence
from aftersales.actions.effects import MoveContext
from aftersales.actions.refunds import claims
from aftersales.actions.returns import missing_gifts
from aftersales.models import Case, CaseLine, InspectedUnit, RejectReason
from aftersales.rules.actor import Actor
from aftersales.rules.cases import chains
from aftersales.rules.disputes.photo import Photo
from aftersales.rules.vocabulary import Condition, Disposition, Role
from logistics import stock
from orders.refusals import Refused


@dataclass(frozen=True)
class Finding:
    """One unit as the warehouse found it."""

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
    version: int | None = None,
) -> Case:
    """Pay for the units that are accepted; nobody looked in time: all received ones are.

    `gifts` are units of gifts of the order that did not come back, by order line.
    """
    judged = partial(_pass, findings, gifts or {})
    case = gate.move(case_id, "pass_inspection", effect=judged, by=by, at=at, version=version)
    case = on_enter.run(case, by=by, at=at)
    claims.insure(case, at=at)
    role = gate.role_to("pass_inspection", by, case)
    if role != Role.CLOCK:
        _take_in(case, findings, by=by, role=role, at=at)
    return case


def _pass(findings: Sequence[Finding], gifts: Mapping[int, int], case: Case, context: MoveContext) -> None:
    if context.role == Role.CLOCK:
        case.lines.update(units_accepted=F("units_received"))
        return
    _judge(case, findings, context)
    if not case.lines.filter(units_accepted__gt=0).exists():
        raise Refused(_("No unit was accepted: fail the inspection instead."))
    missing_gifts.record(case, gifts)


@gate.transactional
def fail_inspection(
    case_id: int,
    findings: Sequence[Finding],
    *,
    by: Actor,
    at: datetime,
    reason: RejectReason,
    note: str = "",
    version: int | None = None,
) -> Case:
    """Nothing that came back is acceptable: a reason and a photo as proof are mandatory."""
    refusal = partial(_fail, findings, reason, note)
    return gate.move(
        case_id,
        "fail_inspection",
        effect=refusal,
        by=by,
        at=at,
        version=version,
        why=note,
        data={"reason": reason.code},
    )


def _fail(findings: Sequence[Finding], reason: RejectReason, note: str, case: Case, context: MoveContext) -> None:
    _judge(case, findings, context)
    if case.lines.filter(units_accepted__gt=0).exists():
        raise Refused(_("Some units were accepted: pass the inspection for those."))
    proofs = sum(len(finding.photos) for finding in findings)
    decisions.close_round(case, reason, note, proofs, at=context.at)
    _take_in(case, findings, by=context.by, role=context.role, at=context.at)


def _judge(case: Case, findings: Sequence[Finding], context: MoveContext) -> None:
    lines = {line.pk: line for line in case.lines.select_related("order_line")}
    for line_id, line in lines.items():
        seen = [finding for finding in findings if finding.line_id == line_id]
        if not _covers(seen, line):
            raise Refused(
                _("%(title)s: %(received)d units were received, %(seen)d were inspected.")
                % {"title": line.order_line.title, "received": line.units_received, "seen": len(seen)}
            )
        first = (line.inspected.aggregate(last=Max("index"))["last"] or 0) + 1
        for index, finding in enumerate(seen, start=first):
            _keep(case, line, index, finding, context)
        CaseLine.objects.filter(pk=line_id).update(units_accepted=sum(finding.is_accepted for finding in seen))


def _covers(seen: Sequence[Finding], line: CaseLine) -> bool:
    """One finding per received unit; beyond those only empty ones, for units that never came."""
    extra = len(seen) - line.units_received
    empty = sum(finding.condition == Condition.EMPTY for finding in seen)
    return extra == 0 or 0 < extra <= min(empty, line.units - line.units_received)


def _keep(case: Case, line: CaseLine, index: int, finding: Finding, context: MoveContext) -> None:
    if finding.condition == Condition.EMPTY and finding.is_accepted:
        raise Refused(_("An empty parcel can not be accepted."))
    if finding.disposition == Disposition.RESTOCK and not finding.is_accepted:
        raise Refused(_("A unit that is not accepted can not be restocked."))
    if finding.disposition == Disposition.RESTOCK and chains.of(case).repairs:
        raise Refused(_("What is to be repaired is the buyer's: it can not be restocked."))
    unit = InspectedUnit.objects.create(
        case_line=line,
        round_number=case.round_number,
        index=index,
        condition=finding.condition,
        serial=finding.serial,
        tags_intact=finding.tags_intact,
        disposition=finding.disposition,
        is_accepted=finding.is_accepted,
        note=finding.note,
        inspected_by_id=context.by.user_id,
        inspected_at=context.at,
    )
    if finding.photos:
        evidence.store(case, finding.photos, role=context.role, user_id=context.by.user_id, at=context.at, unit=unit)


def _take_in(case: Case, findings: Sequence[Finding], *, by: Actor, role: Role, at: datetime) -> None:
    """Every unit that somebody looked at goes where the inspection sends it; of an empty parcel there is none."""
    goods = {line.pk: line.order_line for line in case.lines.select_related("order_line")}
    sent = Counter(
        (goods[each.line_id].sku, each.line_id, each.disposition, each.serial)
        for each in findings
        if each.condition != Condition.EMPTY
    )
    for (sku, line_id, disposition, serial), units in sorted(sent.items()):
        stock.take_in(
            case.merchant_id,
            sku,
            units,
            disposition,
            reference=case.number,
            at=at,
            recorded_by=role,
            by_id=by.user_id,
            serial=serial,
            title=goods[line_id].title,
        )


@gate.transactional
def presume_received(case_id: int, *, by: Actor, at: datetime) -> Case:
    """Nobody received the return in time: it is taken as received and good."""
    case = gate.move(case_id, "presume_received", effect=_presume_good, by=by, at=at)
    case = on_enter.run(case, by=by, at=at)
    claims.insure(case, at=at)
    return case


def _presume_good(case: Case, context: MoveContext) -> None:
    case.lines.update(units_received=F("units_held"), units_accepted=F("units_held"))
