"""Goods that go out: repaired, dispatched, lost, confirmed; now and then money instead."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from aftersales.actions.replacements import dispatches, repairs
from aftersales.models import Case, Repair
from aftersales.rules.actor import CARRIER
from aftersales.rules.replacements.repair_kinds import RepairCause
from aftersales.rules.vocabulary import Role
from aftersales.simulation.behaviours.situation import Situation
from logistics.models.parcel import UNDER_WAY, ParcelStatus
from logistics.parcels import tracking as parcels


def diagnose(situation: Situation, case: Case, at: datetime) -> None:
    """Find the fault; most goods are repaired in our own workshop."""
    place = situation.random.choice((Repair.Place.OWN, Repair.Place.OWN, Repair.Place.BRAND, Repair.Place.SUPPLIER))
    point = "" if place == Repair.Place.OWN or situation.happens(0.05) else "Motors Ltd"
    by = situation.actors.one(Role.WAREHOUSE)
    cause = situation.random.choice(("", *RepairCause.values))
    repairs.diagnose(case.pk, by=by, at=at, diagnosis="worn", place=place, service_point=point, cause=cause)


def quote(situation: Situation, case: Case, at: datetime) -> None:
    """Quote a price, rarely none."""
    amount = Decimal(situation.random.choice((0, 15, 30, 60)))
    repairs.quote(case.pk, by=situation.actors.decider(case), at=at, amount=amount)


def send_out(situation: Situation, case: Case, at: datetime) -> None:
    """Send it to the brand or the supplier."""
    code = f"O{case.pk}-{case.version}"
    repairs.send_out(case.pk, by=situation.actors.one(Role.WAREHOUSE), at=at, carrier="SIM", waybill=code)


def take_back(situation: Situation, case: Case, at: datetime) -> None:
    """Receive it back from there, with or without a waybill."""
    code = situation.random.choice(("", f"I{case.pk}-{case.version}"))
    repairs.take_back(case.pk, by=situation.actors.one(Role.WAREHOUSE), at=at, carrier="SIM", waybill=code)


def finish(situation: Situation, case: Case, at: datetime) -> None:
    """The repair is done."""
    repairs.finish(case.pk, by=situation.actors.one(Role.WAREHOUSE), at=at, note="new part")


def fail(situation: Situation, case: Case, at: datetime) -> None:
    """The repair failed."""
    repairs.fail(case.pk, by=situation.actors.one(Role.WAREHOUSE), at=at, note="no part")


def choose(situation: Situation, case: Case, at: datetime) -> None:
    """The buyer chooses an exchange or the money instead."""
    choice: Callable[..., object] = situation.random.choice((repairs.choose_exchange, repairs.choose_refund))
    choice(case.pk, by=situation.actors.buyer(case), at=at)


def dispatch(situation: Situation, case: Case, at: datetime) -> None:
    """Dispatch the replacement with a waybill of its own."""
    code = f"N{case.pk}-{case.version}"
    dispatches.dispatch(case.pk, by=situation.actors.one(Role.WAREHOUSE), at=at, carrier="SIM", waybill=code)


def give_money(situation: Situation, case: Case, at: datetime) -> None:
    """Refund instead, since the replacement is not to be had."""
    dispatches.give_money(case.pk, by=situation.actors.decider(case), at=at, why="not to be had")


def deliver(situation: Situation, case: Case, at: datetime) -> None:
    """The carrier reports what was sent as signed for."""
    sent = case.sent_parcels.filter(parcel__status__in=UNDER_WAY).select_related("parcel").first()
    if sent is not None:
        with transaction.atomic():
            parcels.scan(sent.parcel, ParcelStatus.SIGNED, at=at, recorded_by="SIM")
        dispatches.carrier_signed(sent.parcel_id, at=at)


def confirm(situation: Situation, case: Case, at: datetime) -> None:
    """The buyer confirms that it arrived."""
    dispatches.confirm(case.pk, by=situation.actors.buyer(case), at=at)


def lose(situation: Situation, case: Case, at: datetime) -> None:
    """Send it again: it was lost on the way."""
    dispatches.send_again(
        case.pk, by=situation.random.choice((CARRIER, situation.actors.one(Role.AGENT))), at=at, why="lost"
    )
