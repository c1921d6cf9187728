"""Parcels that are to be stopped before they reach the buyer: stopped, or not."""

from datetime import datetime

from aftersales.actions import gate
from aftersales.actions.cases import decisions, on_enter
from aftersales.actions.effects import MoveContext
from aftersales.actions.refunds import freight
from aftersales.actions.returns import lost_parcels
from aftersales.models import Case
from aftersales.queries.replacements import outbound
from aftersales.queries.returns import return_addresses
from aftersales.rules.actor import Actor
from aftersales.rules.cases import chains
from aftersales.rules.vocabulary import CaseType
from logistics.models.parcel import UNDER_WAY, ParcelStatus
from logistics.parcels import tracking as parcels


@gate.transactional
def intercepted(case_id: int, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """The carrier stopped the parcel on its way out: the money goes back without a return."""
    case = gate.move(case_id, "intercepted", effect=_stop_parcels, by=by, at=at, version=version)
    return on_enter.run(case, by=by, at=at)


def _stop_parcels(case: Case, context: MoveContext) -> None:
    # The order's own: what another case has sent, as a replacement or back, goes on.
    for parcel in [parcel for parcel in outbound.sent(case.order_id) if parcel.status in UNDER_WAY]:
        parcels.scan(parcel, ParcelStatus.INTERCEPTED, at=context.at, recorded_by=context.role)


@gate.transactional
def miss_interception(case_id: int, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """The parcel was not stopped: the case becomes a return, or ends where only its address was to change."""
    return gate.move(case_id, "miss_interception", effect=_let_pass, by=by, at=at, version=version)


@gate.transactional
def lapse(case_id: int, *, by: Actor, at: datetime) -> Case:
    """The time to stop the parcel is over: what arrives comes back, what does not arrive counts as lost."""
    case = gate.locked(case_id)
    move = lose_parcel if lost_parcels.is_lost(case, at) else miss_interception
    return move(case_id, by=by, at=at)


@gate.transactional
def lose_parcel(case_id: int, *, by: Actor, at: datetime) -> Case:
    """The parcel never reaches the buyer: money, or the goods once more, and a claim on the carrier."""
    case = gate.move(case_id, "lose_parcel", effect=lost_parcels.claim, by=by, at=at)
    return on_enter.run(case, by=by, at=at)


def _let_pass(case: Case, context: MoveContext) -> None:
    if chains.changes_address(case):
        decisions.end(case, at=context.at)
        return
    case.return_address = return_addresses.address_for(case)
    freight.renew(case, CaseType.RETURN_REFUND)
