"""Outbound parcels that an export tells of, recorded with their order."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.apps import apps

from orders.importers import copying, merging, rows
from orders.importers.base import ParcelFacts
from orders.importers.told import Told
from orders.models.order import OrderStatus

Key = tuple[int, str, str]

_OUTBOUND: Final = "outbound"
_ANNOUNCED, _IN_TRANSIT, _SIGNED = "announced", "in_transit", "signed"
# A parcel that was stopped, came to us or was called off is beyond what an export can tell.
_STEPS: Final = (_ANNOUNCED, _IN_TRANSIT, "delivering", _SIGNED)
_CHANGED: Final = ("id", "status", "shipped_at", "signed_at")


def record(orders: Mapping[int, Told], at: datetime) -> None:
    """Record or bring up to date the parcels of orders, given by their id.

    A waybill that two orders share stays with the first; a parcel never steps back.
    """
    told = _told(orders)
    if not told:
        return
    # Facts about orders know nothing of logistics; the table is asked for by name, so that no import goes up.
    parcel: Any = apps.get_model("logistics", "Parcel")
    known = {
        (one.merchant_id, one.carrier, one.waybill): one
        for one in parcel.objects.filter(direction=_OUTBOUND, waybill__in={key[2] for key in told})
    }
    new = {key: one for key, one in told.items() if key not in known}
    ids = copying.new_ids(parcel, len(new))
    copying.insert(
        parcel,
        ("id", "direction", "created_at", "merchant_id", "carrier", "waybill", "order_id", *_CHANGED[1:]),
        [
            rows.text((pk, _OUTBOUND, at, *key, order, status, facts.shipped_at, facts.signed_at))
            for pk, (key, (order, facts, status)) in zip(ids, new.items(), strict=True)
        ],
    )
    pairs = [(known[key], *told[key]) for key in told if key in known]
    copying.update(parcel, _CHANGED, [row for pair in pairs if (row := _stepped(*pair))])


def _told(orders: Mapping[int, Told]) -> dict[Key, tuple[int, ParcelFacts, str]]:
    found: dict[Key, tuple[int, ParcelFacts, str]] = {}
    for pk, one in orders.items():
        for facts in one.facts.parcels:
            key = one.merchant.pk, facts.carrier[:60], facts.waybill
            found.setdefault(key, (pk, facts, _status(facts, one.facts.status)))
    return found


def _status(parcel: ParcelFacts, status: str) -> str:
    if parcel.signed_at or status in (OrderStatus.SIGNED, OrderStatus.COMPLETED):
        return _SIGNED
    return _IN_TRANSIT if parcel.shipped_at or status == OrderStatus.SHIPPED else _ANNOUNCED


def _stepped(known: Any, order_id: int, facts: ParcelFacts, status: str) -> str | None:
    if known.order_id != order_id:
        return None
    is_step = known.status in _STEPS and status in _STEPS and _STEPS.index(status) > _STEPS.index(known.status)
    told = (
        status if is_step else known.status,
        merging.moment(facts.shipped_at, known.shipped_at, is_coarse=False),
        merging.moment(facts.signed_at, known.signed_at, is_coarse=False),
    )
    return rows.text((known.pk, *told)) if told != (known.status, known.shipped_at, known.signed_at) else None
