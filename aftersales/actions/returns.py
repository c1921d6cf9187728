"""Goods on their way back: shipped, received, inspected; and parcels stopped before they arrive."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F, Max
from django.utils.translation import gettext as _

from aftersales.actions import (
    cases,
    claims,
    consequences,
    evidence,
    freight,
    gate,
    gifts_kept,
    holdings,
    instant,
    unannounced,
)
from aftersales.models import Case, CaseLine, InspectedUnit, RejectReason, ReturnParcel
from aftersales.rules import chains
from aftersales.rules.actor import Actor
from aftersales.rules.photo import Photo
from aftersales.rules.vocabulary import CaseType, Condition, DeadlineKind, Disposition, Role, Status
from logistics import actions as parcels
from logistics import pickups, stock
from logistics.models import Parcel
from logistics.models.parcel import UNDER_WAY, ParcelStatus
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
def ship(case_id: int, *, by: Actor, at: datetime, carrier: str, waybill: str, version: int | None = None) -> Case:
    """The buyer hands in a waybill: the receipt window starts, and a refund that was promised at once is sent."""
    code = waybill.strip().upper()
    if not code:
        raise Refused(_("Enter the waybill number."))
    details = {"waybill": code, "carrier": carrier}
    with gate.move(case_id, "ship_return", by=by, at=at, version=version, data=details) as case:
        role = gate.role_to("ship_return", by, case)
        parcel = parcels.announce_return(case.order, carrier=carrier.strip(), waybill=code, at=at, recorded_by=role)
        ReturnParcel.objects.get_or_create(case=case, parcel=parcel)
        unannounced.claim(case, parcel, by=by, role=role, at=at)
        advanced = instant.pay_out(case, at=at)
        if advanced:
            details["advanced"] = str(advanced)
    return case


@gate.transactional
def cancel_pickup(case_id: int, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """The courier did not take the parcel: the buyer ships again in the time that was left."""
    with gate.move(case_id, "cancel_pickup", by=by, at=at, version=version) as case:
        role = gate.role_to("cancel_pickup", by, case)
        pickups.call_off(case.number, at=at)
        for link in case.return_parcels.select_related("parcel").filter(parcel__status__in=UNDER_WAY):
            parcels.cancel(link.parcel, at=at, recorded_by=role)
    return case


@gate.transactional
def carrier_signed(parcel_id: int, *, by: Actor, at: datetime) -> None:
    """The carrier says the return was handed over: what the parcel brings is due sooner, never later."""
    signature_told(parcel_id, at=at)
    parcel = Parcel.objects.get(pk=parcel_id)
    parcels.scan(parcel, ParcelStatus.SIGNED, at=at, recorded_by=str(by.role_for("ship_return") or Role.CARRIER))


@gate.transactional
def signature_told(parcel_id: int, *, at: datetime) -> None:
    """A signature is on record: its cases are received within the policy's hours, never later than before."""
    for case_id in ReturnParcel.objects.filter(parcel=parcel_id).order_by("case_id").values_list("case_id", flat=True):
        case = gate.locked(case_id)
        if case.status == Status.RETURN_IN_TRANSIT:
            due_at = at + timedelta(hours=case.policy.receipt_after_signature_hours)
            sooner = case.deadlines.filter(kind=DeadlineKind.RECEIPT, status="pending", due_at__gt=due_at)
            if sooner.update(due_at=due_at):
                Case.objects.filter(pk=case_id, due_kind=DeadlineKind.RECEIPT).update(due_at=due_at)


@gate.transactional
def receive(
    case_id: int,
    *,
    by: Actor,
    at: datetime,
    units: Mapping[int, int],
    carrier: str = "",
    waybill: str = "",
    note: str = "",
    version: int | None = None,
) -> Case:
    """Count what is here, per line (case line id → units); several parcels and unannounced ones are fine.

    More than was asked is refused: the rest of the goods is not part of this case. An empty parcel counts nothing and
    needs a note; the inspection then refuses it.
    """
    counted = {pk: number for pk, number in units.items() if number > 0}
    details = {"units": sum(counted.values()), "waybill": waybill}
    with gate.move(case_id, "receive", by=by, at=at, version=version, why=note, data=details) as case:
        role = gate.role_to("receive", by, case)
        if not counted and not note.strip():
            raise Refused(_("Say how many units arrived. If the parcel is empty, write so in the note."))
        for pk, number in counted.items():
            _count(case, pk, number)
        for parcel in _arrived(case, carrier, waybill, role=role, at=at):
            unannounced.claim(case, parcel, by=by, role=role, at=at)
            parcels.scan(parcel, ParcelStatus.RECEIVED, at=at, recorded_by=role, text=_("Received"))
    return case


