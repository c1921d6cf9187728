"""What went wrong elsewhere, 31–42: states, access, time.

31 concerns splitting a case, which no type here does; 40 and 41 are about pages, their part below the page is here and
the rest beside the views.
"""

from decimal import Decimal

import pytest

from aftersales import sweeps
from aftersales.actions import gate
from aftersales.actions.cases import decisions
from aftersales.actions.cases.applications import Application, Wanted
from aftersales.actions.conversation import messages
from aftersales.actions.oversight import outages
from aftersales.actions.returns import inspections, receipts
from aftersales.models import Case, Event, Policy
from aftersales.rules import actor
from aftersales.rules.vocabulary import CaseType
from logistics.models import Parcel
from logistics.models.parcel import ParcelStatus
from logistics.parcels import tracking as parcels
from orders.models import Order
from orders.refusals import Refused
from tests.aftersales.stages import DAY, HOUR, MINUTE, again, found, pay, refusal, stage
from tests.factories import NOON, asks, opened, sold

pytestmark = pytest.mark.django_db


def test_peer_32_an_unannounced_parcel_ends_in_no_dead_end(order, people):
    case = stage("awaiting_return", order, people)
    line = case.lines.get()

    receipts.receive(case.pk, by=people.warehouse, at=NOON + DAY, units={line.pk: 1}, waybill="UNKNOWN-1")

    assert again(case).status == "inspecting"
    assert not case.refunds.exists()
    inspections.pass_inspection(case.pk, found(line, 1), by=people.warehouse, at=NOON + DAY)
    assert again(case).status == "refunding"


def test_peer_32_a_parcel_returned_to_sender_is_received_without_a_case(order):
    parcel = parcels.announce_return(order, carrier="SF", waybill="BACK-1", at=NOON, recorded_by="warehouse")

    parcels.scan(parcel, ParcelStatus.RECEIVED, at=NOON + HOUR, recorded_by="warehouse")

    assert Parcel.objects.get().status == "received"
    assert not Case.objects.exists()


def test_peer_33_withdrawn_with_a_parcel_under_way_it_stays_tracked(order, people):
    case = stage("return_in_transit", order, people)
    decisions.withdraw(case.pk, by=people.buyer, at=NOON + DAY)
    parcel = Parcel.objects.get()

    parcels.scan(parcel, ParcelStatus.DELIVERING, at=NOON + 2 * DAY, recorded_by="carrier")
    parcels.scan(parcel, ParcelStatus.RECEIVED, at=NOON + 3 * DAY, recorded_by="warehouse")

    assert Parcel.objects.get().status == "received"
    assert parcel.events.count() == 3
    assert (again(case).status, order.lines.get().units_left) == ("closed", 2)


def test_peer_34_a_request_sets_neither_status_nor_owner_nor_foreign_lines(order, people):
    foreign = sold()
    asked = asks(order)

    assert set(Application.__dataclass_fields__) == {
        "order_id",
        "type",
        "reason",
        "lines",
        "description",
        "wants_freight",
        "photos",
        "given_as",
        "change",
        "delivery",
        "dispatches_first",
        "freight",
    }
    for lines in (
        {foreign.lines.get().pk: Wanted(1)},
        {order.lines.get().pk: Wanted(-1)},
        {order.lines.get().pk: Wanted(1, Decimal(-5))},
        {order.lines.get().pk: Wanted(1, Decimal("50.01"))},
    ):
        with pytest.raises(Refused):
            decisions.apply(Application(order.pk, asked.type, asked.reason, lines), by=people.buyer, at=NOON)
    with pytest.raises(gate.Forbidden):
        opened(foreign, by=people.buyer)
    assert not Case.objects.exists()


def test_peer_35_applying_again_keeps_the_rejected_round(order, people):
    case = stage("rejected", order, people)

    decisions.reapply(case.pk, asks(order, reason="agreed"), by=people.buyer, at=NOON + 2 * HOUR)

    rounds = list(case.rounds.order_by("number").values_list("outcome", "reason__code"))
    assert rounds == [("rejected", "changed_mind"), ("open", "agreed")]


