"""Two who answer the same thread at the same moment: one writes, the other reads that first."""

import pytest

from aftersales.actions.conversation import messages
from aftersales.models import Message
from aftersales.moves import rights
from aftersales.queries.conversation import unread
from aftersales.queries.conversation.unread import Seen
from tests.aftersales.stages import HOUR
from tests.factories import NOON, opened
from tests.races.clones import cloned
from tests.races.together import at_once, locks, patiently, pausing, refusals, unlock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@locks
def test_of_two_answers_to_one_thread_the_later_is_read_against_the_earlier(locked, order, people, monkeypatch):
    threads = cloned(opened(order, by=people.buyer), 40 if locked else 15)
    seen = Seen(NOON)
    pausing(monkeypatch, messages, "_store")
    if not locked:
        unlock(monkeypatch)

    def answering(case, by):
        return lambda: patiently(
            lambda: messages.send(case.pk, f"{by.role_for(rights.MESSAGE)}", by=by, at=NOON + HOUR, seen=seen)
        )

    answers = [at_once(answering(case, people.agent), answering(case, people.merchant)) for case in threads]

    sent = [Message.objects.filter(case=case).count() for case in threads]
    if not locked:
        assert 2 in sent, "without locks both must have written past each other somewhere, or this race proves nothing"
        return
    assert sent == [1] * 40
    refused = [refusals(pair) for pair in answers]
    assert [[type(refusal) for refusal in of_thread] for of_thread in refused] == [[messages.Unread]] * 40
    for case, (refusal,) in zip(threads, refused, strict=True):
        assert refusal.written == list(unread.messages([case.pk], seen, user_id=None)), "it says what was written"
