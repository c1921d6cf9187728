"""Messages, notes and the record of a case, page by page."""

import re
from datetime import timedelta

import pytest

from aftersales.actions.conversation import messages, outbox
from aftersales.models import Case, Message, Outgoing, User
from aftersales.queries.cases import timeline
from aftersales.rules.vocabulary import Role
from tests.aftersales.many import many
from tests.aftersales.stages import again
from tests.aftersales.views.desk import LATER, address, seat, sent, write
from tests.factories import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("six_hours_later")]


def test_merchants_do_not_see_notes(case, agent, merchant):
    messages.note(case.pk, "Fourth of this batch.", by=agent, at=LATER)

    assert "Fourth of this batch." in seat(agent).get(address(case)).text
    assert "Fourth of this batch." not in seat(merchant).get(address(case)).text


def test_a_message_meets_the_first_reply(case, agent):
    response = write(seat(agent), case, "We are looking into it.\u202e hidden\x00")

    assert response.status_code == 302
    outbox.send_due(LATER + outbox.UNDO)
    assert Message.objects.get().body == "We are looking into it. hidden"
    assert again(case).first_reply_at == LATER


def test_a_note_is_kept_as_a_note(case, agent):
    write(seat(agent), case, "Ask the store.", "note")

    assert Message.objects.get().is_note


def test_a_merchant_can_not_write_notes(case, merchant):
    response = write(seat(merchant), case, "Mine.", "note")

    assert response.status_code == 422
    assert not Message.objects.exists()


def test_who_may_not_write_is_refused(case, finance):
    assert write(seat(finance), case, "Hello").status_code == 403


def test_sent_twice_it_is_said_once(case, agent):
    client, form = seat(agent), sent(case, text="Once.", kind="message")

    for _time in range(2):
        client.post(address(case, "message"), form)

    assert Outgoing.objects.count() == 1


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u202e", "\x00", "x" * 5001])
def test_what_is_no_message_is_refused_and_kept(text, case, agent):
    response = write(seat(agent), case, text)

    assert response.status_code == 422
    assert not Message.objects.exists()
    if len(text) > 5000:
        assert text in response.text


def test_a_message_of_a_megabyte_is_refused(case, agent):
    assert write(seat(agent), case, "x" * 1_000_000).status_code == 422


def test_to_htmx_the_thread_answers_with_a_fresh_form(case, agent):
    response = write(seat(agent), case, "Quick.", headers={"HX-Request": "true"})

    assert response.status_code == 200
    assert response.text.count("Quick.") == 1
    assert 'id="thread"' in response.text
    assert "goes out in" in response.text
    assert "<html" not in response.text


def test_the_timeline_goes_back_page_by_page_without_gap_or_double(case, agent):
    sent_at = [NOON + timedelta(minutes=number // 3) for number in range(55)]
    Message.objects.bulk_create(
        Message(case=case, role=Role.BUYER, body=f"No. {number:03}", sent_at=at) for number, at in enumerate(sent_at)
    )
    seen, before = [], None

    while True:
        entries, before = timeline.page(case, is_insider=True, evidence=[], rounds=[], before=before)
        seen += [entry.text for entry in entries if entry.text]
        if before is None:
            break

    assert seen == [f"No. {number:03}" for number in reversed(range(55))]


def test_older_entries_come_alone_to_htmx(case, agent):
    Message.objects.bulk_create(
        Message(case=case, role=Role.BUYER, body=f"No. {number:03}", sent_at=NOON) for number in range(30)
    )
    client = seat(agent)

    page = client.get(address(case))
    place = str(page.context["older"])
    older = client.get(address(case), {"before": place}, headers={"HX-Request": "true"})

    assert "No. 005" not in page.text
    assert "No. 005" in older.text
    assert "<html" not in older.text


@pytest.mark.parametrize("place", ["x", "~~", "2026-03-10~1~1", "2026-03-10T04:00:00+00:00~1~" + "9" * 40, "\0"])
def test_a_broken_place_in_the_timeline_shows_the_newest(place, case, agent):
    assert seat(agent).get(address(case), {"before": place}).status_code == 200


def test_a_message_waits_where_it_can_be_taken_back_and_its_text_is_typed_again(case, agent):
    client = seat(agent)
    write(client, case, "Too early.")
    page = client.get(address(case)).text
    waiting = Outgoing.objects.get()
    assert "Too early." in page
    assert not Message.objects.filter(case=case).exists()

    answer = client.post(f"{address(case)}messages/{waiting.pk}/undo/", follow=True)

    assert not Outgoing.objects.exists()
    assert re.search(r"<textarea[^>]*>Too early\.</textarea>", answer.text)


def test_a_message_that_was_sent_can_not_be_taken_back(case, agent):
    client = seat(agent)
    write(client, case, "Gone.")
    waiting = Outgoing.objects.get()
    outbox.send_due(waiting.send_at)

    answer = client.post(f"{address(case)}messages/{waiting.pk}/undo/", headers={"HX-Request": "true"})

    assert "sent already" in answer.text
    assert "Gone." in answer.text


def test_a_draft_comes_back_in_another_browser(case, agent, senior):
    said = seat(agent).post(f"{address(case)}draft/", {"text": "Dear Zhang", "kind": "note"})

    page = seat(agent).get(address(case)).text
    assert "Draft kept at" in said.text
    assert re.search(r"<textarea[^>]*>Dear Zhang</textarea>", page)
    assert re.search(r'value="note" checked', page)
    assert "Dear Zhang" not in seat(senior).get(address(case)).text


@pytest.mark.parametrize(("then", "leads_to"), [("close", "/cases/"), ("stay", None), ("next", "other"), ("no", None)])
def test_sending_leads_to_the_same_case_the_next_one_or_back(then, leads_to, case, agent, agent_user):
    Case.objects.filter(pk=case.pk).update(assignee=agent_user)
    other = many(case, 1, due_at=NOON)[0]

    answer = write(seat(agent), case, "Done.", then=then)

    wanted = {"other": f"/cases/{other.number}/", None: f"{address(case)}#thread"}.get(leads_to, leads_to)
    if then == "no":
        assert answer.status_code == 422
        assert "Done." in answer.text
    else:
        assert answer.url == wanted
        assert Outgoing.objects.filter(case=case).count() == 1


def test_a_message_of_an_agent_at_capacity_is_sent_all_the_same(case, agent, agent_user):
    User.objects.filter(pk=agent_user.pk).update(capacity=0)

    answer = write(seat(agent), case, "Done.", then="next")

    assert answer.url == "/cases/"
    assert Outgoing.objects.filter(case=case).count() == 1
