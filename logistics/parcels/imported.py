"""Outbound parcels named in an export, recorded in the transaction of their orders."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from logistics.models import Parcel
from logistics.models.parcel import RANK, UNDER_WAY, Direction, ParcelStatus
from orders.importers.facts import ParcelFacts
from orders.importers.storing import copying, merging, rows
from orders.importers.storing.reported_order import ReportedOrder
from orders.models.order import OrderStatus

Key = tuple[int, str, str]  # merchant, carrier, waybill
Reported = tuple[int, ParcelFacts, ParcelStatus]  # id of the order, what the export says, the status it implies

# What carriers and our people know of a parcel that was stopped, received or cancelled, an export does not.
_STEPS: Final = (*UNDER_WAY, ParcelStatus.SIGNED)
_CHANGED: Final = ("id", "status", "shipped_at", "signed_at")


def record(orders: Mapping[int, ReportedOrder], at: datetime) -> None:
    """Record or update the parcels of orders, which are given by id.

    A waybill that two orders share stays with the first; a parcel never steps back.
    """
    reported = _reported(orders)
    if not reported:
        return
    known = _known({waybill for _merchant, _carrier, waybill in reported})
    _create({key: one for key, one in reported.items() if key not in known}, at)
    pairs = [(known[key], *reported[key]) for key in reported if key in known]
    copying.update(Parcel, _CHANGED, [row for pair in pairs if (row := _changed_row(*pair))])


def _known(waybills: set[str]) -> dict[Key, Parcel]:
    parcels = Parcel.objects.filter(direction=Direction.OUTBOUND, waybill__in=waybills)
    return {(parcel.merchant_id, parcel.carrier, parcel.waybill): parcel for parcel in parcels}


def _create(new: Mapping[Key, Reported], at: datetime) -> None:
    # With COPY, as an import writes everything (docs/performance.md).
    ids = copying.new_ids(Parcel, len(new))
    copying.insert(
        Parcel,
        ("id", "direction", "created_at", "merchant_id", "carrier", "waybill", "order_id", *_CHANGED[1:]),
        [
            rows.text((pk, Direction.OUTBOUND, at, *key, order, status, facts.shipped_at, facts.signed_at))
            for pk, (key, (order, facts, status)) in zip(ids, new.items(), strict=True)
        ],
    )


def _reported(orders: Mapping[int, ReportedOrder]) -> dict[Key, Reported]:
    found: dict[Key, Reported] = {}
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


def _changed_row(known: Parcel, order_id: int, facts: ParcelFacts, status: ParcelStatus) -> str | None:
    if known.order_id != order_id:
        return None
    is_step = known.status in _STEPS and RANK[status] > RANK[ParcelStatus(known.status)]
    now = (
        status if is_step else known.status,
        merging.moment(facts.shipped_at, known.shipped_at, is_coarse=False),
        merging.moment(facts.signed_at, known.signed_at, is_coarse=False),
    )
    return rows.text((known.pk, *now)) if now != (known.status, known.shipped_at, known.signed_at) else None
