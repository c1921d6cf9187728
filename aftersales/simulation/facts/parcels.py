"""What carriers tell of parcels: late, twice, in any order, lost and found again, turned back, refused, signed for."""

from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.db.models import QuerySet

from aftersales.simulation.behaviours.situation import Situation
from logistics.carriers.base import ReportedScan
from logistics.models import Parcel, ParcelEvent
from logistics.models.parcel import Direction, ParcelStatus
from logistics.parcels import tracking
from orders.models import Order

CARRIER = "SIM"
LATEST = timedelta(days=6)  # how long ago a scan may have happened that we hear of only now
STATUSES = {
    ParcelStatus.IN_TRANSIT: 3,
    ParcelStatus.DELIVERING: 2,
    ParcelStatus.REFUSED: 2,
    ParcelStatus.INTERCEPTED: 1,
    ParcelStatus.RETURNING: 2,
    ParcelStatus.LOST: 3,
    ParcelStatus.SIGNED: 7,
    ParcelStatus.RETURNED: 2,
}


def on_the_way_out(situation: Situation, order: Order, at: datetime) -> None:
    """A scan of a parcel to the buyer: the order's own, a replacement, or goods that are owed back."""
    _report(situation, _parcels(order, Direction.OUTBOUND), at)


def on_the_way_back(situation: Situation, order: Order, at: datetime) -> None:
    """A scan of a parcel to us."""
    _report(situation, _parcels(order, Direction.RETURN), at)


@transaction.atomic
def told_again(situation: Situation, order: Order, at: datetime) -> None:
    """A carrier tells the whole history of a parcel again, in an order of its own."""
    parcel = _one(situation.random, order.parcels.order_by("pk"))
    if parcel is None:
        return
    scans = [_as_reported(parcel, event) for event in parcel.events.order_by("pk")]
    situation.random.shuffle(scans)
    tracking.record_reported(parcel.pk, scans, at=at, recorded_by=CARRIER)


@transaction.atomic
def depart(order: Order, at: datetime) -> None:
    """The carrier takes what was sold, and its first scan says so."""
    parcel = tracking.announce_outbound(order, carrier=CARRIER, waybill=f"O-{order.pk}", at=at, recorded_by="import")
    _tell(parcel, ParcelStatus.IN_TRANSIT, happened_at=at, at=at)


def arrive(order: Order, at: datetime) -> None:
    """Every parcel of the order that is under way is signed for."""
    for parcel in _parcels(order, Direction.OUTBOUND):
        _tell(parcel, ParcelStatus.SIGNED, happened_at=at, at=at)


def _parcels(order: Order, direction: Direction) -> QuerySet[Parcel]:
    return order.parcels.filter(direction=direction).order_by("pk")


def _one(random: Random, parcels: QuerySet[Parcel]) -> Parcel | None:
    known = list(parcels)
    return random.choice(known) if known else None


def _report(situation: Situation, parcels: QuerySet[Parcel], at: datetime) -> None:
    random = situation.random
    parcel = _one(random, parcels)
    if parcel is None:
        return
    status = random.choices(list(STATUSES), weights=list(STATUSES.values()))[0]
    happened_at = at - random.random() * LATEST if situation.happens(0.4) else at
    # Now and then the carrier's clock runs ahead, or it says the same twice.
    if situation.happens(0.05):
        happened_at = at + timedelta(hours=3)
    for _time in range(2 if situation.happens(0.2) else 1):
        _tell(parcel, status, happened_at=happened_at, at=at)


@transaction.atomic
def _tell(parcel: Parcel, status: ParcelStatus, *, happened_at: datetime, at: datetime) -> None:
    scan = ReportedScan(parcel.waybill, status, happened_at=happened_at, is_problem=status == ParcelStatus.LOST)
    tracking.record_reported(parcel.pk, [scan], at=at, recorded_by=CARRIER)


def _as_reported(parcel: Parcel, event: ParcelEvent) -> ReportedScan:
    return ReportedScan(
        parcel.waybill,
        ParcelStatus(event.status),
        happened_at=event.happened_at,
        text=event.text,
        place=event.place,
        is_problem=event.is_problem,
    )
