"""Where the parcels of a case and its order are: every scan, who told it, and for how long nobody has told anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aftersales.models import Case
from aftersales.queries.returns import stuck_parcels
from aftersales.rules.vocabulary import Role
from logistics.models import Parcel, ParcelEvent, Pickup
from logistics.models.parcel import ParcelStatus
from orders.db.compiled_query import CompiledQuery

AT_ONCE: Final = 3  # scans that are shown without being asked for
SOURCES: Final = {"kuaidi100": "Kuaidi100", "17track": "17TRACK", "aftership": "AfterShip", "sf": "SF Express"}
ARRIVED: Final = (ParcelStatus.SIGNED, ParcelStatus.RECEIVED)
COURIERS: Final = CompiledQuery(lambda number: Pickup.objects.filter(reference=number).order_by("-pk"), str)
WRONG: Final = (ParcelStatus.REFUSED, ParcelStatus.LOST, ParcelStatus.CANCELLED)


@dataclass(frozen=True)
class Scan:
    """One scan, with the name of who told it."""

    event: ParcelEvent
    told_by: str


@dataclass(frozen=True)
class Track:
    """One parcel with its scans, the newest first; `quiet_since` when nothing came for too long."""

    parcel: Parcel
    newest: list[Scan]
    older: list[Scan]
    meaning: str
    quiet_since: datetime | None = None


@dataclass(frozen=True)
class Tracking:
    """All parcels, and the couriers who were booked, the latest first."""

    tracks: list[Track]
    couriers: list[Pickup]


def of(case: Case, parcels: Sequence[Parcel], at: datetime) -> Tracking:
    """What the page shows of parcels that were read with their scans; one query, for the couriers."""
    return Tracking(
        [_track(parcel, at) for parcel in parcels],
        COURIERS(case.number),
    )


def _track(parcel: Parcel, at: datetime) -> Track:
    scans = [Scan(event, _name(event.recorded_by)) for event in getattr(parcel, "scans", [])]
    has_problem = parcel.status in WRONG or (bool(scans) and scans[0].event.is_problem)
    meaning = "good" if parcel.status in ARRIVED else "bad" if has_problem else ""
    quiet_since = parcel.heard_at if stuck_parcels.is_quiet(parcel, at) else None
    return Track(parcel, scans[:AT_ONCE], scans[AT_ONCE:], meaning, quiet_since)


def _name(recorded_by: str) -> str:
    return str(Role(recorded_by).label) if recorded_by in Role.values else SOURCES.get(recorded_by, recorded_by)
