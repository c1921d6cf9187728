"""Whoever saves second: what happened meanwhile, theirs beside mine, the text kept, and one more press sends it."""

import uuid
from datetime import timedelta

import pytest

from aftersales.actions.cases import decisions, extensions
from aftersales.actions.conversation import messages
from aftersales.models import Message, Outgoing
from tests.aftersales.stages import again
from tests.aftersales.views.desk import LATER, address, seat, sent, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("six_hours_later")]
SOON = timedelta(minutes=1)


def seen_before(at=LATER - SOON, pk=0):
    return f"{at.isoformat()}~{pk}"


def answer(client, case, text, kind="message", seen=None, **headers):
    fields = {"once": str(uuid.uuid4()), "text": text, "kind": kind, "seen": seen or seen_before()}
    return client.post(address(case, "message"), fields, **headers)


def test_the_page_says_how_far_it_shows_the_thread(case, agent, buyer):
    message = messages.send(case.pk, "Hello", by=buyer, at=LATER - SOON)

    page = seat(agent).get(address(case))

    assert f'name="seen" value="{page.context["seen"]}"' in page.text
    assert str(page.context["seen"]).endswith(f"~{message.pk}")


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_message_that_was_not_read_comes_first(headers, case, agent, buyer):
    messages.send(case.pk, "Wait, I found the parcel", by=buyer, at=LATER)

    stopped = answer(seat(agent), case, "We send a new one", headers=headers)

    assert stopped.status_code == 409
    assert "1 new message – read first" in stopped.text
    assert "Wait, I found the parcel" in stopped.text
    assert "We send a new one</textarea>" in stopped.text
    assert "Send anyway" in stopped.text
    assert Message.objects.count() == 1


def test_one_more_press_sends_it_knowingly(case, agent, buyer):
    client = seat(agent)
    messages.send(case.pk, "Wait", by=buyer, at=LATER - SOON / 2)
    stopped = answer(client, case, "We send a new one")

    answer(client, case, "We send a new one", seen=str(stopped.context["seen"]))

    assert Outgoing.objects.get().body == "We send a new one"


def test_what_was_stored_late_is_found_by_its_number(case, agent, buyer):
    """Sent in the instant before the page was made, stored the instant after."""
    first = messages.send(case.pk, "One", by=buyer, at=LATER - 2 * SOON)
    messages.send(case.pk, "Two", by=buyer, at=LATER - SOON)

    stopped = answer(seat(agent), case, "Text", seen=seen_before(LATER, first.pk))

    assert stopped.status_code == 409


@pytest.mark.parametrize("who", ["note", "own message", "note of mine"])
def test_what_needs_no_reading_stops_nobody(who, case, agent, agent2, buyer):
    if who == "note":
        messages.note(case.pk, "Between us", by=agent2, at=LATER)
    elif who == "own message":
        messages.send(case.pk, "Mine", by=agent, at=LATER)
    else:
        messages.send(case.pk, "Wait", by=buyer, at=LATER)

    assert answer(seat(agent), case, "Text", kind="note" if who == "note of mine" else "message").status_code == 302


@pytest.mark.parametrize("seen", ["", "x", "2026-01-01~1", "\0~1", "2026-01-01T00:00:00+00:00~-1"])
def test_a_form_that_does_not_say_is_sent_as_ever(seen, case, agent, buyer):
    messages.send(case.pk, "Wait", by=buyer, at=LATER)
    fields = sent(case, text="Text", kind="message", seen=seen)

    assert seat(agent).post(address(case, "message"), fields).status_code == 302


def test_a_form_that_came_too_late_shows_their_values_beside_mine(case, supervisor, supervisor2):
    client, version = seat(supervisor), case.version
    extensions.extend(case.pk, by=supervisor2, at=LATER, why="The photo is being looked at", days=2)

    stopped = client.post(address(case, "extend"), sent(case, version=version, days="3", why="Waiting for the shop"))

    assert stopped.status_code == 409
    said = {(row.label, row.who, row.theirs, row.mine) for row in stopped.context["conflicts"]}
    assert said == {
        ("Why", "Supervisor2", "The photo is being looked at", "Waiting for the shop"),
        ("Days", "Supervisor2", "2", "3"),
    }
    assert 'class="compare"' in stopped.text
    assert "Waiting for the shop</textarea>" in stopped.text


def test_what_is_no_longer_possible_can_not_be_pressed_again(case, agent, merchant):
    version = case.version
    decisions.approve(case.pk, by=merchant, at=LATER)

    stopped = seat(agent).post(address(case, "offer"), sent(case, version=version, amount="30", type="refund_only"))

    assert stopped.status_code == 409
    assert "disabled" in stopped.text
    assert again(case).status == "awaiting_return"


def test_an_own_form_says_nothing_of_others(case, agent):
    assert "compare" not in seat(agent).get(address(case, "extend")).text
    assert write(seat(agent), case, "Hello").status_code == 302
