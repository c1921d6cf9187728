"""What staff do for a buyer is on record as that, with the buyer's consent; nobody is both sides of an offer."""

from dataclasses import replace
from decimal import Decimal

import pytest

from aftersales import moves
from aftersales.actions.cases import decisions, negotiation
from aftersales.models import Case, Event, Evidence, Message, Policy
from aftersales.queries.cases import possible_moves, timeline
from aftersales.rules.actor import buyer
from aftersales.rules.cases.consent import Channel, Consent
from aftersales.rules.vocabulary import Role, Status
from orders.refusals import Refused
from tests.aftersales.moves.chart_cells import DO
from tests.aftersales.moves.chart_table import MOVES, WHO
from tests.aftersales.stages import HOUR, MINUTE, picture, stage
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db

# The buyer's moves that staff make for them: those of the table of rights, but for the time that anybody may extend.
FOR_BUYER = {name for name, who in WHO.items() if {"agent", "buyer"} <= set(who.split())} - {"extend"}


def told(person, **consent):
    return replace(person, consent=Consent(**consent) if consent else None)


def offered(order, by, amount, at=NOON + HOUR):
    case = opened(order, by=buyer(order.buyer_id))
    return negotiation.offer(case.pk, by=by, at=at, amount=Decimal(amount))


def test_the_record_of_a_move_says_whose_it_is():
    assert {name for name in moves.CHART if moves.CHART[name].is_for_buyer(Role.AGENT)} == FOR_BUYER
    assert not any(moves.CHART[name].is_for_buyer(Role.BUYER) for name in moves.CHART)


@pytest.mark.parametrize("action", sorted(FOR_BUYER - {"reschedule_pickup"}))  # no stage expects a courier
def test_nobody_does_for_the_buyer_what_the_buyer_has_not_agreed_to(action, order, people):
    state = next(state for state, listed in MOVES.items() if action in listed)
    case = stage(Status(state), order, people)
    Case.objects.filter(pk=case.pk).update(choice_offered_at=NOON)

    with pytest.raises(Refused, match="This is the buyer's to do"):
        DO[action](case, told(people.agent), case.moved_at + MINUTE)

    Case.objects.get(pk=case.pk, status=state)


def test_the_button_and_the_record_say_for_whom(order, people):
    case = offered(order, people.merchant, 20)

    labels = {choice.act.name: choice.label for choice in possible_moves.available(case, people.agent, NOON + HOUR)}
    negotiation.accept(case.pk, by=told(people.agent, channel=Channel.CALL, note="Called at 13:05."), at=NOON + HOUR)

    assert labels["accept_offer"] == "Accept the offer, for the buyer"
    assert labels["extend"] == "Extend the deadline"
    entries, _more = timeline.page(case, is_insider=True, evidence=(), rounds=())
    entry = next(each for each in entries if each.event.startswith("accepted"))
    assert entry.event == "accepted the offer, for the buyer"
    assert "The buyer agreed on the phone" in entry.details and "“Called at 13:05.”" in entry.details


def test_a_message_of_the_thread_is_a_proof_and_is_named_by_its_moment(order, people):
    case = offered(order, people.merchant, 20)
    yes = Message.objects.create(case=case, role="buyer", body="Fine, take it.", sent_at=NOON)

    by = told(people.agent, channel=Channel.MESSAGE, message_id=yes.pk)
    negotiation.accept(case.pk, by=by, at=NOON + HOUR)

    data = Event.objects.get(action="accept_offer").data
    assert (data["channel"], data["consent_at"]) == ("message", NOON.isoformat())
    assert "Fine" not in str(data)


@pytest.mark.parametrize("role", ["merchant", "agent"])
def test_what_others_wrote_is_no_consent(role, order, people):
    case = offered(order, people.merchant, 20)
    other = Message.objects.create(case=case, role=role, body="They said yes.", sent_at=NOON)

    with pytest.raises(Refused, match="no message of the buyer"):
        negotiation.accept(case.pk, by=told(people.agent, channel=Channel.MESSAGE, message_id=other.pk), at=NOON + HOUR)


@pytest.mark.parametrize("channel", Channel)
def test_a_channel_alone_shows_nothing(channel, order, people):
    case = offered(order, people.merchant, 20)

    with pytest.raises(Refused, match=r"Choose the message|Write down what the buyer said"):
        negotiation.accept(case.pk, by=told(people.agent, channel=channel), at=NOON + HOUR)


def test_a_photo_shows_it_and_is_kept_with_the_event(order, people):
    case = offered(order, people.merchant, 20)

    by = told(people.agent, channel=Channel.IN_PERSON, photos=(picture(),))
    negotiation.accept(case.pk, by=by, at=NOON + HOUR)

    photo = Evidence.objects.get()
    assert (photo.role, photo.added_at) == ("agent", NOON + HOUR)
    entries, _more = timeline.page(case, is_insider=True, evidence=[photo], rounds=())
    assert [each.photos for each in entries if each.event.startswith("accepted")] == [(photo,)]


def test_buyers_need_nobody_s_word(order, people):
    case = offered(order, people.merchant, 20)

    negotiation.accept(case.pk, by=people.buyer, at=NOON + HOUR)

    assert "channel" not in Event.objects.get(action="accept_offer").data


@pytest.fixture
def dear(shop):
    return sold(merchant=shop, lines=[(2, 100)], freight_amount=0)


def test_who_made_an_offer_does_not_accept_it_above_the_sum_of_the_policy(dear, people):
    case = offered(dear, people.agent, "50.01")

    with pytest.raises(Refused, match=r"You made this offer of ¥50\.01 yourself\. Above ¥50\.00"):
        negotiation.accept(case.pk, by=people.agent, at=NOON + HOUR)

    assert negotiation.accept(case.pk, by=people.agent2, at=NOON + HOUR).approved_at == NOON + HOUR


def test_the_buyer_accepts_it_themselves(dear, people):
    case = offered(dear, people.agent, 100)

    assert negotiation.accept(case.pk, by=buyer(dear.buyer_id), at=NOON + HOUR).approved_at == NOON + HOUR


def test_up_to_the_sum_of_the_policy_one_person_may(dear, people):
    Policy.objects.update(authority_own_offer=Decimal(60))
    case = offered(dear, people.agent, 60)

    assert negotiation.accept(case.pk, by=people.agent, at=NOON + HOUR).approved_at == NOON + HOUR


def test_a_withdrawal_for_the_buyer_says_so(order, people):
    case = opened(order, by=people.buyer)

    decisions.withdraw(case.pk, by=told(people.agent, channel=Channel.CALL, note="Keeps it."), at=NOON + HOUR)

    event = Event.objects.get(action="withdraw")
    assert event.data == {"channel": "call", "consent": "Keeps it."}
