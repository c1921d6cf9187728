"""The stock ledger: the only module that changes what is on hand and reserved. Every change is a movement.

A SKU's stock is kept here from its first count on; until then nothing is refused for want of it.
Lock order: after refunds, and several SKUs of a merchant in the order of their names.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Case, F, Sum, When
from django.utils.translation import gettext as _

from logistics.models import StockItem, StockMovement
from logistics.models.stock import MovementKind as Kind
from orders.db import statements
from orders.refusals import Refused

SYSTEM: Final = "clock"

# What one unit of a movement adds to on hand and to reserved; other kinds of movement are only on record.
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
class MovementFacts:
    """What is recorded with a movement beside its units: when, by whom, for which case."""

    at: datetime
    recorded_by: str
    reference: str = ""
    by_id: int | None = None
    serial: str = ""
    note: str = ""


def available(merchant_id: int, sku: str) -> int | None:
    """Units that nobody has reserved; None when this SKU's stock is not kept here."""
    item = StockItem.objects.filter(merchant_id=merchant_id, sku=sku, counted_at__isnull=False).first()
    return item.free if item else None


@transaction.atomic
def reserve(merchant_id: int, sku: str, units: int, *, reference: str, at: datetime) -> bool:
    """Reserve units for a case; False when the SKU is not kept here, OutOfStock when fewer are free."""
    item = _locked(merchant_id, sku)
    if item is None or item.counted_at is None or units <= 0:
        return False
    if units > item.free:
        raise OutOfStock(_none_left(item, units))
    _move(item, Kind.RESERVE, units, MovementFacts(at, SYSTEM, reference))
    return True


@transaction.atomic
def release(merchant_id: int, sku: str, units: int, *, reference: str, at: datetime) -> bool:
    """Make reserved units free again, as far as the case holds any; False when it holds none."""
    return _take_from_case(merchant_id, sku, Kind.RELEASE, units, MovementFacts(at, SYSTEM, reference))


@transaction.atomic
def dispatch(merchant_id: int, sku: str, units: int, *, reference: str, at: datetime) -> bool:
    """Reserved units leave the house, as far as the case holds any; False when it holds none."""
    return _take_from_case(merchant_id, sku, Kind.DISPATCH, units, MovementFacts(at, SYSTEM, reference))


@transaction.atomic
def take_in(merchant_id: int, sku: str, units: int, disposition: str, facts: MovementFacts, *, title: str = "") -> None:
    """Take in units that an inspection judged: restocked ones are on hand, the others only on record."""
    kind = Kind(disposition)
    if kind == Kind.RESTOCK and sku:  # nobody can count goods without a SKU
        # Inserted or added to: there is no row to lock before the first one, and of two that come at once one waits.
        [(title,)] = statements.rows(PUT_ON_SHELF, [merchant_id, sku, title, units])
    _record(StockItem(merchant_id=merchant_id, sku=sku, title=title), kind, units, facts)


PUT_ON_SHELF: Final = """
INSERT INTO logistics_stockitem AS shelf (merchant_id, sku, title, on_hand, reserved) VALUES (%s, %s, %s, %s, 0)
ON CONFLICT (merchant_id, sku) DO UPDATE SET on_hand = shelf.on_hand + EXCLUDED.on_hand RETURNING title
"""


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
    """Set what is on hand to what somebody counted; from the first count on this SKU's stock is kept here."""
    _refuse_incomplete(sku, why)
    item = _locked_or_created(StockItem(merchant_id=merchant_id, sku=sku.strip(), title=title))
    _refuse_below_reserved(item, counted)
    StockItem.objects.filter(pk=item.pk).update(counted_at=at, title=title or item.title)
    _move(item, Kind.CORRECTION, counted - item.on_hand, MovementFacts(at, recorded_by, by_id=by_id, note=why.strip()))
    return StockItem.objects.get(pk=item.pk)


def _refuse_incomplete(sku: str, why: str) -> None:
    if not sku.strip():
        raise Refused(_("Enter the SKU: stock is kept by SKU."))
    if not why.strip():
        raise Refused(_("Say why the stock is corrected: the reason stays on record."))


def _refuse_below_reserved(item: StockItem, counted: int) -> None:
    if counted < item.reserved:
        raise Refused(
            _("%(item)s: %(reserved)d units are reserved for cases, fewer can not be counted. Release those first.")
            % {"reserved": item.reserved, "item": item.title or item.sku}
        )


def _none_left(item: StockItem, units: int) -> str:
    sentence = _(
        "%(item)s: %(units)d needed, %(free)d free in stock. Offer another item or the money back; if there is more "
        "on the shelf, correct the stock."
    )
    return sentence % {"item": item.title or item.sku, "units": units, "free": item.free}


def _locked(merchant_id: int, sku: str) -> StockItem | None:
    return StockItem.objects.select_for_update(of=("self",)).filter(merchant_id=merchant_id, sku=sku).first()


def _locked_or_created(item: StockItem) -> StockItem:
    """The item as the database has it, locked.

    Inserted first, because there is no row to lock before the first one: of two that come at once one waits here.
    """
    StockItem.objects.bulk_create([item], ignore_conflicts=True)
    return StockItem.objects.select_for_update(of=("self",)).get(merchant_id=item.merchant_id, sku=item.sku)


def _take_from_case(merchant_id: int, sku: str, kind: Kind, units: int, facts: MovementFacts) -> bool:
    item = _locked(merchant_id, sku)
    held = min(units, _held(item, facts.reference)) if item else 0
    if item is None or held <= 0:
        return False
    _move(item, kind, held, facts)
    return True


def _held(item: StockItem, reference: str) -> int:
    """Units of the item that a case has reserved and neither released nor dispatched."""
    # Summed up from the movements: whoever releases or dispatches twice finds nothing left the second time.
    moved = StockMovement.objects.filter(merchant_id=item.merchant_id, sku=item.sku, reference=reference)
    gone = When(kind__in=[Kind.RELEASE, Kind.DISPATCH], then=-F("units"))
    return moved.aggregate(held=Sum(Case(When(kind=Kind.RESERVE, then=F("units")), gone)))["held"] or 0


def _move(item: StockItem, kind: Kind, units: int, facts: MovementFacts) -> None:
    on_hand, reserved = EFFECTS.get(kind, (0, 0))
    if item.pk and (on_hand or reserved):
        StockItem.objects.filter(pk=item.pk).update(
            on_hand=F("on_hand") + on_hand * units, reserved=F("reserved") + reserved * units
        )
    _record(item, kind, units, facts)


def _record(item: StockItem, kind: Kind, units: int, facts: MovementFacts) -> None:
    StockMovement.objects.create(
        merchant_id=item.merchant_id, sku=item.sku, title=item.title, kind=kind, units=units, **vars(facts)
    )
