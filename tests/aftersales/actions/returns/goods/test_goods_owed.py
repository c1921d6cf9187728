"""Whatever ends a case: what lies here and nobody keeps is owed back to the buyer, once, at somebody's cost."""

from datetime import timedelta

import pytest

from aftersales import sweeps
from aftersales.actions.cases import decisions
from aftersales.actions.cases.applications import Application
from aftersales.actions.cases.reshaping import conversions
from aftersales.actions.disputes import arbitration
from aftersales.actions.replacements import dispatches, repairs
from aftersales.actions.returns import inspections, receipts
from aftersales.models import Event, GoodsOwed, Notice, Reason, Repair
from aftersales.rules.vocabulary import CaseType, Condition
from tests.aftersales.stages import DAY, HOUR, MINUTE, again, broken, found, inspect, pay, refusal, stage
from tests.factories import NOON, asks, sold

pytestmark = pytest.mark.django_db
LATER = NOON + DAY


def owed(case):
    """Cause, units, payer and rule of everything that is owed because of a case."""
    return [
        (row.cause, sum(line.units for line in row.lines.all()), row.payer, row.rule)
        for row in GoodsOwed.objects.filter(case=case).order_by("pk")
    ]


def failed(case, warehouse, *, at=LATER, **fields):
    seen = [one for line in case.lines.all() for one in found(line, line.units_received, accepted=False, **fields)]
    return inspections.fail_inspection(case.pk, seen, by=warehouse, at=at, reason=refusal())


def test_a_request_withdrawn_while_its_goods_are_inspected_owes_them_back(received, buyer):
    decisions.withdraw(received.pk, by=buyer, at=LATER)

    row = GoodsOwed.objects.get()
    assert owed(received) == [("ended", 2, "buyer", "withdrawn")]
    assert (row.due_at, row.is_overdue(LATER + 4 * DAY)) == (LATER + timedelta(hours=72), True)
    assert row.lines.get().order_line == received.lines.get().order_line
    event = Event.objects.get(case=received, action="owe_goods")
    assert (event.details["units"], event.role) == (2, "buyer")
    assert set(Notice.objects.filter(action="owe_goods").values_list("recipient", flat=True)) == {"buyer", "merchant"}
    assert broken() == []


def test_a_refusal_that_the_buyer_accepts_by_silence_sends_the_goods_back(received, warehouse):
    case = failed(received, warehouse)

    sweeps.fire_deadlines(case.due_at + MINUTE)

    assert (again(case).status, owed(case)) == ("closed", [("ended", 2, "buyer", "refused")])
    assert broken() == []


def test_a_ruling_for_the_merchant_sends_them_back_at_the_buyers_cost(received, people):
    failed(received, people.warehouse)
    arbitration.escalate(received.pk, by=people.buyer, at=LATER + HOUR)
    arbitration.rule_for_merchant(received.pk, by=people.supervisor, at=LATER + 2 * HOUR, ruling="They were worn.")

    assert owed(received) == [("ended", 2, "buyer", "found_buyer")]


def test_goods_stay_here_through_a_second_round_that_ends_without_them(received, people):
    """Applied for again, nobody receives anything any more: what came in the first round is not forgotten."""
    failed(received, people.warehouse)
    decisions.reapply(received.pk, asks(received.order), by=people.buyer, at=LATER + HOUR)
    decisions.reject(received.pk, by=people.merchant, at=LATER + 2 * HOUR, reason=refusal())

    sweeps.fire_deadlines(again(received).due_at + MINUTE)

    assert owed(received) == [("ended", 2, "buyer", "refused")]
    assert broken() == []


def test_goods_counted_again_in_a_second_round_are_not_there_twice(received, people):
    failed(received, people.warehouse)
    decisions.reapply(received.pk, asks(received.order), by=people.buyer, at=LATER + HOUR)
    decisions.approve(received.pk, by=people.merchant, at=LATER + 2 * HOUR)
    line = received.lines.get()
    receipts.receive(received.pk, by=people.warehouse, at=LATER + 3 * HOUR, units={line.pk: 2})

    decisions.withdraw(received.pk, by=people.buyer, at=LATER + 4 * HOUR)

    assert owed(received) == [("ended", 2, "buyer", "withdrawn")]


