"""Repair: diagnosis, price and consent, the repairer's leg, attempts, and what the buyer may choose (三包)."""

from decimal import Decimal

import pytest

from aftersales.actions.cases import decisions, negotiation
from aftersales.actions.disputes import arbitration
from aftersales.actions.replacements import dispatches, repairs
from aftersales.actions.returns import inspections, receipts
from aftersales.models import Receivable, Repair
from aftersales.rules import actor
from aftersales.rules.vocabulary import CaseType, Fault, Status
from orders.refusals import Refused
from tests.aftersales.stages import DAY, HOUR, again, broken, found, pay, picture, refusal, stage
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db
LATER = NOON + 5 * HOUR


@pytest.fixture
def case(order, people):
    return stage(Status.REPAIRING, order, people)


def diagnosed(case, people, at=LATER, **fields):
    told = {"diagnosis": "The switch is worn.", "place": Repair.Place.OWN, **fields}
    return repairs.diagnose(case.pk, by=people.warehouse, at=at, **told)


def failed(case, people, at):
    diagnosed(case, people, at=at)
    return repairs.fail(case.pk, by=people.merchant, at=at + HOUR, note="It broke again.")


def test_a_free_repair_goes_all_the_way_and_leaves_the_order_as_it_was(case, order, people):
    diagnosed(case, people, serial="SN-1")
    repairs.finish(case.pk, by=people.warehouse, at=LATER + HOUR, note="New switch.")
    dispatches.dispatch(case.pk, by=people.warehouse, at=LATER + DAY, carrier="SF", waybill="REP1")

    done = dispatches.confirm(case.pk, by=people.buyer, at=LATER + 2 * DAY)

    line = order.lines.get()
    assert (done.status, line.units_left, line.amount_left) == ("completed", 2, 100)
    assert Repair.objects.get().outcome == "repaired"
    assert broken() == []


def test_a_paid_repair_needs_the_buyers_consent_and_the_money_before_it_goes_back(case, people):
    diagnosed(case, people)
    repairs.quote(case.pk, by=people.merchant, at=LATER, amount=Decimal(30))
    assert again(case).status == "pending_buyer"

    negotiation.accept(case.pk, by=people.buyer, at=LATER + HOUR)
    assert again(case).status == "repairing"
    repairs.finish(case.pk, by=people.warehouse, at=LATER + DAY, note="New motor.")
    with pytest.raises(Refused) as refused:
        dispatches.dispatch(case.pk, by=people.warehouse, at=LATER + DAY, carrier="SF", waybill="REP1")

    assert "Price of a repair" in refused.value.sentence
    assert Receivable.objects.get().amount == 30


@pytest.mark.parametrize("answer", ["decline", "lapse"])
def test_goods_without_consent_to_the_price_go_back_unrepaired(answer, case, people):
    diagnosed(case, people)
    repairs.quote(case.pk, by=people.merchant, at=LATER, amount=Decimal(30))
    by = people.buyer if answer == "decline" else actor.CLOCK

    getattr(negotiation, answer)(case.pk, by=by, at=LATER + HOUR)

    assert again(case).status == "awaiting_dispatch"
    assert Repair.objects.get().outcome == "unrepaired"
    assert not Receivable.objects.exists()


def test_the_time_for_the_repair_stands_still_while_the_buyer_thinks(case, people):
    diagnosed(case, people)
    repairs.quote(case.pk, by=people.merchant, at=LATER, amount=Decimal(30))
    left = case.deadlines.get(kind="repair").left

    back = negotiation.accept(case.pk, by=people.buyer, at=LATER + 40 * HOUR)

    assert back.due_at == LATER + 40 * HOUR + left
    assert broken() == []


