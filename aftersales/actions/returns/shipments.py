"""Returns on their way back: handed in by the buyer, signed for by the carrier's word."""

from datetime import datetime, timedelta
from functools import partial

from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.actions.effects import MoveContext, Outcome
from aftersales.actions.refunds import instant_refunds
from aftersales.actions.returns import unidentified_parcels
from aftersales.models import Case, ReturnParcel
from aftersales.moves import returning
from aftersales.rules.actor import Actor
from aftersales.rules.vocabulary import DeadlineKind, DeadlineStatus, Role, Status
from logistics.models import Parcel
from logistics.models.parcel import ParcelStatus
from logistics.parcels import tracking as parcels
from orders.refusals import Refused


@gate.transactional
def ship(case_id: int, *, by: Actor, at: datetime, carrier: str, waybill: str, version: int | None = None) -> Case:
    """Hand in the waybill of the return: the time to receive it starts, and an instant refund is sent."""
    code = waybill.strip().upper()
    if not code:
        raise Refused(_("Enter the waybill number."))
    details = {"waybill": code, "carrier": carrier}
    shipment = partial(_hand_in, carrier.strip(), code)
    return gate.move(case_id, "ship_return", effect=shipment, by=by, at=at, version=version, data=details)


def _hand_in(carrier: str, waybill: str, case: Case, context: MoveContext) -> Outcome | None:
    parcel = parcels.announce_return(
        case.order, carrier=carrier, waybill=waybill, at=context.at, recorded_by=context.role
    )
    ReturnParcel.objects.bulk_create([ReturnParcel(case=case, parcel=parcel)], ignore_conflicts=True)
    unidentified_parcels.claim(case, parcel, by=context.by, role=context.role, at=context.at)
    advanced = instant_refunds.pay(case, at=context.at)
    return Outcome(data={"advanced": str(advanced)}) if advanced else None


@gate.transactional
def carrier_signed(parcel_id: int, *, by: Actor, at: datetime) -> None:
    """Record that the carrier handed the return over, which makes its receipt due sooner."""
    signature_reported(parcel_id, at=at)
    parcel = Parcel.objects.get(pk=parcel_id)
    role = by.role_for(returning.SHIP_RETURN) or Role.CARRIER
    parcels.scan(parcel, ParcelStatus.SIGNED, at=at, recorded_by=str(role))


@gate.transactional
def signature_reported(parcel_id: int, *, at: datetime) -> None:
    """Make the receipt of the parcel's cases due within the policy's hours after `at`, never later than before."""
    # In the order of their ids: two parcels that share cases would otherwise lock them crosswise.
    for case_id in ReturnParcel.objects.filter(parcel=parcel_id).order_by("case_id").values_list("case_id", flat=True):
        case = gate.locked(case_id)
        if case.status == Status.RETURN_IN_TRANSIT:
            _receive_sooner(case, at + timedelta(hours=case.policy.receipt_after_signature_hours))


def _receive_sooner(case: Case, due_at: datetime) -> None:
    waiting = case.deadlines.filter(kind=DeadlineKind.RECEIPT, status=DeadlineStatus.PENDING)
    if waiting.filter(due_at__gt=due_at).update(due_at=due_at):
        # The case holds a copy of its next deadline for lists; no move writes it here, so it is set by hand.
        Case.objects.filter(pk=case.pk, due_kind=DeadlineKind.RECEIPT).update(due_at=due_at)
