"""The stock ledger: the only place that touches what is on hand and reserved. Every change is a movement.

A SKU's stock is kept here from its first count on; until then nothing is refused for want of it.
Lock order: after refunds; who moves several SKUs of one merchant goes through them in their order.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Case, F, Sum, When
from django.utils.translation import gettext as _

from logistics.models import StockItem, StockMovement
from logistics.models.stock import MovementKind as Kind
from orders.refusals import Refused

SYSTEM: Final = "clock"

# What one unit of a movement adds to what is on hand and to what is reserved; the others are only on record.
EFFECTS: Final = {
    Kind.RESTOCK: (1, 0),
    Kind.CORRECTION: (1, 0),
    Kind.RESERVE: (0, 1),
    Kind.RELEASE: (0, -1),
    Kind.DISPATCH: (-1, -1),
}


class OutOfStock(Refused):
    """Fewer units are free than are needed."""


@dataclass(frozen=True)
class Told:
    """What is kept beside the units of a movement."""

    at: datetime
    recorded_by: str
    reference: str = ""
    by_id: int | None = None
    serial: str = ""
    note: str = ""


def available(merchant_id: int, sku: str) -> int | None:
    """Units that nobody has reserved; nothing when this SKU's stock is not kept here."""
    item = StockItem.objects.filter(merchant_id=merchant_id, sku=sku, counted_at__isnull=False).first()
    return item.free if item else None


@transaction.atomic
def reserve(
    merchant_id: int,
    sku: str,
    units: int,
    *,
    reference: str,
    at: datetime,
    recorded_by: str = SYSTEM,
    by_id: int | None = None,
) -> bool:
    """Promise units to a case; False when the SKU is not kept here, OutOfStock when fewer are free."""
    item = _locked(merchant_id, sku)
    if item is None or item.counted_at is None or units <= 0:
        return False
    if units > item.free:
        raise OutOfStock(_none_left(item, units))
    _move(item, Kind.RESERVE, units, Told(at, recorded_by, reference, by_id))
    return True


@transaction.atomic
def release(
    merchant_id: int,
    sku: str,
    units: int,
    *,
    reference: str,
    at: datetime,
    recorded_by: str = SYSTEM,
    by_id: int | None = None,
) -> bool:
    """Take a promise back, as far as the case still holds units; False when it holds none."""
    return _let_go(merchant_id, sku, Kind.RELEASE, units, Told(at, recorded_by, reference, by_id))


@transaction.atomic
def dispatch(
    merchant_id: int,
    sku: str,
    units: int,
    *,
    reference: str,
    at: datetime,
    recorded_by: str = SYSTEM,
    by_id: int | None = None,
) -> bool:
    """Units promised to the case leave the house, as far as it holds them; False when it holds none."""
    return _let_go(merchant_id, sku, Kind.DISPATCH, units, Told(at, recorded_by, reference, by_id))


@transaction.atomic
def take_in(
    merchant_id: int,
    sku: str,
    units: int,
    disposition: str,
    *,
    reference: str,
    at: datetime,
    recorded_by: str,
    serial: str = "",
    title: str = "",
    note: str = "",
    by_id: int | None = None,
) -> None:
    """Units that an inspection judged: restocked ones are on hand, the others only on record."""
    kind = Kind(disposition)
    item = StockItem(merchant_id=merchant_id, sku=sku, title=title)
    if kind == Kind.RESTOCK and sku:  # goods without a SKU can be counted by nobody
        item = _opened(item)
    _move(item, kind, units, Told(at, recorded_by, reference, by_id, serial, note))


@transaction.atomic
def correct(
    merchant_id: int,
    sku: str,
    counted: int,
    *,
    why: str,
    by_id: int | None,
    at: datetime,
    recorded_by: str = "warehouse",
    title: str = "",
) -> StockItem:
    """Somebody counted: so many units are on hand, and from now on this SKU's stock is kept here."""
    if not sku.strip():
        raise Refused(_("Enter the SKU: stock is kept by SKU."))
    if not why.strip():
        raise Refused(_("Say why the stock is corrected: the reason stays on record."))
    item = _opened(StockItem(merchant_id=merchant_id, sku=sku.strip(), title=title))
    if counted < item.reserved:
        raise Refused(
            _("%(item)s: %(reserved)d units are reserved for cases, fewer can not be counted. Release those first.")
            % {"reserved": item.reserved, "item": item.title or item.sku}
        )
    StockItem.objects.filter(pk=item.pk).update(counted_at=at, title=title or item.title)
    _move(item, Kind.CORRECTION, counted - item.on_hand, Told(at, recorded_by, by_id=by_id, note=why.strip()))
    return StockItem.objects.get(pk=item.pk)


def _none_left(item: StockItem, units: int) -> str:
    sentence = _(
        "%(item)s: %(units)d needed, %(free)d free in stock. Offer another item or the money back; if there is more "
        "on the shelf, correct the stock."
    )
    return sentence % {"item": item.title or item.sku, "units": units, "free": item.free}


def _locked(merchant_id: int, sku: str) -> StockItem | None:
    return StockItem.objects.select_for_update(of=("self",)).filter(merchant_id=merchant_id, sku=sku).first()


def _opened(item: StockItem) -> StockItem:
    """The item as the database has it, locked; made if nobody knew it."""
    StockItem.objects.bulk_create([item], ignore_conflicts=True)
    return StockItem.objects.select_for_update(of=("self",)).get(merchant_id=item.merchant_id, sku=item.sku)


def _let_go(merchant_id: int, sku: str, kind: Kind, units: int, told: Told) -> bool:
    item = _locked(merchant_id, sku)
    held = min(units, _held(item, told.reference)) if item else 0
    if item is None or held <= 0:
        return False
    _move(item, kind, held, told)
    return True


def _held(item: StockItem, reference: str) -> int:
    """Units of the item that a case still holds."""
    moved = StockMovement.objects.filter(merchant_id=item.merchant_id, sku=item.sku, reference=reference)
    gone = When(kind__in=[Kind.RELEASE, Kind.DISPATCH], then=-F("units"))
    return moved.aggregate(held=Sum(Case(When(kind=Kind.RESERVE, then=F("units")), gone)))["held"] or 0


def _move(item: StockItem, kind: Kind, units: int, told: Told) -> None:
    on_hand, reserved = EFFECTS.get(kind, (0, 0))
    if item.pk and (on_hand or reserved):
        StockItem.objects.filter(pk=item.pk).update(
            on_hand=F("on_hand") + on_hand * units, reserved=F("reserved") + reserved * units
        )
    StockMovement.objects.create(
        merchant_id=item.merchant_id, sku=item.sku, title=item.title, kind=kind, units=units, **vars(told)
    )
