"""Goods that go out: repaired, dispatched, lost, confirmed; now and then money instead."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from aftersales.actions.replacements import dispatches, repairs
from aftersales.models import Case, Repair
from aftersales.rules.actor import CARRIER
from aftersales.rules.vocabulary import Role
from aftersales.simulation.behaviours import Situation
from logistics.models.parcel import UNDER_WAY, ParcelStatus
from logistics.parcels import tracking as parcels


def diagnose(situation: Situation, case: Case, at: datetime) -> None:
    """Found; mostly repaired in the house."""
    place = situation.random.choice((Repair.Place.OWN, Repair.Place.OWN, Repair.Place.BRAND, Repair.Place.SUPPLIER))
    point = "" if place == Repair.Place.OWN or situation.random.random() < 0.05 else "Motors Ltd"
    by = situation.actors.one(Role.WAREHOUSE)
    repairs.diagnose(case.pk, by=by, at=at, diagnosis="worn", place=place, service_point=point)


def quote(situation: Situation, case: Case, at: datetime) -> None:
    """A price, rarely none."""
    amount = Decimal(situation.random.choice((0, 15, 30, 60)))
    repairs.quote(case.pk, by=situation.actors.decider(case), at=at, amount=amount)


def send_out(situation: Situation, case: Case, at: datetime) -> None:
    """To the repairer."""
    code = f"O{case.pk}-{case.version}"
    repairs.send_out(case.pk, by=situation.actors.one(Role.WAREHOUSE), at=at, carrier="SIM", waybill=code)


def take_back(situation: Situation, case: Case, at: datetime) -> None:
    """From the repairer, with or without a parcel."""
    code = situation.random.choice(("", f"I{case.pk}-{case.version}"))
    repairs.take_back(case.pk, by=situation.actors.one(Role.WAREHOUSE), at=at, carrier="SIM", waybill=code)


def finish(situation: Situation, case: Case, at: datetime) -> None:
    """It works again."""
    repairs.finish(case.pk, by=situation.actors.one(Role.WAREHOUSE), at=at, note="new part")


def fail(situation: Situation, case: Case, at: datetime) -> None:
    """It does not."""
    repairs.fail(case.pk, by=situation.actors.one(Role.WAREHOUSE), at=at, note="no part")


def choose(situation: Situation, case: Case, at: datetime) -> None:
    """Enough of it: an exchange or the money."""
    choice: Callable[..., object] = situation.random.choice((repairs.choose_exchange, repairs.choose_refund))
    choice(case.pk, by=situation.actors.buyer(case), at=at)


def dispatch(situation: Situation, case: Case, at: datetime) -> None:
    """A waybill of its own."""
    code = f"N{case.pk}-{case.version}"
    dispatches.dispatch(case.pk, by=situation.actors.one(Role.WAREHOUSE), at=at, carrier="SIM", waybill=code)


def give_money(situation: Situation, case: Case, at: datetime) -> None:
    """Not to be had."""
    dispatches.give_money(case.pk, by=situation.actors.decider(case), at=at, why="not to be had")


def deliver(situation: Situation, case: Case, at: datetime) -> None:
    """The carrier hands it over."""
    sent = case.sent_parcels.filter(parcel__status__in=UNDER_WAY).select_related("parcel").first()
    if sent is not None:
        with transaction.atomic():
            parcels.scan(sent.parcel, ParcelStatus.SIGNED, at=at, recorded_by="SIM")
        dispatches.carrier_signed(sent.parcel_id, at=at)


def confirm(situation: Situation, case: Case, at: datetime) -> None:
    """The buyer has it."""
    dispatches.confirm(case.pk, by=situation.actors.buyer(case), at=at)


def lose(situation: Situation, case: Case, at: datetime) -> None:
    """It never came."""
    dispatches.send_again(
        case.pk, by=situation.random.choice((CARRIER, situation.actors.one(Role.AGENT))), at=at, why="lost"
    )
