"""A courier booked and cancelled at one moment, and a carrier that says no meanwhile: one outcome."""

from functools import partial

import pytest

from aftersales.actions.returns import pickup_processing, pickups
from aftersales.models import Case
from logistics.models import Pickup
from logistics.models.pickup import EXPECTED
from tests.aftersales.stages import AT_DOOR, HOUR, stage, tomorrow
from tests.factories import NOON
from tests.races.clones import cloned
from tests.races.together import at_once, nothing_broken, patiently

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
AT = NOON + 2 * HOUR


def book(case, by):
    return patiently(lambda: pickups.book(case.pk, by=by, at=AT, carrier="SF", window=tomorrow(AT), at_door=AT_DOOR))


def cancel(case, by):
    return patiently(lambda: pickups.cancel_pickup(case.pk, by=by, at=AT))


def test_a_case_in_transit_has_one_courier_and_one_that_waits_has_none(order, people):
    asked = cloned(stage("awaiting_return", order, people), 20)

    for case in asked:
        at_once(
            partial(book, case, people.agent),
            partial(cancel, case, people.buyer),
            partial(book, case, people.buyer),
            partial(cancel, case, people.agent),
        )

    for case in Case.objects.filter(pk__in=[each.pk for each in asked]):
        couriers = Pickup.objects.filter(reference=case.number, status__in=EXPECTED).count()
        assert (case.status, couriers) in [("return_in_transit", 1), ("awaiting_return", 0)]
    nothing_broken()


def test_a_carriers_no_and_a_cancellation_are_one(order, people):
    asked = cloned(stage("awaiting_return", order, people), 20)

    for case in asked:
        book(case, people.agent)
        Pickup.objects.filter(reference=case.number).update(status="failed", is_judged=False)
        at_once(partial(pickup_processing.process_next, AT + HOUR), partial(cancel, case, people.buyer))
        pickup_processing.process_due(AT + HOUR)

    assert set(Case.objects.filter(pk__in=[each.pk for each in asked]).values_list("status", flat=True)) == {
        "awaiting_return"
    }
    assert not Pickup.objects.filter(is_judged=False).exists()
    nothing_broken()
