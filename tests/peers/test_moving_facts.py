"""43. Facts change between application and decision: what is true then decides, and is seen before it is confirmed."""

from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from aftersales import sweeps
from aftersales.actions.cases import decisions, negotiation
from aftersales.actions.cases.applications import Delivery
from aftersales.actions.disputes import arbitration
from aftersales.actions.refunds import approvals
from aftersales.queries import locking
from aftersales.rules.actor import CLOCK
from aftersales.rules.vocabulary import CaseType, ChangeKind, Fault
from orders import delivery
from orders.models import Order
from orders.refusals import Refused
from tests.aftersales.stages import DAY, HOUR, MINUTE, again, broken, picture, refusal
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db
ELSEWHERE = {
    "reason": "wrong_address",
    "change": ChangeKind.ADDRESS,
    "delivery": Delivery("李雷", "13900001234", "浙江 杭州", "文一路 2 号", "310000"),
}


@pytest.fixture
def asked(unshipped, buyer):
    """Money back for goods that had not left: 100.00 and the freight of 10.00."""
    return opened(unshipped, by=buyer, type=CaseType.REFUND_ONLY)


def leaves(case, at=NOON + HOUR):
    delivery.note_shipped(case.order_id, at)


def arrives(case, at=NOON + HOUR):
    delivery.note_signed(case.order_id, at, at)


def test_silence_stops_a_parcel_that_left_after_the_application(asked):
    leaves(asked)

    sweeps.fire_deadlines(asked.due_at + MINUTE)

    case = again(asked)
    assert (case.status, case.freight_held) == ("intercepting", 0)
    assert Order.objects.get(pk=case.order_id).freight_reserved == 0
    assert not broken()


def test_silence_asks_goods_back_that_arrived_after_the_application(asked):
    arrives(asked)

    sweeps.fire_deadlines(asked.due_at + MINUTE)

    case = again(asked)
    assert (case.type, case.status, case.due_kind) == ("return_refund", "awaiting_return", "ship_return")
    assert case.return_address is not None
    assert case.lines.get().case_type == "return_refund"
    assert not broken()


def test_no_interception_of_what_was_signed_for_before_the_approval(unsigned, buyer, merchant):
    case = opened(unsigned, by=buyer, type=CaseType.REFUND_ONLY)
    arrives(case)

    case = decisions.approve(case.pk, by=merchant, at=NOON + 2 * HOUR)

    assert case.status == "awaiting_return"


def test_what_was_true_at_application_stays_in_the_round_and_the_event_tells_what_moved(asked, merchant):
    leaves(asked)

    case = decisions.approve(asked.pk, by=merchant, at=NOON + 2 * HOUR)

    assert (case.goods_state, case.rounds.get().goods_state) == ("shipped", "unshipped")
    assert case.events.get(action="approve").data["goods"] == ["unshipped", "shipped"]


def test_a_second_person_decides_on_the_goods_as_they_are(asked, agent, supervisor):
    approvals.ask(asked.pk, by=agent, at=NOON, why="Above my limit.")
    leaves(asked)

    with pytest.raises(Refused, match="no longer what would happen"):
        approvals.allow(asked.pk, by=supervisor, at=NOON + 2 * HOUR)

    approvals.decline(asked.pk, by=supervisor, at=NOON + 2 * HOUR, answer="It has left.")
    approvals.ask(asked.pk, by=agent, at=NOON + 3 * HOUR)
    assert approvals.allow(asked.pk, by=supervisor, at=NOON + 4 * HOUR).status == "intercepting"


def test_an_offer_of_all_the_money_brings_goods_back_that_arrived_meanwhile(asked, merchant, buyer):
    negotiation.offer(asked.pk, by=merchant, at=NOON, amount=Decimal(110))
    arrives(asked)

    case = negotiation.accept(asked.pk, by=buyer, at=NOON + 2 * HOUR)

    assert (case.type, case.status, case.agreed_amount) == ("return_refund", "awaiting_return", 100)


