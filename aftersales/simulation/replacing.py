"""Goods that go out: repaired, dispatched, lost, confirmed; now and then money instead."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from aftersales.actions.replacements import dispatches, repairs
from aftersales.models import Case, Repair
from aftersales.rules.actor import CARRIER
from aftersales.rules.vocabulary import Role
from aftersales.simulation.behaviours import Hand
from logistics.models.parcel import UNDER_WAY, ParcelStatus
from logistics.parcels import tracking as parcels


def diagnose(hand: Hand, case: Case, at: datetime) -> None:
    """Found; mostly repaired in the house."""
    place = hand.random.choice((Repair.Place.OWN, Repair.Place.OWN, Repair.Place.BRAND, Repair.Place.SUPPLIER))
    point = "" if place == Repair.Place.OWN or hand.random.random() < 0.05 else "Motors Ltd"
    by = hand.cast.one(Role.WAREHOUSE)
    repairs.diagnose(case.pk, by=by, at=at, diagnosis="worn", place=place, service_point=point)


def quote(hand: Hand, case: Case, at: datetime) -> None:
    """A price, rarely none."""
    amount = Decimal(hand.random.choice((0, 15, 30, 60)))
    repairs.quote(case.pk, by=hand.cast.decider(case), at=at, amount=amount)


def send_out(hand: Hand, case: Case, at: datetime) -> None:
    """To the repairer."""
    code = f"O{case.pk}-{case.version}"
    repairs.send_out(case.pk, by=hand.cast.one(Role.WAREHOUSE), at=at, carrier="SIM", waybill=code)


def take_back(hand: Hand, case: Case, at: datetime) -> None:
    """From the repairer, with or without a parcel."""
    code = hand.random.choice(("", f"I{case.pk}-{case.version}"))
    repairs.take_back(case.pk, by=hand.cast.one(Role.WAREHOUSE), at=at, carrier="SIM", waybill=code)


def finish(hand: Hand, case: Case, at: datetime) -> None:
    """It works again."""
    repairs.finish(case.pk, by=hand.cast.one(Role.WAREHOUSE), at=at, note="new part")


def fail(hand: Hand, case: Case, at: datetime) -> None:
    """It does not."""
    repairs.fail(case.pk, by=hand.cast.one(Role.WAREHOUSE), at=at, note="no part")


def choose(hand: Hand, case: Case, at: datetime) -> None:
    """Enough of it: an exchange or the money."""
    choice: Callable[..., object] = hand.random.choice((repairs.choose_exchange, repairs.choose_refund))
    choice(case.pk, by=hand.cast.buyer(case), at=at)


def dispatch(hand: Hand, case: Case, at: datetime) -> None:
    """A waybill of its own."""
    code = f"N{case.pk}-{case.version}"
    dispatches.dispatch(case.pk, by=hand.cast.one(Role.WAREHOUSE), at=at, carrier="SIM", waybill=code)


def give_money(hand: Hand, case: Case, at: datetime) -> None:
    """Not to be had."""
    dispatches.give_money(case.pk, by=hand.cast.decider(case), at=at, why="not to be had")


def deliver(hand: Hand, case: Case, at: datetime) -> None:
    """The carrier hands it over."""
    sent = case.sent_parcels.filter(parcel__status__in=UNDER_WAY).select_related("parcel").first()
    if sent is not None:
        with transaction.atomic():
            parcels.scan(sent.parcel, ParcelStatus.SIGNED, at=at, recorded_by="SIM")
        dispatches.carrier_signed(sent.parcel_id, at=at)


def confirm(hand: Hand, case: Case, at: datetime) -> None:
    """The buyer has it."""
    dispatches.confirm(case.pk, by=hand.cast.buyer(case), at=at)


def lose(hand: Hand, case: Case, at: datetime) -> None:
    """It never came."""
    dispatches.send_again(case.pk, by=hand.random.choice((CARRIER, hand.cast.one(Role.AGENT))), at=at, why="lost")
