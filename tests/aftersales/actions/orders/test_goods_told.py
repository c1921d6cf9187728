"""Where goods are, told by people with proof: what is believed, what is refused, and what goes on."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from aftersales import sweeps
from aftersales.actions import gate
from aftersales.actions.cases import decisions
from aftersales.actions.orders import goods_told
from aftersales.models import GoodsRecord
from aftersales.rules.vocabulary import CaseType, GoodsWord
from orders import delivery
from orders.models import Order
from orders.refusals import Refused
from tests.aftersales.stages import DAY, HOUR, MINUTE, again, broken, picture
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db
W = GoodsWord
LONG = 40 * DAY


def tell(order, said, happened_at, *, by, at=NOON, proof="The courier's receipt, 10 March", photo=None):
    return goods_told.tell(order.pk, said, happened_at, proof=proof, photo=photo, by=by, at=at)


def nobody_tells(order):
    Order.objects.filter(pk=order.pk).update(goods_told_at=None)


def again_order(order):
    return Order.objects.get(pk=order.pk)


@pytest.mark.parametrize("who", ["agent", "supervisor", "merchant"])
def test_who_may_dates_the_order_and_stands_on_record(unshipped, people, who):
    person = getattr(people, who)

    tell(unshipped, W.LEFT, NOON - DAY, by=person)
    tell(unshipped, W.ARRIVED, NOON - HOUR, by=person)

    order = again_order(unshipped)
    assert [(fact.at, fact.by) for fact in (order.dispatched, order.delivered)] == [
        (NOON - DAY, "person"),
        (NOON - HOUR, "person"),
    ]
    assert order.status == "signed"
    assert [(row.said, row.recorded_by_id, row.role) for row in GoodsRecord.objects.all()] == [
        ("arrived", person.user_id, who),
        ("left", person.user_id, who),
    ]


@pytest.mark.parametrize("who", ["finance", "warehouse", "buyer", "stranger"])
def test_nobody_else_says_where_goods_are(unshipped, people, who):
    stranger = replace(people.merchant, merchant_id=people.merchant.merchant_id + 1)
    by = stranger if who == "stranger" else getattr(people, who)

    with pytest.raises(gate.Forbidden):
        tell(unshipped, W.LEFT, NOON - DAY, by=by)

    assert again_order(unshipped).dispatched is None


@pytest.mark.parametrize(
    ("said", "happened_at", "sentence"),
    [
        (W.LEFT, NOON + MINUTE, "future"),
        (W.LEFT, NOON - 6 * DAY, "made later"),
        (W.LEFT, None, "Say when"),
        (W.ARRIVED, NOON - 5 * DAY + HOUR, "after they have left"),
    ],
)
def test_what_can_not_be_is_refused(unsigned, agent, said, happened_at, sentence):
    with pytest.raises(Refused, match=sentence):
        tell(unsigned, said, happened_at, by=agent)

    assert not GoodsRecord.objects.exists()


def test_goods_do_not_leave_after_they_arrived(unshipped, agent):
    tell(unshipped, W.ARRIVED, NOON - DAY, by=agent)

    with pytest.raises(Refused, match="before they arrive"):
        tell(unshipped, W.LEFT, NOON - HOUR, by=agent)


def test_a_word_needs_a_proof_which_may_be_a_photo(unshipped, agent):
    with pytest.raises(Refused, match="add a photo"):
        tell(unshipped, W.LEFT, NOON - DAY, by=agent, proof=" ")

    tell(unshipped, W.LEFT, NOON - DAY, by=agent, proof="", photo=picture())

    assert GoodsRecord.objects.get().path


def test_a_scan_is_believed_before_a_person_and_whatever_they_say_later(unshipped, agent):
    tell(unshipped, W.LEFT, NOON - DAY, by=agent)
    delivery.note_shipped(unshipped.pk, NOON - 2 * DAY)

    with pytest.raises(Refused, match="carrier has scanned"):
        tell(unshipped, W.LEFT, NOON - DAY, by=agent)

    assert again_order(unshipped).dispatched.at == NOON - 2 * DAY


def test_a_person_may_correct_themselves_and_both_words_stay(unshipped, agent):
    for days in (3, 2):
        tell(unshipped, W.LEFT, NOON - days * DAY, by=agent)

    assert again_order(unshipped).shipped_at == NOON - 2 * DAY
    assert GoodsRecord.objects.count() == 2


def test_an_interception_of_what_a_person_says_has_arrived_ends_at_once(unsigned, buyer, people):
    case = opened(unsigned, by=buyer, type=CaseType.REFUND_ONLY)
    decisions.approve(case.pk, by=people.merchant, at=NOON)

    tell(unsigned, W.ARRIVED, NOON + HOUR, by=people.agent, at=NOON + 2 * HOUR)

    assert again(case).status == "awaiting_return"
    assert not broken()


@pytest.mark.parametrize("said", [W.LEFT, W.ARRIVED, W.WAITING])
def test_nothing_is_asked_for_until_somebody_says_where_the_goods_are(unsigned, buyer, agent, said):
    nobody_tells(unsigned)
    with pytest.raises(Refused, match="is not known"):
        opened(unsigned, by=buyer, at=NOON + LONG, type=CaseType.REFUND_ONLY)

    tell(unsigned, said, NOON + LONG - DAY, by=agent, at=NOON + LONG)

    kind = CaseType.RETURN_REFUND if said == W.ARRIVED else CaseType.REFUND_ONLY
    assert opened(unsigned, by=buyer, at=NOON + LONG, type=kind).status == "pending_merchant"


def test_silence_agrees_to_nothing_while_nobody_knows_where_goods_are_but_a_person_may(unshipped, buyer, merchant):
    nobody_tells(unshipped)
    case = opened(unshipped, by=buyer, at=NOON + 24 * DAY, type=CaseType.REFUND_ONLY)

    sweeps.fire_deadlines(case.due_at + MINUTE)

    assert again(case).status == "pending_merchant"
    assert "is not known" in case.deadlines.get(kind="merchant_response").last_error
    assert decisions.approve(case.pk, by=merchant, at=case.due_at - HOUR).status == "refunding"


@pytest.mark.parametrize(
    "fields",
    [{"proof": ""}, {"happened_at": NOON + timedelta(seconds=1)}, {"happened_at": None}, {"said": "waiting"}],
)
def test_the_database_refuses_what_a_record_can_not_be(order, agent_user, fields):
    row = {"said": "left", "happened_at": NOON, "proof": "seen", "role": "agent", "recorded_at": NOON} | fields

    with pytest.raises(IntegrityError), transaction.atomic():
        GoodsRecord.objects.create(order=order, recorded_by=agent_user, **row)


def test_a_record_is_never_changed(order, agent):
    row = tell(order, W.ARRIVED, NOON - DAY, by=agent)

    with pytest.raises(IntegrityError), transaction.atomic():
        GoodsRecord.objects.filter(pk=row.pk).update(proof="otherwise")
