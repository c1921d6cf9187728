"""Exchange: stock first, the old back, the new sent, the difference paid; and what happens when it can not be."""

from decimal import Decimal

import pytest

from aftersales.actions.cases import decisions
from aftersales.actions.cases.applications import Swap
from aftersales.actions.replacements import dispatches
from aftersales.actions.returns import inspections, receipts, shipments
from aftersales.models import Receivable
from aftersales.rules import actor
from aftersales.rules.vocabulary import CaseType
from logistics import stock
from logistics.models import Parcel
from orders.refusals import Refused
from tests.aftersales.stages import DAY, HOUR, again, broken, found, inspect, pay, picture
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db
LARGE = "DRESS-L"


def exchange(order, people, **fields):
    return opened(order, by=people.buyer, type=CaseType.EXCHANGE, **fields)


def kept_in_stock(order, units, sku=LARGE):
    stock.correct(order.merchant_id, sku, units, why="Counted.", by_id=None, at=NOON)


def came_back(case, people, units=None, accepted=None):
    """Sent back, received, inspected; so many units arrive, so many of them are good."""
    decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)
    shipments.ship(case.pk, by=people.buyer, at=NOON + 2 * HOUR, carrier="SF", waybill=f"BACK{case.pk}")
    line = case.lines.get()
    arrived = line.units if units is None else units
    receipts.receive(case.pk, by=people.warehouse, at=NOON + 3 * HOUR, units={line.pk: arrived})
    good = arrived if accepted is None else accepted
    findings = found(line, good) + found(line, arrived - good, accepted=False)
    return inspections.pass_inspection(case.pk, findings, by=people.warehouse, at=NOON + 4 * HOUR)


def sent(case, people, at=NOON + 5 * HOUR):
    return dispatches.dispatch(case.pk, by=people.warehouse, at=at, carrier="SF", waybill=f"NEW{case.pk}")


def line_of(order):
    return order.lines.get()


def test_peer_29_the_whole_way_and_the_exchanged_item_can_be_returned_again(order, people):
    kept_in_stock(order, 5)
    case = exchange(order, people, swap=Swap(LARGE, "L"))
    assert stock.available(order.merchant_id, LARGE) == 5
    came_back(case, people)
    assert stock.available(order.merchant_id, LARGE) == 3
    sent(case, people)

    done = dispatches.confirm(case.pk, by=people.buyer, at=NOON + 2 * DAY)

    assert (done.status, done.agreed_amount) == ("completed", 0)
    assert (line_of(order).units_reserved, line_of(order).units_left, line_of(order).amount_left) == (0, 2, 100)
    assert stock.available(order.merchant_id, LARGE) == 3
    returned = opened(order, by=people.buyer, at=NOON + 3 * DAY, reason="broken", photos=[picture()])
    assert returned.requested_amount == 100
    assert broken() == []


def test_peer_29_an_exchanged_item_can_be_exchanged_again(order, people):
    first = exchange(order, people)
    came_back(first, people)
    sent(first, people)
    dispatches.confirm(first.pk, by=people.buyer, at=NOON + 2 * DAY)

    again_asked = opened(order, by=people.buyer, type=CaseType.EXCHANGE, at=NOON + 3 * DAY)

    assert again_asked.lines.get().units_held == 2
    assert broken() == []


def test_peer_28_out_of_stock_says_what_is_there_and_what_to_do(order, people):
    kept_in_stock(order, 1)
    case = exchange(order, people, swap=Swap(LARGE, "L"))

    with pytest.raises(Refused) as refused:
        decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)

    assert LARGE in refused.value.sentence
    assert again(case).status == "pending_merchant"


def test_silence_agrees_whatever_the_stock_and_what_is_not_sent_becomes_money(order, people):
    kept_in_stock(order, 1)
    case = exchange(order, people, swap=Swap(LARGE, "L"))
    decisions.approve(case.pk, by=actor.CLOCK, at=NOON + 49 * HOUR)
    line = case.lines.get()
    receipts.receive(case.pk, by=people.warehouse, at=NOON + 3 * DAY, units={line.pk: 2})
    with pytest.raises(Refused):
        inspect(again(case), people, NOON + 3 * DAY)
    inspections.pass_inspection(case.pk, [], by=actor.CLOCK, at=NOON + 6 * DAY)
    assert again(case).status == "awaiting_dispatch"

    dispatches.give_money(case.pk, by=actor.CLOCK, at=NOON + 10 * DAY)
    pay(NOON + 10 * DAY)

    done = again(case)
    assert (done.status, done.agreed_amount, done.type) == ("completed", 100, "exchange")
    assert line_of(order).units_settled == 2
    assert broken() == []


def test_peer_28_the_difference_is_for_received_units_and_goes_back_when_the_new_one_is_cheaper(order, people):
    case = exchange(order, people, swap=Swap("DRESS-S", "S", Decimal(40)))
    came_back(case, people, units=2, accepted=1)
    sent(case, people)

    dispatches.confirm(case.pk, by=people.buyer, at=NOON + 2 * DAY)
    pay(NOON + 2 * DAY)

    done = again(case)
    assert (done.status, done.agreed_amount) == ("completed", 10)
    assert (line_of(order).units_settled, line_of(order).amount_settled) == (0, 10)
    assert line_of(order).units_left == 2
    assert broken() == []


