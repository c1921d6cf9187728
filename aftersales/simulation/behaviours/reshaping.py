"""A case goes on as another type, in two parts, or together with another one."""

from dataclasses import replace
from datetime import datetime

from aftersales.actions.cases.reshaping import conversions, merges, splits
from aftersales.models import Case
from aftersales.rules.vocabulary import CaseType, Role
from aftersales.simulation import applications
from aftersales.simulation.behaviours.situation import Situation


def convert(situation: Situation, case: Case, at: datetime) -> None:
    """Go on as another type, mostly for the same lines."""
    lines = [line.order_line for line in case.lines.select_related("order_line").order_by("pk")]
    type = situation.random.choice(list(CaseType))
    asked = applications.application(case.order, situation.random, at, lines=lines, type=type)
    if asked:
        wanted = replace(asked, lines={}) if situation.happens(0.3) else asked
        conversions.convert(case.pk, wanted, by=situation.actors.one(Role.AGENT), at=at, why="the buyer prefers it")


def split(situation: Situation, case: Case, at: datetime) -> None:
    """Give some of the units a case of their own."""
    units = {line.pk: situation.random.randint(0, line.units) for line in case.lines.order_by("pk")}
    splits.split(case.pk, units, by=situation.actors.one(Role.AGENT), at=at, why="part of it is clear")


def merge(situation: Situation, case: Case, at: datetime) -> None:
    """End it in favour of another one about the same order."""
    other = Case.objects.filter(order=case.order_id, closed_at__isnull=True).exclude(pk=case.pk).order_by("pk").first()
    if other is not None:
        merges.merge(case.pk, other.pk, by=situation.actors.one(Role.AGENT), at=at, why="the same matter")
