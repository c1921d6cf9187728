"""Goods on their way back: handed in, signed for, received; and parcels stopped before they arrive."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from django.db.models import F
from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.actions.cases import decisions, holdings, on_enter
from aftersales.actions.effects import MoveContext, Outcome
from aftersales.actions.refunds import freight, instant_refunds
from aftersales.actions.returns import unidentified_parcels
from aftersales.models import Case, CaseLine, ReturnParcel
from aftersales.moves import returning
from aftersales.queries.returns import return_addresses
from aftersales.rules.actor import Actor
from aftersales.rules.cases import chains
from aftersales.rules.vocabulary import CaseType, DeadlineKind, DeadlineStatus, Role, Status
from logistics.models import Parcel
from logistics.models.parcel import UNDER_WAY, Direction, ParcelStatus
from logistics.parcels import tracking as parcels
from logistics.pickups import pickup_requests
from orders.refusals import Refused


@gate.transactional
def ship(case_id: int, *, by: Actor, at: datetime, carrier: str, waybill: str, version: int | None = None) -> Case:
    """The buyer hands in a waybill: the receipt window starts, and a refund that was promised at once is sent."""
    code = waybill.strip().upper()
    if not code:
        raise Refused(_("Enter the waybill number."))
    details = {"waybill": code, "carrier": carrier}
    handed_in = partial(_hand_in, carrier.strip(), code)
    return gate.move(case_id, "ship_return", effect=handed_in, by=by, at=at, version=version, data=details)


def _hand_in(carrier: str, waybill: str, case: Case, context: MoveContext) -> Outcome | None:
    parcel = parcels.announce_return(
        case.order, carrier=carrier, waybill=waybill, at=context.at, recorded_by=context.role
    )
    ReturnParcel.objects.get_or_create(case=case, parcel=parcel)
    unidentified_parcels.claim(case, parcel, by=context.by, role=context.role, at=context.at)
    advanced = instant_refunds.pay(case, at=context.at)
    return Outcome(data={"advanced": str(advanced)}) if advanced else None


@gate.transactional
def cancel_pickup(case_id: int, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """The courier did not take the parcel: the buyer ships again in the time that was left."""
    return gate.move(case_id, "cancel_pickup", effect=_call_off, by=by, at=at, version=version)


def _call_off(case: Case, context: MoveContext) -> None:
    pickup_requests.call_off(case.number, at=context.at)
    for link in case.return_parcels.select_related("parcel").filter(parcel__status__in=UNDER_WAY):
        parcels.cancel(link.parcel, at=context.at, recorded_by=context.role)


@gate.transactional
def carrier_signed(parcel_id: int, *, by: Actor, at: datetime) -> None:
    """The carrier says the return was handed over: what the parcel brings is due sooner, never later."""
    signature_told(parcel_id, at=at)
    parcel = Parcel.objects.get(pk=parcel_id)
    role = by.role_for(returning.SHIP_RETURN) or Role.CARRIER
    parcels.scan(parcel, ParcelStatus.SIGNED, at=at, recorded_by=str(role))


@gate.transactional
def signature_told(parcel_id: int, *, at: datetime) -> None:
    """A signature is on record: its cases are received within the policy's hours, never later than before."""
    for case_id in ReturnParcel.objects.filter(parcel=parcel_id).order_by("case_id").values_list("case_id", flat=True):
        case = gate.locked(case_id)
        if case.status == Status.RETURN_IN_TRANSIT:
            due_at = at + timedelta(hours=case.policy.receipt_after_signature_hours)
            waiting = case.deadlines.filter(kind=DeadlineKind.RECEIPT, status=DeadlineStatus.PENDING)
            if waiting.filter(due_at__gt=due_at).update(due_at=due_at):
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
    arrival = partial(_take_delivery, counted, carrier.strip(), waybill.strip().upper(), note)
    return gate.move(case_id, "receive", effect=arrival, by=by, at=at, version=version, why=note, data=details)


def _take_delivery(
    counted: Mapping[int, int], carrier: str, waybill: str, note: str, case: Case, context: MoveContext
) -> None:
    if not counted and not note.strip():
        raise Refused(_("Say how many units arrived. If the parcel is empty, write so in the note."))
    for pk, number in counted.items():
        _count(case, pk, number)
    for parcel in _arrived(case, carrier, waybill, context):
        unidentified_parcels.claim(case, parcel, by=context.by, role=context.role, at=context.at)
        parcels.scan(parcel, ParcelStatus.RECEIVED, at=context.at, recorded_by=context.role, text=_("Received"))


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


def _arrived(case: Case, carrier: str, waybill: str, context: MoveContext) -> list[Parcel]:
    links = case.return_parcels.select_related("parcel")
    if not waybill:
        return [link.parcel for link in links if link.parcel.status in (*UNDER_WAY, ParcelStatus.SIGNED)]
    known = links.filter(parcel__waybill=waybill).first()
    if known is not None:
        return [known.parcel]
    parcel = parcels.announce_return(
        case.order, carrier=carrier, waybill=waybill, at=context.at, recorded_by=context.role
    )
    ReturnParcel.objects.create(case=case, parcel=parcel, is_announced=False)
    return [parcel]


@gate.transactional
def intercepted(case_id: int, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """The carrier stopped the parcel on its way out: the money goes back."""
    case = gate.move(case_id, "intercepted", effect=_stop, by=by, at=at, version=version)
    return on_enter.run(case, by=by, at=at)


def _stop(case: Case, context: MoveContext) -> None:
    for parcel in case.order.parcels.filter(direction=Direction.OUTBOUND, status__in=UNDER_WAY):
        parcels.scan(parcel, ParcelStatus.INTERCEPTED, at=context.at, recorded_by=context.role)


@gate.transactional
def miss_interception(case_id: int, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """The parcel was not stopped: the case becomes a return; an address is not changed any more."""
    return gate.move(case_id, "miss_interception", effect=_let_pass, by=by, at=at, version=version)


def _let_pass(case: Case, context: MoveContext) -> None:
    if chains.changes_address(case):
        decisions.end(case, at=context.at)
        return
    holdings.refuse_taken(case, CaseType.RETURN_REFUND)
    case.return_address = return_addresses.address_for(case)
    freight.renew(case, CaseType.RETURN_REFUND)
