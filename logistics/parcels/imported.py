"""Outbound parcels that an export tells of, recorded in the transaction of their orders."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from logistics.models import Parcel
from logistics.models.parcel import RANK, UNDER_WAY, Direction, ParcelStatus
from orders.importers.facts import ParcelFacts
from orders.importers.storing import copying, merging, rows
from orders.importers.storing.reported_order import ReportedOrder
from orders.models.order import OrderStatus

Key = tuple[int, str, str]

# A parcel that was stopped, came to us or was called off is beyond what an export can tell.
_STEPS: Final = (*UNDER_WAY, ParcelStatus.SIGNED)
_CHANGED: Final = ("id", "status", "shipped_at", "signed_at")


def record(orders: Mapping[int, ReportedOrder], at: datetime) -> None:
    """Record or bring up to date the parcels of orders, given by their id.

    A waybill that two orders share stays with the first; a parcel never steps back.
    """
    told = _told(orders)
    if not told:
        return
    known = {
        (one.merchant_id, one.carrier, one.waybill): one
        for one in Parcel.objects.filter(direction=Direction.OUTBOUND, waybill__in={key[2] for key in told})
    }
    new = {key: one for key, one in told.items() if key not in known}
    ids = copying.new_ids(Parcel, len(new))
    copying.insert(
        Parcel,
        ("id", "direction", "created_at", "merchant_id", "carrier", "waybill", "order_id", *_CHANGED[1:]),
        [
            rows.text((pk, Direction.OUTBOUND, at, *key, order, status, facts.shipped_at, facts.signed_at))
            for pk, (key, (order, facts, status)) in zip(ids, new.items(), strict=True)
        ],
    )
    pairs = [(known[key], *told[key]) for key in told if key in known]
    copying.update(Parcel, _CHANGED, [row for pair in pairs if (row := _stepped(*pair))])


def _told(orders: Mapping[int, ReportedOrder]) -> dict[Key, tuple[int, ParcelFacts, ParcelStatus]]:
    found: dict[Key, tuple[int, ParcelFacts, ParcelStatus]] = {}
    for pk, one in orders.items():
        for facts in one.facts.parcels:
            key = one.merchant.pk, facts.carrier[:60], facts.waybill
            found.setdefault(key, (pk, facts, _status(facts, one.facts.status)))
    return found


def _status(parcel: ParcelFacts, status: str) -> ParcelStatus:
    if parcel.signed_at or status in (OrderStatus.SIGNED, OrderStatus.COMPLETED):
        return ParcelStatus.SIGNED
    is_gone = parcel.shipped_at or status == OrderStatus.SHIPPED
    return ParcelStatus.IN_TRANSIT if is_gone else ParcelStatus.ANNOUNCED


def _stepped(known: Parcel, order_id: int, facts: ParcelFacts, status: ParcelStatus) -> str | None:
    if known.order_id != order_id:
        return None
    is_step = known.status in _STEPS and RANK[status] > RANK[ParcelStatus(known.status)]
    told = (
        status if is_step else known.status,
        merging.moment(facts.shipped_at, known.shipped_at, is_coarse=False),
        merging.moment(facts.signed_at, known.signed_at, is_coarse=False),
    )
    return rows.text((known.pk, *told)) if told != (known.status, known.shipped_at, known.signed_at) else None