def test_peer_36_the_window_starts_at_delivery(order, people):
    Order.objects.filter(pk=order.pk).update(ordered_at=NOON - 90 * DAY, paid_at=NOON - 90 * DAY)

    assert opened(order, by=people.buyer).status == "pending_merchant"


@pytest.mark.django_db(transaction=True)
def test_peer_37_a_deadline_fires_while_an_agent_rejects_both_are_on_record(order, people):
    """One after the other; at the same moment: tests/races/test_decisions.py."""
    case = opened(order, by=people.buyer)
    sweeps.fire_deadlines(case.due_at + MINUTE)

    with pytest.raises(gate.Overtaken, match="possible while"):
        decisions.reject(case.pk, by=people.merchant, at=case.due_at, reason=refusal())

    assert again(case).status == "awaiting_return"
    log = list(Event.objects.filter(case=case).values_list("action", "role"))
    assert log == [("apply", "buyer"), ("approve", "clock"), ("attempt", "merchant")]
    assert Event.objects.last().data == {"tried": "reject"}


def test_peer_38_freezing_the_receipt_again_and_again_gains_nothing_and_is_counted(order, people):
    left = order.receipt_due_at - NOON
    at = NOON

    for _time in range(3):
        case = opened(order, by=people.buyer, at=at)
        decisions.reject(case.pk, by=people.merchant, at=at + HOUR, reason=refusal())
        at = again(case).due_at + MINUTE
        sweeps.fire_deadlines(at)
        order.refresh_from_db()
        assert order.receipt_due_at == at + left
        Order.objects.filter(pk=order.pk).update(signed_at=at - DAY)

    order.refresh_from_db()
    assert order.receipt_hold_count == 3


def test_peer_39_acting_on_a_closed_case_does_not_lengthen_it(order, people):
    case = stage("completed", order, people)
    ended = case.closed_at

    messages.note(case.pk, "All is well.", by=people.agent, at=NOON + 90 * DAY)

    assert again(case).closed_at == ended


def test_peer_41_a_colleagues_change_is_told_with_the_case_as_it_stands(order, people):
    case = opened(order, by=people.buyer)
    decisions.reject(case.pk, by=people.merchant, at=NOON + HOUR, reason=refusal())

    with pytest.raises(gate.Stale, match="what you typed is kept") as stale:
        decisions.approve(case.pk, by=people.agent, at=NOON + HOUR, version=case.version, why="A long explanation.")

    assert stale.value.case.status == "rejected"


def test_peer_42_a_new_policy_moves_no_open_promise_and_forgets_no_pause(order, people):
    case = stage("pending_buyer", order, people)
    paused = case.deadlines.get(kind="merchant_response")
    Policy.objects.filter(pk=case.policy_id).update(effective_until=NOON + 2 * HOUR)
    Policy.objects.create(
        name="General",
        version=2,
        effective_from=NOON + 2 * HOUR,
        response_hours=1,
        offer_hours=1,
        response_floor_hours=1,
    )

    sweeps.run(NOON + 3 * HOUR)
    fresh = opened(sold(merchant=order.merchant, buyer=order.buyer), by=people.buyer, at=NOON + 3 * HOUR)

    assert again(case).due_at == case.due_at
    assert case.deadlines.get(kind="merchant_response").left == paused.left
    assert case.deadlines.get(kind="merchant_response").policy_id == case.policy_id
    assert (fresh.policy.version, fresh.due_at) == (2, NOON + 4 * HOUR)


def test_peer_42_an_outage_during_a_pause_takes_nothing(order, people):
    case = stage("pending_buyer", order, people)
    left = case.deadlines.get(kind="merchant_response").left

    outages.declare(
        started_at=NOON + 2 * HOUR, ended_at=NOON + 3 * HOUR, reason="Network", user_id=None, at=NOON + 3 * HOUR
    )
    sweeps.apply_outages(NOON + 3 * HOUR)

    assert case.deadlines.get(kind="merchant_response").left == left


def test_a_person_who_may_not_see_a_case_can_not_act_on_it(order, people):
    case = opened(order, by=people.buyer, type=CaseType.RETURN_REFUND)
    stranger = actor.buyer(sold().buyer_id)

    with pytest.raises(gate.Forbidden):
        decisions.withdraw(case.pk, by=stranger, at=NOON + HOUR)
    pay(NOON)