def test_the_supplier_gets_it_in_a_parcel_of_its_own_and_it_is_not_repaired_before_it_is_back(case, people):
    with pytest.raises(Refused):
        repairs.send_out(case.pk, by=people.warehouse, at=LATER, carrier="SF", waybill="OUT1")
    diagnosed(case, people, place=Repair.Place.SUPPLIER, service_point="Motors Ltd")
    repairs.send_out(case.pk, by=people.warehouse, at=LATER, carrier="SF", waybill="OUT1")
    with pytest.raises(Refused) as refused:
        repairs.finish(case.pk, by=people.warehouse, at=LATER + DAY, note="New switch.")
    assert "still at the repairer" in refused.value.sentence

    repairs.take_back(case.pk, by=people.warehouse, at=LATER + 2 * DAY, carrier="SF", waybill="BACK1")
    repairs.finish(case.pk, by=people.warehouse, at=LATER + 2 * DAY, note="New switch.")

    leg = Repair.objects.get()
    assert (leg.parcel_out.direction, leg.parcel_back.direction) == ("to_repairer", "from_repairer")
    assert leg.parcel_back.status == "received"


@pytest.mark.parametrize("choice", ["choose_exchange", "choose_refund"])
def test_two_failed_repairs_open_the_choice(choice, case, order, people):
    failed(case, people, LATER)
    with pytest.raises(Refused) as refused:
        getattr(repairs, choice)(case.pk, by=people.buyer, at=LATER + DAY)
    assert "2 failed repairs; so far 1" in refused.value.sentence
    failed(case, people, LATER + DAY)

    getattr(repairs, choice)(case.pk, by=people.buyer, at=LATER + 2 * DAY)
    pay(LATER + 2 * DAY)

    after = again(case)
    expected = ("exchange", "awaiting_dispatch") if choice == "choose_exchange" else ("return_refund", "completed")
    assert (after.type, after.status) == expected
    assert order.lines.get().amount_settled == (0 if choice == "choose_exchange" else 100)
    assert broken() == []


def test_a_repair_of_thirty_days_opens_the_choice_and_notifies_again_after_thirty_more(case, people):
    first = again(case).due_at

    repairs.offer_choice(case.pk, by=actor.CLOCK, at=first)

    after = again(case)
    assert (after.status, after.choice_offered_at) == ("repairing", first)
    assert after.breached_at is not None
    assert after.due_at == first + 30 * DAY
    assert repairs.choose_refund(case.pk, by=people.buyer, at=first + DAY).status == "refunding"
    assert broken() == []


def test_what_was_refused_at_the_inspection_is_repaired_when_the_platform_says_so(order, people):
    case = opened(order, by=people.buyer, type=CaseType.REPAIR, reason="broken", photos=[picture()])
    decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)
    line = case.lines.get()
    receipts.receive(case.pk, by=people.warehouse, at=NOON + 2 * HOUR, units={line.pk: 2})
    line.refresh_from_db()
    bad = found(line, 2, accepted=False, condition="damaged", photos=[picture()])
    reason = refusal("unsaleable")
    inspections.fail_inspection(case.pk, bad, by=people.warehouse, at=NOON + 3 * HOUR, reason=reason, note="By use.")
    arbitration.escalate(case.pk, by=people.buyer, at=NOON + 4 * HOUR)

    ruled = arbitration.rule_for_buyer(
        case.pk, by=people.supervisor, at=NOON + DAY, ruling="A fault of the factory.", liable=Fault.MERCHANT
    )

    assert ruled.status == "repairing"


def test_a_step_of_a_repair_without_what_it_needs_is_refused_in_a_sentence(case, people):
    with pytest.raises(Refused):
        diagnosed(case, people, diagnosis=" ")
    with pytest.raises(Refused):
        diagnosed(case, people, place=Repair.Place.BRAND)
    diagnosed(case, people)
    with pytest.raises(Refused):
        repairs.quote(case.pk, by=people.merchant, at=LATER, amount=Decimal(0))
    with pytest.raises(Refused):
        repairs.finish(case.pk, by=people.merchant, at=LATER, note="")
    with pytest.raises(Refused):
        repairs.fail(case.pk, by=people.merchant, at=LATER, note="")
    assert again(case).status == "repairing"