def _count(case: Case, line_id: int, number: int) -> None:
    line = case.lines.select_related("order_line").filter(pk=line_id).first()
    if line is None:
        raise Refused(_("This item is not part of the case."))
    missing = line.units - line.units_settled - line.units_received
    if number > missing:
        raise Refused(
            _("%(title)s: %(number)d arrived, but only %(missing)d more belong to this case. Set the others aside.")
            % {"title": line.order_line.title, "number": number, "missing": missing}
        )
    CaseLine.objects.filter(pk=line_id).update(units_received=F("units_received") + number)


def _arrived(case: Case, carrier: str, waybill: str, *, role: Role, at: datetime) -> list[Parcel]:
    code = waybill.strip().upper()
    links = case.return_parcels.select_related("parcel")
    if not code:
        return [link.parcel for link in links if link.parcel.status in (*UNDER_WAY, ParcelStatus.SIGNED)]
    known = links.filter(parcel__waybill=code).first()
    if known is not None:
        return [known.parcel]
    parcel = parcels.announce_return(case.order, carrier=carrier.strip(), waybill=code, at=at, recorded_by=role)
    ReturnParcel.objects.create(case=case, parcel=parcel, is_announced=False)
    return [parcel]


@gate.transactional
def pass_inspection(
    case_id: int,
    findings: Sequence[Finding],
    *,
    by: Actor,
    at: datetime,
    gifts: Mapping[int, int] | None = None,
    version: int | None = None,
) -> Case:
    """Pay for the units that are accepted; nobody looked in time: all received ones are.

    `gifts` are units of gifts of the order that did not come back, by order line.
    """
    with gate.move(case_id, "pass_inspection", by=by, at=at, version=version) as case:
        role = gate.role_to("pass_inspection", by, case)
        if role == Role.CLOCK:
            case.breached_at = case.breached_at or at
            case.lines.update(units_accepted=F("units_received"))
        else:
            _judge(case, findings, by=by, role=role, at=at)
            if not case.lines.filter(units_accepted__gt=0).exists():
                raise Refused(_("No unit was accepted: fail the inspection instead."))
            gifts_kept.record(case, gifts or {})
    case = consequences.follow(case, by=by, at=at)
    claims.insure(case, at=at)
    if role != Role.CLOCK:
        _take_in(case, findings, by=by, role=role, at=at)
    return case


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
    with gate.move(
        case_id, "fail_inspection", by=by, at=at, version=version, why=note, data={"reason": reason.code}
    ) as case:
        role = gate.role_to("fail_inspection", by, case)
        _judge(case, findings, by=by, role=role, at=at)
        if case.lines.filter(units_accepted__gt=0).exists():
            raise Refused(_("Some units were accepted: pass the inspection for those."))
        proofs = sum(len(finding.photos) for finding in findings)
        cases.close_round(case, reason, note, proofs, at=at)
    _take_in(case, findings, by=by, role=role, at=at)
    return case


def _judge(case: Case, findings: Sequence[Finding], *, by: Actor, role: Role, at: datetime) -> None:
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
            _keep(case, line, index, finding, by=by, role=role, at=at)
        CaseLine.objects.filter(pk=line_id).update(units_accepted=sum(finding.is_accepted for finding in seen))


def _covers(seen: Sequence[Finding], line: CaseLine) -> bool:
    """One finding per received unit; beyond those only empty ones, for units that never came."""
    extra = len(seen) - line.units_received
    empty = sum(finding.condition == Condition.EMPTY for finding in seen)
    return extra == 0 or 0 < extra <= min(empty, line.units - line.units_received)


def _keep(case: Case, line: CaseLine, index: int, finding: Finding, *, by: Actor, role: Role, at: datetime) -> None:
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
        inspected_by_id=by.user_id,
        inspected_at=at,
    )
    if finding.photos:
        evidence.store(case, finding.photos, role=role, user_id=by.user_id, at=at, unit=unit)


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
    with gate.move(case_id, "presume_received", by=by, at=at) as case:
        case.breached_at = case.breached_at or at
        case.lines.update(units_received=F("units_held"), units_accepted=F("units_held"))
    case = consequences.follow(case, by=by, at=at)
    claims.insure(case, at=at)
    return case


@gate.transactional
def intercepted(case_id: int, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """The carrier stopped the parcel on its way out: the money goes back."""
    with gate.move(case_id, "intercepted", by=by, at=at, version=version) as case:
        role = gate.role_to("intercepted", by, case)
        for parcel in case.order.parcels.filter(direction="outbound", status__in=UNDER_WAY):
            parcels.scan(parcel, ParcelStatus.INTERCEPTED, at=at, recorded_by=role)
    return consequences.follow(case, by=by, at=at)


@gate.transactional
def miss_interception(case_id: int, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """The parcel was not stopped: the case becomes a return; an address is not changed any more."""
    with gate.move(case_id, "miss_interception", by=by, at=at, version=version) as case:
        if chains.changes_address(case):
            cases.end(case, at=at)
        else:
            holdings.refuse_taken(case, CaseType.RETURN_REFUND)
            case.return_address = cases.usable_address(case)
            freight.renew(case, CaseType.RETURN_REFUND)
    return case