def test_of_a_return_that_passed_in_part_the_refused_unit_goes_back(received, warehouse):
    line = received.lines.get()
    seen = found(line, 1) + found(line, 1, accepted=False)
    inspections.pass_inspection(received.pk, seen, by=warehouse, at=LATER)
    assert owed(received) == []

    pay(LATER + HOUR)

    assert (again(received).status, owed(received)) == ("completed", [("ended", 1, "buyer", "refused")])
    assert broken() == []


def test_nothing_goes_back_of_what_was_not_in_the_parcel_or_was_paid_for(received, order, people):
    line = received.lines.get()
    seen = found(line, 1) + found(line, 1, accepted=False, condition=Condition.EMPTY)
    inspections.pass_inspection(received.pk, seen, by=people.warehouse, at=LATER)

    pay(LATER + HOUR)

    assert (again(received).status, owed(received)) == ("completed", [])
    assert broken() == []


def test_silence_that_takes_goods_as_received_owes_nothing_back(shipped):
    sweeps.fire_deadlines(shipped.due_at + MINUTE)
    pay(shipped.due_at + MINUTE)

    assert (again(shipped).status, owed(shipped)) == ("completed", [])
    assert broken() == []


def test_repaired_goods_went_back_already(order, people):
    case = stage("repairing", order, people)
    repairs.diagnose(case.pk, by=people.merchant, at=NOON + 5 * HOUR, diagnosis="Battery.", place=Repair.Place.OWN)
    repairs.finish(case.pk, by=people.merchant, at=LATER, note="New battery.")
    dispatches.dispatch(case.pk, by=people.warehouse, at=LATER + HOUR, carrier="SF", waybill="BACK1")
    dispatches.confirm(case.pk, by=people.buyer, at=LATER + DAY)

    assert (again(case).status, owed(case)) == ("completed", [])
    assert broken() == []


def test_goods_that_came_to_be_repaired_go_back_unrepaired(order, people):
    case = stage("repairing", order, people)

    decisions.withdraw(case.pk, by=people.buyer, at=LATER)

    assert owed(case) == [("ended", 2, "buyer", "withdrawn")]


def test_the_old_goods_of_an_exchange_stay_and_those_of_a_withdrawn_one_go_back(order, people):
    done = stage("awaiting_receipt", order, people)
    dispatches.confirm(done.pk, by=people.buyer, at=LATER)
    other = stage("awaiting_dispatch", sold(merchant=order.merchant, buyer=order.buyer), people)
    decisions.withdraw(other.pk, by=people.buyer, at=LATER)

    assert (again(done).status, owed(done)) == ("completed", [])
    assert owed(other) == [("ended", 2, "buyer", "withdrawn")]
    assert broken() == []


def test_a_case_that_goes_on_as_another_takes_the_goods_along(received, people):
    failed(received, people.warehouse)
    reason = Reason.objects.get(code="agreed")
    line = received.lines.get()
    new = conversions.convert(
        received.pk,
        Application(received.order_id, CaseType.REFUND_ONLY, reason, {}),
        by=people.agent,
        at=LATER,
    )

    assert (owed(received), new.lines.get().units_here) == ([], 2)
    assert again(received).lines.get(pk=line.pk).units_here == 0
    decisions.withdraw(new.pk, by=people.buyer, at=LATER + HOUR)
    assert owed(new) == [("ended", 2, "buyer", "withdrawn")]
    assert broken() == []


def test_a_case_that_is_opened_again_takes_up_what_still_lies_here(received, people):
    decisions.withdraw(received.pk, by=people.buyer, at=LATER)
    decisions.reopen(received.pk, by=people.supervisor, at=LATER + HOUR, why="The buyer erred.")

    assert GoodsOwed.objects.get().outcome == "taken_up"
    decisions.approve(received.pk, by=people.merchant, at=LATER + 2 * HOUR)
    line = received.lines.get()
    receipts.receive(received.pk, by=people.warehouse, at=LATER + 3 * HOUR, units={line.pk: 2})
    inspect(again(received), people, LATER + 4 * HOUR)
    pay(LATER + 5 * HOUR)
    assert (again(received).status, len(owed(received))) == ("completed", 1)
    assert broken() == []


def test_many_that_end_together_owe_what_each_holds(shop, order, people):
    cases = [stage("inspecting", sold(merchant=shop, buyer=order.buyer), people) for _case in range(3)]
    for case in cases:
        failed(case, people.warehouse)

    sweeps.fire_deadlines(again(cases[0]).due_at + DAY)

    assert [owed(case) for case in cases] == [[("ended", 2, "buyer", "refused")]] * 3
    assert broken() == []
