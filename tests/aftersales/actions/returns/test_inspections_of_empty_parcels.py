"""An empty parcel: received with a note and no unit, inspected as empty, refused with proof."""

from datetime import timedelta

import pytest

from aftersales import sweeps
from aftersales.actions.cases import decisions
from aftersales.actions.returns import inspections, receipts, shipments
from aftersales.actions.returns.inspections import Finding
from aftersales.models import Case, InspectedUnit, RejectReason
from aftersales.rules.disputes.photo import Photo
from aftersales.rules.vocabulary import Condition, Disposition, Status
from orders.refusals import Refused
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def on_its_way(order, buyer, agent):
    case = opened(order, by=buyer)
    decisions.approve(case.pk, by=agent, at=NOON + HOUR)
    return shipments.ship(case.pk, by=buyer, at=NOON + 2 * HOUR, carrier="SF", waybill="SF1")


def photo():
    return Photo("box.jpg", "image/jpeg", b"picture", 1, 1)


def empty(line, **fields):
    return Finding(line.pk, Condition.EMPTY, Disposition.SCRAP, False, **fields)


def test_nothing_counted_needs_a_note(on_its_way, warehouse):
    with pytest.raises(Refused, match="note"):
        receipts.receive(on_its_way.pk, by=warehouse, at=NOON + 3 * HOUR, units={})

    assert Case.objects.get().status == Status.RETURN_IN_TRANSIT


def test_an_empty_parcel_is_received_with_a_note(on_its_way, warehouse):
    receipts.receive(on_its_way.pk, by=warehouse, at=NOON + 3 * HOUR, units={}, waybill="SF1", note="Only paper inside")

    case = Case.objects.get()
    assert case.status == Status.INSPECTING
    assert case.events.get(action="receive").why == "Only paper inside"
    assert case.return_parcels.get().parcel.status == "received"
    assert case.due_kind == "inspection"


def test_an_empty_parcel_fails_the_inspection_with_one_finding_per_asked_unit(on_its_way, warehouse):
    line = on_its_way.lines.get()
    receipts.receive(on_its_way.pk, by=warehouse, at=NOON + 3 * HOUR, units={}, note="Only paper inside")
    findings = [empty(line, photos=[photo()]), empty(line)]

    inspections.fail_inspection(
        on_its_way.pk,
        findings,
        by=warehouse,
        at=NOON + 4 * HOUR,
        reason=RejectReason.objects.get(code="empty_return"),
    )

    case = Case.objects.get()
    assert case.status == Status.REJECTED
    assert list(InspectedUnit.objects.values_list("condition", flat=True)) == ["empty", "empty"]
    assert case.lines.get().units_accepted == 0


def test_one_of_two_units_missing_may_be_found_empty_beside_the_one_received(on_its_way, warehouse):
    line = on_its_way.lines.get()
    receipts.receive(on_its_way.pk, by=warehouse, at=NOON + 3 * HOUR, units={line.pk: 1})
    good = Finding(line.pk, Condition.AS_NEW, Disposition.RESTOCK, True)

    case = inspections.pass_inspection(on_its_way.pk, [good, empty(line)], by=warehouse, at=NOON + 4 * HOUR)

    assert case.agreed_amount == 50


def test_a_unit_that_never_came_can_not_be_found_good(on_its_way, warehouse):
    line = on_its_way.lines.get()
    receipts.receive(on_its_way.pk, by=warehouse, at=NOON + 3 * HOUR, units={line.pk: 1})
    good = Finding(line.pk, Condition.AS_NEW, Disposition.RESTOCK, True)

    with pytest.raises(Refused, match="1 units were received, 2 were inspected"):
        inspections.pass_inspection(on_its_way.pk, [good, good], by=warehouse, at=NOON + 4 * HOUR)


def test_no_more_empty_findings_than_units_are_missing(on_its_way, warehouse):
    line = on_its_way.lines.get()
    receipts.receive(on_its_way.pk, by=warehouse, at=NOON + 3 * HOUR, units={}, note="Empty")

    with pytest.raises(Refused, match="were inspected"):
        inspections.fail_inspection(
            on_its_way.pk,
            [empty(line, photos=[photo()]), empty(line), empty(line)],
            by=warehouse,
            at=NOON + 4 * HOUR,
            reason=RejectReason.objects.get(code="empty_return"),
        )


def test_an_empty_parcel_is_never_accepted(on_its_way, warehouse):
    line = on_its_way.lines.get()
    receipts.receive(on_its_way.pk, by=warehouse, at=NOON + 3 * HOUR, units={line.pk: 2})
    nothing = Finding(line.pk, Condition.EMPTY, Disposition.SCRAP, True)

    with pytest.raises(Refused, match="empty"):
        inspections.pass_inspection(on_its_way.pk, [nothing, nothing], by=warehouse, at=NOON + 4 * HOUR)


def test_a_person_can_not_pass_what_never_came(on_its_way, warehouse):
    receipts.receive(on_its_way.pk, by=warehouse, at=NOON + 3 * HOUR, units={}, note="Empty")

    with pytest.raises(Refused, match="Nothing has been received"):
        inspections.pass_inspection(on_its_way.pk, [], by=warehouse, at=NOON + 4 * HOUR)


def test_an_empty_parcel_that_nobody_judges_in_time_is_paid_as_asked(on_its_way, warehouse):
    receipts.receive(on_its_way.pk, by=warehouse, at=NOON + 3 * HOUR, units={}, note="Empty")

    sweeps.fire_deadlines(NOON + timedelta(hours=52))

    case = Case.objects.get()
    assert case.status == Status.REFUNDING
    assert case.agreed_amount == 100
    assert not case.deadlines.filter(status="quarantined").exists()
