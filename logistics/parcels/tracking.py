"""What happens to parcels: announced, scanned, cancelled. Facts only; what they mean for cases is decided elsewhere."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Case, Q, When
from django.utils.translation import gettext as _

from logistics.carriers.base import ReportedScan
from logistics.messages import subscriptions
from logistics.models import Parcel, ParcelEvent
from logistics.models.event import digest_of
from logistics.models.parcel import RANK, STEPS, Direction, ParcelStatus
from logistics.models.unidentified import Outcome
from orders.db import constraints
from orders.models import Order
from orders.refusals import Refused

# Statuses that only our people set. Later scans are stored, and change nothing.
ENDS = (ParcelStatus.RECEIVED, ParcelStatus.CANCELLED)


def announce_return(order: Order, *, carrier: str, waybill: str, at: datetime, recorded_by: str) -> Parcel:
    """Announce a parcel on its way back; one that is known, or lies here without a case, is the same parcel."""
    return announce(order, Direction.RETURN, carrier=carrier, waybill=waybill, at=at, recorded_by=recorded_by)


def announce_outbound(order: Order, *, carrier: str, waybill: str, at: datetime, recorded_by: str) -> Parcel:
    """Announce a parcel on its way to the buyer."""
    return announce(order, Direction.OUTBOUND, carrier=carrier, waybill=waybill, at=at, recorded_by=recorded_by)


def announce(
    order: Order, direction: Direction, *, carrier: str, waybill: str, at: datetime, recorded_by: str
) -> Parcel:
    """Announce a parcel by its waybill; a known one is the same parcel. Refused when that one has ended."""
    known = _known(order.merchant_id, direction, carrier, waybill)
    new = Parcel(order=order, merchant=order.merchant, direction=direction, carrier=carrier, waybill=waybill)
    new.shipped_at = at
    is_new = known is None and _inserted(new)
    parcel = new if is_new else known or _known(order.merchant_id, direction, carrier, waybill)
    assert parcel is not None
    if parcel.status in ENDS:
        raise Refused(_("Waybill %(waybill)s was used before and that parcel is done.") % {"waybill": waybill})
    handed_in = ReportedScan(waybill, ParcelStatus.IN_TRANSIT, happened_at=at, text=_("Waybill handed in"))
    _record(parcel, [handed_in], at=at, recorded_by=recorded_by, judged_at=at)
    if is_new:
        subscriptions.request(parcel, at=at)
    return parcel


def _inserted(parcel: Parcel) -> bool:
    """Whether the parcel is ours to tell of; somebody else may have announced it at the same moment."""
    try:
        with transaction.atomic():
            parcel.save(force_insert=True)
    except IntegrityError as error:
        if constraints.broken(error) != "parcel_known_once":
            raise
        return False
    return True


def _locked(parcel_id: int) -> Parcel:
    return Parcel.objects.select_for_update(of=("self",)).get(pk=parcel_id)


def _known(merchant_id: int, direction: Direction, carrier: str, waybill: str) -> Parcel | None:
    """A parcel that lies here without a case, whatever its carrier was called by who wrote it down; else this one."""
    mine = Q(carrier=carrier)
    if direction == Direction.RETURN:
        mine |= Q(unidentified__outcome=Outcome.WAITING)
    parcels = Parcel.objects.filter(mine, merchant_id=merchant_id, waybill=waybill, direction=direction)
    waits_first = Case(When(unidentified__outcome=Outcome.WAITING, then=0), default=1)
    return parcels.select_for_update(of=("self",)).order_by(waits_first, "pk").first()


def scan(
    parcel: Parcel, status: ParcelStatus, *, at: datetime, recorded_by: str, text: str = "", place: str = ""
) -> None:
    """Record what our people did or saw; the caller decides what follows, so it is stored as processed."""
    seen = ReportedScan(waybill=parcel.waybill, status=status, happened_at=at, text=text, place=place)
    _record(_locked(parcel.pk), [seen], at=at, recorded_by=recorded_by, judged_at=at)


def record_reported(parcel_id: int, scans: Sequence[ReportedScan], *, at: datetime, recorded_by: str) -> None:
    """Record what a carrier reports, in any order and any number of times; it is processed later."""
    _record(_locked(parcel_id), scans, at=at, recorded_by=recorded_by, judged_at=None)


def cancel(parcel: Parcel, *, at: datetime, recorded_by: str) -> None:
    """Cancel a parcel that the courier never took; Refused once it has arrived anywhere."""
    locked = _locked(parcel.pk)
    if locked.status not in (ParcelStatus.ANNOUNCED, ParcelStatus.IN_TRANSIT):
        raise Refused(_("The parcel has arrived: it can not be cancelled."))
    locked.call_off()
    locked.save()
    scan(locked, ParcelStatus.CANCELLED, at=at, recorded_by=recorded_by, text=_("Pickup cancelled"))


def _record(
    locked: Parcel, scans: Sequence[ReportedScan], *, at: datetime, recorded_by: str, judged_at: datetime | None
) -> None:
    """Store each scan once and advance the parcel as far as they reach; its rank never decreases."""
    # Carriers repeat the whole history with each push: the digest of a scan makes the known ones conflicts.
    ParcelEvent.objects.bulk_create(
        (_event(locked, scan, at=at, recorded_by=recorded_by, judged_at=judged_at) for scan in scans),
        ignore_conflicts=True,
    )
    before = _facts(locked)
    for scan in scans:
        # A clock of the carrier that runs ahead must not hide for hours that nothing is heard any more.
        scanned_at = min(scan.happened_at, at)
        locked.heard_at = max(locked.heard_at or scanned_at, scanned_at)
        _advance(locked, scan)
    if _facts(locked) != before:
        locked.save()


def _facts(parcel: Parcel) -> tuple[object, ...]:
    return parcel.status, parcel.shipped_at, parcel.signed_at, parcel.received_at, parcel.heard_at


def _event(
    parcel: Parcel, scan: ReportedScan, *, at: datetime, recorded_by: str, judged_at: datetime | None
) -> ParcelEvent:
    return ParcelEvent(
        parcel=parcel,
        happened_at=scan.happened_at,
        status=scan.status,
        is_problem=scan.is_problem,
        text=scan.text,
        place=scan.place,
        digest=digest_of(scan.status, scan.happened_at, scan.is_problem, scan.text, scan.place),
        recorded_by=recorded_by,
        recorded_at=at,
        judged_at=judged_at,
    )


def _advance(parcel: Parcel, scan: ReportedScan) -> None:
    """The earliest scan of a kind gives its date, the furthest one the status: so their order does not matter."""
    if parcel.status in ENDS or scan.status not in STEPS:
        return
    parcel.shipped_at = _earlier(parcel.shipped_at, scan.happened_at)
    if scan.status == ParcelStatus.SIGNED:
        parcel.signed_at = _earlier(parcel.signed_at, scan.happened_at)
    if scan.status == ParcelStatus.RECEIVED:
        parcel.received_at = scan.happened_at
    if RANK[scan.status] > RANK[ParcelStatus(parcel.status)]:
        getattr(parcel, STEPS[scan.status])()


def _earlier(known: datetime | None, reported: datetime) -> datetime:
    return min(known or reported, reported)
