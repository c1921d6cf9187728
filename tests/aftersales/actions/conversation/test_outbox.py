"""A message can be taken back for fifteen seconds; after that it is sent once, whoever sweeps."""

from datetime import timedelta

import pytest

from aftersales.actions.conversation import drafts, messages, outbox
from aftersales.models import Case, Deadline, Draft, Message, Outgoing
from aftersales.rules.vocabulary import DeadlineKind, DeadlineStatus
from orders.refusals import Refused
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def case(order, buyer):
    return opened(order, by=buyer)


def said(case):
    return list(Message.objects.filter(case=case).values_list("body", "sent_at"))


def test_a_message_is_sent_once_its_seconds_are_over(case, agent):
    waiting = outbox.put(case.pk, " We are on it. ", by=agent, at=NOON)

    assert outbox.send_due(waiting.send_at - SECOND) == 0
    assert said(case) == []
    assert outbox.send_due(waiting.send_at) == 1
    assert said(case) == [("We are on it.", NOON + outbox.UNDO)]
    assert outbox.send_due(waiting.send_at + SECOND) == 0
    assert not Outgoing.objects.exists()


def test_a_message_taken_back_becomes_the_draft(case, agent):
    waiting = outbox.put(case.pk, "Too early.", by=agent, at=NOON)
    drafts.save(case.pk, "And this", is_note=False, once=None, by=agent, at=NOON + SECOND)

    outbox.undo(waiting.pk, by=agent, at=NOON + 14 * SECOND)

    assert Draft.objects.get().body == "Too early.\n\nAnd this"
    assert outbox.send_due(NOON + timedelta(hours=1)) == 0
    assert said(case) == []


def test_a_message_can_not_be_taken_back_after_its_seconds(case, agent):
    waiting = outbox.put(case.pk, "Gone.", by=agent, at=NOON)

    with pytest.raises(Refused, match="sent already"):
        outbox.undo(waiting.pk, by=agent, at=waiting.send_at)

    assert outbox.send_due(waiting.send_at) == 1
    assert not Draft.objects.exists()


def test_nobody_takes_back_what_another_one_wrote(case, agent, senior):
    waiting = outbox.put(case.pk, "Mine.", by=agent, at=NOON)

    with pytest.raises(Refused, match="sent already"):
        outbox.undo(waiting.pk, by=senior, at=NOON)

    assert Outgoing.objects.get() == waiting


def test_sending_ends_the_draft(case, agent):
    drafts.save(case.pk, "We are", is_note=False, once=None, by=agent, at=NOON)

    outbox.put(case.pk, "We are on it.", by=agent, at=NOON)

    assert not Draft.objects.exists()


def test_the_promise_of_a_first_reply_is_met_by_when_it_was_written(case, agent):
    promise = Deadline.objects.get(case=case, kind=DeadlineKind.FIRST_REPLY)
    written = promise.due_at - timedelta(seconds=40)

    waiting = outbox.put(case.pk, "Just in time.", by=agent, at=written)
    outbox.send_due(promise.due_at + timedelta(minutes=1))

    promise.refresh_from_db()
    assert waiting is not None
    assert promise.status == DeadlineStatus.MET
    assert Case.objects.get(pk=case.pk).first_reply_at == written


def test_where_a_promise_would_be_missed_meanwhile_it_is_sent_at_once(case, agent):
    promise = Deadline.objects.get(case=case, kind=DeadlineKind.FIRST_REPLY)
    written = promise.due_at - timedelta(seconds=10)

    assert outbox.put(case.pk, "At the last moment.", by=agent, at=written) is None

    assert said(case) == [("At the last moment.", written)]


@pytest.mark.parametrize("text", ["", "  \n", "\x00", "x" * 5001])
def test_a_text_that_is_no_message_is_refused_at_once(text, case, agent):
    with pytest.raises(Refused):
        outbox.put(case.pk, text, by=agent, at=NOON)

    assert not Outgoing.objects.exists()


def test_a_refused_message_stays_with_its_reason_and_can_be_taken_back(case, agent, monkeypatch):
    waiting = outbox.put(case.pk, "Hello.", by=agent, at=NOON)
    monkeypatch.setattr(messages, "send", refusing("Nobody reads this any more."))

    assert outbox.send_due(waiting.send_at) == 0

    waiting.refresh_from_db()
    assert waiting.refused == "Nobody reads this any more."
    outbox.undo(waiting.pk, by=agent, at=NOON + timedelta(days=1))
    assert Draft.objects.get().body == "Hello."


def test_a_message_that_fails_is_tried_again_and_at_last_put_aside(case, agent, monkeypatch):
    waiting, send = outbox.put(case.pk, "Hello.", by=agent, at=NOON), messages.send
    monkeypatch.setattr(messages, "send", failing)

    assert outbox.send_due(NOON + timedelta(minutes=1)) == 0
    monkeypatch.setattr(messages, "send", send)
    assert outbox.send_due(NOON + timedelta(minutes=1)) == 0
    assert outbox.send_due(NOON + timedelta(minutes=2)) == 1
    assert [text for text, _at in said(case)] == ["Hello."]

    waiting = outbox.put(case.pk, "Once more.", by=agent, at=NOON)
    monkeypatch.setattr(messages, "send", failing)
    for minute in range(1, outbox.TRIES + 2):
        outbox.send_due(NOON + timedelta(minutes=minute))
    waiting.refresh_from_db()
    assert "could not be sent" in waiting.refused


def refusing(sentence):
    def send(*_args, **_said):
        raise Refused(sentence)

    return send


def failing(*_args, **_said):
    raise RuntimeError("a fault")