def test_a_part_of_the_money_leaves_the_goods_with_the_buyer(asked, merchant, buyer):
    negotiation.offer(asked.pk, by=merchant, at=NOON, amount=Decimal(40))
    arrives(asked)

    case = negotiation.accept(asked.pk, by=buyer, at=NOON + 2 * HOUR)

    assert (case.type, case.status) == ("refund_only", "refunding")
    assert sum(refund.amount for refund in case.refunds.all()) == 40


@pytest.mark.parametrize(
    ("amount", "status"), [(None, "awaiting_return"), (Decimal(30), "refunding")], ids=["all", "a part"]
)
def test_a_ruling_decides_on_the_goods_as_they_are(asked, people, amount, status):
    decisions.reject(asked.pk, by=people.merchant, at=NOON, reason=refusal())
    arbitration.escalate(asked.pk, by=people.buyer, at=NOON + HOUR)
    arrives(asked)

    case = arbitration.rule_for_buyer(
        asked.pk, by=people.supervisor, at=NOON + 2 * HOUR, ruling="So be it.", liable=Fault.MERCHANT, amount=amount
    )

    assert case.status == status


def test_a_ruling_never_asks_back_what_it_finds_was_not_received(unsigned, people):
    case = opened(unsigned, by=people.buyer, type=CaseType.REFUND_ONLY, reason="not_received", photos=[picture()])
    decisions.reject(case.pk, by=people.merchant, at=NOON, reason=refusal(), photos=[picture()])
    arbitration.escalate(case.pk, by=people.buyer, at=NOON + HOUR)
    arrives(case)

    case = arbitration.rule_for_buyer(
        case.pk, by=people.supervisor, at=NOON + 2 * HOUR, ruling="Left in the rain.", liable=Fault.CARRIER
    )

    assert (case.type, case.status) == ("refund_only", "refunding")


def test_a_reopened_case_follows_its_goods(asked, buyer, supervisor, merchant):
    decisions.withdraw(asked.pk, by=buyer, at=NOON)
    arrives(asked)

    case = decisions.reopen(asked.pk, by=supervisor, at=NOON + DAY, why="They changed their mind.")
    case = decisions.approve(case.pk, by=merchant, at=NOON + DAY)

    assert (case.status, case.rounds.last().goods_state) == ("awaiting_return", "signed")


def test_silence_agrees_to_nothing_that_was_asked_too_late_by_the_dates_known_now(unsigned, buyer, merchant):
    case = opened(unsigned, by=buyer, type=CaseType.RETURN_REFUND)
    arrives(case, NOON - 30 * DAY)

    sweeps.fire_deadlines(case.due_at + MINUTE)

    assert again(case).status == "pending_merchant"
    assert "the time to ask ended" in case.deadlines.get(kind="merchant_response").last_error
    assert decisions.approve(case.pk, by=merchant, at=NOON + HOUR).status == "awaiting_return"


def test_the_address_of_goods_that_have_arrived_is_not_changed(unshipped, buyer, merchant):
    case = opened(unshipped, by=buyer, type=CaseType.ORDER_CHANGE, **ELSEWHERE)
    arrives(case)

    with pytest.raises(Refused, match="can not be changed any more"):
        decisions.approve(case.pk, by=merchant, at=NOON + 2 * HOUR)


def test_an_address_of_goods_that_have_left_is_changed_by_their_carrier(unshipped, buyer, merchant):
    case = opened(unshipped, by=buyer, type=CaseType.ORDER_CHANGE, **ELSEWHERE)
    leaves(case)

    assert decisions.approve(case.pk, by=merchant, at=NOON + 2 * HOUR).status == "intercepting"


def test_silence_about_many_reads_where_their_goods_are_in_as_many_statements_as_about_two(shop, order, buyer):
    few, many = ([opened(sold(merchant=shop, buyer=order.buyer), by=buyer).pk for _each in range(n)] for n in (2, 12))

    assert statements_to_agree(few) == statements_to_agree(many)


@transaction.atomic
def statements_to_agree(case_ids):
    cases = locking.free_cases(case_ids)
    live = locking.live_deadlines(cases)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        decisions.approve_many(list(cases.values()), live, by=CLOCK, at=NOON + 49 * HOUR)
    return len(asked)
