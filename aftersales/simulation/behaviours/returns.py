"""Goods on their way back: shipped, stopped, handed over, received."""

from datetime import datetime, timedelta

from aftersales.actions.returns import interceptions, pickups, receipts, shipments
from aftersales.models import Case, CaseLine
from aftersales.rules.returns import dispositions
from aftersales.rules.vocabulary import Role
from aftersales.simulation import applications
from aftersales.simulation.behaviours.situation import Situation
from logistics.pickups.pickup_requests import Contact


def intercepted(situation: Situation, case: Case, at: datetime) -> None:
    """The carrier stopped the parcel on its way."""
    interceptions.intercepted(case.pk, by=situation.actors.merchant(case), at=at)


def miss_interception(situation: Situation, case: Case, at: datetime) -> None:
    """The carrier could not stop it: it went on to the buyer."""
    interceptions.miss_interception(case.pk, by=situation.actors.merchant(case), at=at)


def ship(situation: Situation, case: Case, at: datetime) -> None:
    """Ship with a waybill of its own, rarely with one that another case has used."""
    code = f"W{case.pk}-{case.version}" if situation.happens(0.95) else "W-SHARED"
    shipments.ship(case.pk, by=situation.actors.buyer(case), at=at, carrier="SIM", waybill=code)


def cancel_pickup(situation: Situation, case: Case, at: datetime) -> None:
    """Cancel the pickup: the courier never came."""
    pickups.cancel_pickup(case.pk, by=situation.actors.buyer(case), at=at)


def book_pickup(situation: Situation, case: Case, at: datetime) -> None:
    """Have a courier fetch the goods, now and then at another time than was booked."""
    begins = at + timedelta(hours=situation.random.randint(2, 60))
    window, by = (begins, begins + timedelta(hours=2)), situation.actors.buyer(case)
    if situation.happens(0.3):
        pickups.reschedule(case.pk, by=by, at=at, window=window)
        return
    at_door = Contact("韩梅梅", "13800006620", "", "浙江省杭州市西湖区文三路1号")
    pickups.book(case.pk, by=by, at=at, carrier="SIM", window=window, at_door=at_door)


def report(situation: Situation, case: Case, at: datetime) -> None:
    """Put on record what speaks against the goods that are here."""
    found = situation.random.choice(sorted(dispositions.ADVERSE))
    photos = (applications.tiny_photo(),)
    receipts.report(case.pk, by=situation.actors.one(Role.WAREHOUSE), at=at, found=found, why="as found", photos=photos)


def carrier_signs(situation: Situation, case: Case, at: datetime) -> None:
    """The carrier reports the return as signed for."""
    link = case.return_parcels.order_by("-pk").first()
    if link:
        shipments.carrier_signed(link.parcel_id, by=situation.actors.one(Role.WAREHOUSE), at=at)


def receive(situation: Situation, case: Case, at: datetime) -> None:
    """Receive all, or less, with a waybill or without; now and then more than was asked back."""
    units = {line.pk: _units(situation, line) for line in case.lines.order_by("pk")}
    code = situation.random.choice(("", f"U{case.pk}-{case.version}"))
    receipts.receive(case.pk, by=situation.actors.one(Role.WAREHOUSE), at=at, units=units, carrier="SIM", waybill=code)


def _units(situation: Situation, line: CaseLine) -> int:
    missing = max(line.units - line.units_received, 0)
    chance = situation.random.random()
    if chance < 0.7:
        return missing
    return situation.random.randint(0, missing) if chance < 0.97 else missing + 1