def test_a_dearer_one_is_dispatched_once_the_buyer_has_paid(order, people):
    case = exchange(order, people, swap=Swap(LARGE, "L", Decimal(65)))
    came_back(case, people)
    owed = Receivable.objects.get(case=case)
    assert (owed.kind, owed.amount, owed.debtor) == ("difference", 30, "buyer")

    with pytest.raises(Refused) as refused:
        sent(case, people)

    assert "30.00" in refused.value.sentence


def test_what_can_not_be_sent_goes_back_at_the_paid_price(order, people):
    case = exchange(order, people, swap=Swap(LARGE, "L", Decimal(65)))
    came_back(case, people)

    dispatches.give_money(case.pk, by=people.merchant, at=NOON + 5 * HOUR, why="Sold out at the supplier.")
    pay(NOON + 6 * HOUR)

    assert (again(case).status, again(case).agreed_amount) == ("completed", 100)
    assert Receivable.objects.get(case=case).status == "waived"


def test_a_fast_exchange_sends_first_and_waits_for_the_old_one(order, people):
    kept_in_stock(order, 2)
    case = exchange(order, people, swap=Swap(LARGE, "L"), dispatches_first=True)
    decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)
    assert again(case).status == "awaiting_dispatch"
    sent(case, people)
    dispatches.confirm(case.pk, by=people.buyer, at=NOON + DAY)
    assert again(case).status == "awaiting_return"
    line = case.lines.get()
    receipts.receive(case.pk, by=people.warehouse, at=NOON + 2 * DAY, units={line.pk: 2})

    inspect(again(case), people, NOON + 2 * DAY + HOUR)

    assert again(case).status == "completed"
    assert not Receivable.objects.exists()
    assert broken() == []


def test_the_buyer_is_charged_when_the_old_one_never_comes(order, people):
    case = exchange(order, people, dispatches_first=True)
    decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)
    sent(case, people)
    dispatches.confirm(case.pk, by=people.buyer, at=NOON + DAY)

    decisions.expire(case.pk, by=actor.CLOCK, at=NOON + 9 * DAY)

    owed = Receivable.objects.get(case=case)
    assert (owed.kind, owed.debtor, owed.amount, owed.status) == ("unreturned", "buyer", 100, "open")
    assert again(case).close_reason == "expired"
    assert broken() == []


def test_a_fast_exchange_that_can_not_be_sent_becomes_a_return(order, people):
    case = exchange(order, people, dispatches_first=True)
    decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)

    dispatches.give_money(case.pk, by=actor.CLOCK, at=NOON + 4 * DAY)
    assert again(case).status == "awaiting_return"
    line = case.lines.get()
    receipts.receive(case.pk, by=people.warehouse, at=NOON + 5 * DAY, units={line.pk: 2})
    inspect(again(case), people, NOON + 5 * DAY)
    pay(NOON + 5 * DAY + HOUR)

    assert (again(case).status, again(case).agreed_amount) == ("completed", 100)


def test_the_clock_completes_only_what_the_carrier_delivered(order, people):
    case = exchange(order, people)
    came_back(case, people)
    sent(case, people)

    with pytest.raises(Refused) as refused:
        dispatches.confirm(case.pk, by=actor.CLOCK, at=NOON + 30 * DAY)
    assert "trace the parcel" in refused.value.sentence

    Parcel.objects.filter(sent_cases__case=case).update(signed_at=NOON + DAY)
    assert dispatches.confirm(case.pk, by=actor.CLOCK, at=NOON + 30 * DAY).status == "completed"


def test_the_carriers_signature_leaves_the_buyer_ten_days(order, people):
    case = exchange(order, people)
    came_back(case, people)
    due_before = sent(case, people).due_at
    parcel = Parcel.objects.get(sent_cases__case=case)
    Parcel.objects.filter(pk=parcel.pk).update(signed_at=NOON + DAY)

    dispatches.carrier_signed(parcel.pk, at=NOON + DAY)

    assert again(case).due_at == NOON + 11 * DAY < due_before


def test_what_was_lost_on_the_way_is_sent_again(order, people):
    kept_in_stock(order, 4)
    case = exchange(order, people, swap=Swap(LARGE, "L"))
    came_back(case, people)
    sent(case, people)

    dispatches.send_again(case.pk, by=people.agent, at=NOON + 3 * DAY, why="Lost by the carrier.")

    assert again(case).status == "awaiting_dispatch"
    assert stock.available(order.merchant_id, LARGE) == 0


def test_withdrawing_frees_the_stock(order, people):
    kept_in_stock(order, 2)
    case = exchange(order, people, swap=Swap(LARGE, "L"))
    decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)

    decisions.withdraw(case.pk, by=people.buyer, at=NOON + 2 * HOUR)

    assert stock.available(order.merchant_id, LARGE) == 2
    assert broken() == []
