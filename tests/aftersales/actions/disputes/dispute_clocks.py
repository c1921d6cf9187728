"""Brings a dispute to each of its clocks, the way people and the clock do."""

from aftersales import sweeps
from aftersales.actions.disputes import arbitration, hearings
from aftersales.actions.returns import inspections, receipts
from aftersales.models import Case
from aftersales.rules.actor import CLOCK
from aftersales.rules.vocabulary import Condition, Status
from tests.aftersales.stages import DAY, HOUR, MINUTE, again, stage
from tests.factories import NOON

K = {"evidence": 0, "decision": 1, "last_decision": 2, "overdue_decision": 3}


def at_clock(kind, order, people, *, at=NOON):
    """A dispute that runs under the clock, and whose evidence or decision it is."""
    if kind == "referral":
        return referred(order, people, at=at)
    case = stage(Status.ARBITRATION, order, people, at=at)
    if kind == "more_evidence":
        arbitration.close_evidence(case.pk, by=CLOCK, at=at + DAY)
        return hearings.ask_evidence(case.pk, by=people.supervisor, at=at + DAY + HOUR, why="Which label?")
    for _step in range(K[kind]):
        sweeps.fire_deadlines(again(case).due_at + MINUTE)
    return again(case)


def referred(order, people, *, at=NOON):
    """Goods that nobody inspected in time although the parcel was empty."""
    case = stage(Status.RETURN_IN_TRANSIT, order, people, at=at)
    found = {"units": {case.lines.get().pk: 2}, "note": "Bricks.", "found": Condition.WRONG_ITEM}
    receipts.receive(case.pk, by=people.warehouse, at=at + 3 * HOUR, **found)
    inspections.lapse(case.pk, by=CLOCK, at=again(case).due_at + MINUTE)
    return Case.objects.get(pk=case.pk)
