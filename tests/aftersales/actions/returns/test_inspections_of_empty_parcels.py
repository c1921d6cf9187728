"""An empty parcel: received with a note and no unit, inspected as empty, refused with proof."""

from datetime import timedelta

import pytest

from aftersales import sweeps
from aftersales.actions.cases import decisions
from aftersales.actions.disputes import arbitration
from aftersales.actions.returns import inspections, receipts, shipments
from aftersales.actions.returns.inspections import Finding
from aftersales.models import Case, InspectedUnit, RejectReason
from aftersales.rules.actor import CLOCK
from aftersales.rules.disputes.photo import Photo
from aftersales.rules.returns import dispositions
from aftersales.rules.vocabulary import Condition, Disposition, Fault, Status
from orders.refusals import Refused
from tests.factories import NOON, asks, opened

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LATER = NOON + 3 * HOUR


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


@pytest.mark.parametrize("count", [0, 1, 2])
@pytest.mark.parametrize("found", dispositions.ADVERSE)
def test_silence_never_passes_what_the_receipt_speaks_against(found, count, on_its_way, warehouse):
    line = on_its_way.lines.get()
    receipts.receive(on_its_way.pk, by=warehouse, at=LATER, units={line.pk: count}, note="See", found=found)

    sweeps.fire_deadlines(LATER + timedelta(hours=49))

    case = Case.objects.get()
    assert (case.status, case.refunds.count()) == (Status.ARBITRATION, 0)
    assert case.events.get(action="refer_inspection").data["found"] == found
    assert case.breached_at is not None
    assert case.due_at is not None
    assert case.deadlines.get(kind="inspection").status == "fired"


@pytest.mark.parametrize("by", ["warehouse", "merchant", "supervisor"])
@pytest.mark.parametrize("found", dispositions.ADVERSE)
def test_silence_never_passes_what_was_reported_while_the_goods_were_here(found, by, on_its_way, warehouse, people):
    receipts.receive(on_its_way.pk, by=warehouse, at=LATER, units={on_its_way.lines.get().pk: 2})
    due_at = Case.objects.get().due_at
    pictures = [photo()]

    case = receipts.report(
        on_its_way.pk, by=getattr(people, by), at=LATER + HOUR, found=found, why="Look.", photos=pictures
    )
    assert (case.status, case.due_at, case.evidence.count()) == (Status.INSPECTING, due_at, 1)
    sweeps.fire_deadlines(LATER + timedelta(hours=49))

    case = Case.objects.get()
    assert (case.status, case.due_kind, case.refunds.count()) == (Status.ARBITRATION, "referral", 0)
    assert case.events.get(action="refer_inspection").data["found"] == found


def test_a_report_says_what_was_found_in_words_and_comes_in_time(on_its_way, warehouse, people):
    receipts.receive(on_its_way.pk, by=warehouse, at=LATER, units={on_its_way.lines.get().pk: 2})
    said = {"by": people.merchant, "found": Condition.DAMAGED, "why": "Look."}

    with pytest.raises(Refused, match="Describe"):
        receipts.report(on_its_way.pk, at=LATER + HOUR, **said | {"why": " "})
    with pytest.raises(Refused, match="does not speak against"):
        receipts.report(on_its_way.pk, at=LATER + HOUR, **said | {"found": Condition.AS_NEW})
    with pytest.raises(Refused, match="Time was up"):
        receipts.report(on_its_way.pk, at=LATER + timedelta(hours=48, seconds=1), **said)


def test_a_parcel_without_a_unit_is_empty_whatever_was_chosen(on_its_way, warehouse):
    receipts.receive(on_its_way.pk, by=warehouse, at=LATER, units={}, note="Only paper inside")

    sweeps.fire_deadlines(LATER + timedelta(hours=49))

    assert Case.objects.get().status == Status.ARBITRATION


def test_silence_passes_what_nothing_speaks_against(on_its_way, warehouse):
    line = on_its_way.lines.get()
    receipts.receive(on_its_way.pk, by=warehouse, at=LATER, units={line.pk: 2}, note="A dented box")

    sweeps.fire_deadlines(LATER + timedelta(hours=49))

    assert Case.objects.get().status == Status.REFUNDING


def test_the_clock_is_refused_what_the_verb_would_have_passed(on_its_way, warehouse):
    line = on_its_way.lines.get()
    receipts.receive(on_its_way.pk, by=warehouse, at=LATER, units={line.pk: 2}, found=Condition.SWAPPED)

    with pytest.raises(Refused, match="A supervisor decides"):
        inspections.pass_inspection(on_its_way.pk, by=CLOCK, at=LATER + timedelta(hours=49))


def test_a_person_may_still_pass_in_time_what_looked_wrong_at_the_door(on_its_way, warehouse):
    line = on_its_way.lines.get()
    receipts.receive(on_its_way.pk, by=warehouse, at=LATER, units={line.pk: 2}, found=Condition.WRONG_ITEM)
    good = Finding(line.pk, Condition.AS_NEW, Disposition.RESTOCK, True)

    case = inspections.pass_inspection(on_its_way.pk, [good, good], by=warehouse, at=LATER + HOUR)

    assert case.status == Status.REFUNDING


@pytest.mark.parametrize("count", [0, 2])
def test_who_rules_for_the_buyer_asks_nothing_back_twice(count, on_its_way, warehouse, people):
    line, late = on_its_way.lines.get(), LATER + timedelta(hours=49)
    receipts.receive(on_its_way.pk, by=warehouse, at=LATER, units={line.pk: count}, note="See", found=Condition.EMPTY)
    sweeps.fire_deadlines(late)

    case = arbitration.rule_for_buyer(
        on_its_way.pk, by=people.supervisor, at=late + HOUR, ruling="Weighed full on its way.", liable=Fault.CARRIER
    )

    assert (case.status, case.agreed_amount) == (Status.REFUNDING, 110)


def test_what_an_earlier_round_found_does_not_stop_a_later_one(on_its_way, warehouse, people, buyer, agent):
    receipts.receive(on_its_way.pk, by=warehouse, at=LATER, units={}, note="Empty")
    line, empty_return = on_its_way.lines.get(), RejectReason.objects.get(code="empty_return")
    unit = [empty(line, photos=[photo()]), empty(line)]
    inspections.fail_inspection(on_its_way.pk, unit, by=warehouse, at=LATER + HOUR, reason=empty_return)
    decisions.reapply(on_its_way.pk, asks(on_its_way.order), by=buyer, at=LATER + 2 * HOUR)
    decisions.approve(on_its_way.pk, by=agent, at=LATER + 3 * HOUR)
    shipments.ship(on_its_way.pk, by=buyer, at=LATER + 4 * HOUR, carrier="SF", waybill="SF2")
    line = Case.objects.get().lines.get()
    receipts.receive(on_its_way.pk, by=warehouse, at=LATER + 5 * HOUR, units={line.pk: 2})

    sweeps.fire_deadlines(LATER + timedelta(hours=54))

    assert Case.objects.get().status == Status.REFUNDING
