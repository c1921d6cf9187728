"""A macro in a case, by its pages: the preview, the doing, what was changed meanwhile; and the form that makes one."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aftersales.actions.cases import decisions
from aftersales.actions.conversation import tools
from aftersales.models import (
    Case,
    Event,
    Macro,
    MacroStep,
    Message,
    Notice,
    Offer,
    Refund,
    RejectReason,
    Submission,
)
from aftersales.rules.conversation.tools import Scope, StepKind
from aftersales.rules.vocabulary import CaseType, Status
from tests.aftersales.stages import again
from tests.aftersales.stored_tools import macro, says
from tests.aftersales.views.desk import LATER, address, seat, sent
from tests.factories import opened, sold

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("six_hours_later")]
K = StepKind


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def place(case, made):
    return reverse("aftersales:case-macro", args=[case.number, made.pk])


def preview(client, case, made, **params):
    return client.get(place(case, made), {"lang": "en", **params})


def answers(case, made, **fields):
    """What the form of a preview sends."""
    return sent(case, macro_version=made.version, lang="en", **fields)


@pytest.fixture
def agree(supervisor):
    text = says("Please send it to {return_address} before {deadline}.")
    return macro(supervisor, K.APPROVE, text, title_en="Agree and say where", title_zh="同意并告知地址")


def test_the_dialog_lists_what_fits_and_searches(case, agent, supervisor, agree):
    macro(supervisor, says("x"), title_en="For repairs", case_types=[CaseType.REPAIR])
    client = seat(agent)

    listed = client.get(address(case, "macros"), headers={"HX-Request": "true"})
    found = client.get(address(case, "macros"), {"q": "地址"}, headers={"HX-Request": "true", "HX-Target": "picked"})
    nothing = client.get(address(case, "macros"), {"q": "zzz"}, headers={"HX-Request": "true", "HX-Target": "picked"})

    assert "Agree and say where" in listed.text
    assert "For repairs" not in listed.text
    assert found.text.count('role="option"') == 1
    assert "No macro that fits this case has “zzz”" in nothing.text


def test_the_preview_shows_state_money_deadline_and_message_and_changes_nothing(case, agent, agree):
    before = (again(case).version, Event.objects.count(), Notice.objects.count())

    page = preview(seat(agent), case, agree)

    said = words(page)
    assert "Waiting for merchant → Awaiting return" in said
    assert "The buyer sends the goods back within 7 days; ¥100.00 goes back after the inspection." in said
    assert "Buyer ships the return until 17 Mar, 18:00" in said
    assert "Please send it to Zhejiang Hangzhou 1 Wenyi Road, Li Lei, 13800138000 before March 17, 2026, 6 p.m." in said
    assert (again(case).version, Event.objects.count(), Notice.objects.count()) == before


def test_what_was_edited_in_the_preview_is_what_is_sent(case, agent, agree):
    response = seat(agent).post(place(case, agree), answers(case, agree, text_2="By post, please.\u202e\x00"))

    assert response.status_code == 302
    assert again(case).status == Status.AWAITING_RETURN
    assert Message.objects.get(case=case).body == "By post, please."
    page = words(seat(agent).get(address(case)))
    assert "ran a macro" in page
    assert "Agree and say where" in page


def test_the_macro_is_no_business_of_the_merchant(case, agent, merchant, agree):
    seat(agent).post(place(case, agree), answers(case, agree))

    assert "ran a macro" not in words(seat(merchant).get(address(case)))


def test_sent_twice_it_is_done_once(case, agent, supervisor):
    before = opened(sold(merchant=case.merchant, buyer=case.buyer, unshipped=True), by=supervisor, type="refund_only")
    pays = macro(supervisor, K.APPROVE, says("It goes back."))
    client, fields = seat(agent), answers(before, pays)

    statuses = [client.post(place(before, pays), fields).status_code for _time in range(2)]

    assert statuses == [302, 302]
    assert Refund.objects.filter(case=before).count() == 1
    assert Message.objects.filter(case=before).count() == 1
    assert Macro.objects.get(pk=pays.pk).used_count == 1


def test_with_another_key_the_second_is_told_what_happened(case, agent, supervisor, agree):
    decisions.reject(
        case.pk, by=supervisor, at=LATER, reason=RejectReason.objects.get(code="window_over"), note="Too late"
    )

    response = seat(agent).post(place(case, agree), answers(case, agree, text_2="Typed by hand"))

    said = words(response)
    assert response.status_code == 409
    assert "This case was changed meanwhile." in said
    assert "rejected the request" in said
    assert "Typed by hand" in said
    assert "It can not be run" in said
    assert f'name="version" value="{again(case).version}"' in response.text
    assert not Message.objects.filter(case=case).exists()
    assert not Submission.objects.exists()


def test_from_the_fresh_preview_it_can_be_run(case, agent, supervisor):
    note, client = macro(supervisor, says("Seen.", K.NOTE)), seat(agent)
    Case.objects.filter(pk=case.pk).update(version=7)

    stale = client.post(place(case, note), answers(case, note))
    fresh = client.post(place(case, note), answers(again(case), note))

    assert (stale.status_code, fresh.status_code) == (409, 302)


def test_a_macro_that_was_changed_meanwhile_is_shown_as_it_is_now(case, agent, supervisor):
    made = macro(supervisor, says("Old text"))
    fields = answers(case, made, text_1="Old text")
    tools.keep_macro(
        made, [MacroStep(kind=K.MESSAGE, text_en="New text")], by=supervisor, at=LATER, seen=made.changed_at
    )

    response = seat(agent).post(place(case, made), fields)

    assert response.status_code == 409
    assert "New text" in response.text
    assert "Old text" not in response.text


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_macro_version_that_is_none_fits_no_macro(version, case, agent, agree):
    response = seat(agent).post(place(case, agree), answers(case, agree) | {"macro_version": version})

    assert response.status_code == 409
    assert again(case).status == Status.PENDING_MERCHANT


def test_a_gap_blocks_on_the_server_and_is_named(case, agent, supervisor):
    made = macro(supervisor, K.APPROVE, says("Your parcel {waybill}"))
    client = seat(agent)

    shown = preview(client, case, made)
    blocked = client.post(place(case, made), answers(case, made, text_2="Your parcel {waybill}"))
    filled = client.post(place(case, made), answers(case, made, text_2="Your parcel SF1"))

    assert "Still to fill in: {waybill}" in words(shown)
    assert blocked.status_code == 422
    assert "Still to be filled in: {waybill}." in words(blocked)
    assert filled.status_code == 302
    assert Message.objects.get(case=case).body == "Your parcel SF1"


@pytest.mark.parametrize(("text", "said"), [("", "This field is required."), ("x" * 5001, "at most 5000 characters")])
def test_bad_text_is_named_and_nothing_is_done(text, said, case, agent, agree):
    response = seat(agent).post(place(case, agree), answers(case, agree, text_2=text))

    assert response.status_code == 422
    assert said in response.text
    assert again(case).status == Status.PENDING_MERCHANT


def test_above_the_limit_it_can_not_be_sent_and_says_who_may(agent, supervisor, shop):
    dear = opened(sold(merchant=shop, lines=[(2, 900)]), by=supervisor)
    made = macro(supervisor, K.APPROVE, says("We agree."))
    client = seat(agent)

    shown = preview(client, dear, made)
    forced = client.post(place(dear, made), answers(dear, made))

    assert "above your limit" in words(shown)
    assert "May decide it: Senior agent, Supervisor, Finance." in words(shown)
    assert re.search(r'<button data-key="mod\+enter" class="btn primary" disabled>', shown.text)
    assert forced.status_code == 422
    assert "Nothing of the macro was done." in forced.text
    assert not Message.objects.filter(case=dear).exists()


def test_to_htmx_the_preview_is_a_dialog_and_success_leads_to_the_case(case, agent, agree):
    client = seat(agent)

    part = client.get(place(case, agree), headers={"HX-Request": "true"})
    done = client.post(place(case, agree), answers(case, agree), headers={"HX-Request": "true"})

    assert "<html" not in part.text
    assert 'class="dialog-head"' in part.text
    assert done["HX-Redirect"] == address(case)


def test_what_is_not_offered_has_no_preview(case, agent, supervisor):
    other = macro(supervisor, says("x"), case_types=[CaseType.REPAIR])
    own = macro(supervisor, says("x"), scope=Scope.PERSONAL)

    assert preview(seat(agent), case, other).status_code == 404
    assert preview(seat(agent), case, own).status_code == 404
    assert seat(agent).post(place(case, own), answers(case, own)).status_code == 404
    assert seat(agent).post(place(case, other), answers(case, other)).status_code == 409


@pytest.mark.parametrize("who", ["merchant", "finance", "admin"])
def test_who_may_not_is_refused(who, case, people, agree):
    client = seat(getattr(people, who))

    assert preview(client, case, agree).status_code == 403
    assert client.post(place(case, agree), answers(case, agree)).status_code == 403


def test_the_list_costs_the_same_however_many_there_are(case, agent, supervisor):
    client, counts = seat(agent), []

    for number in range(20):
        macro(supervisor, K.APPROVE, says("x"), title_en=f"No. {number}")
        if number in (0, 19):
            client.get(address(case, "macros"))
            with CaptureQueriesContext(connection) as queries:
                client.get(address(case, "macros"))
            counts.append(len(queries))

    assert counts[0] == counts[1] <= 8


def test_an_offer_by_macro_is_an_offer(case, agent, supervisor):
    made = macro(supervisor, {"kind": K.OFFER, "percent": 20, "terms": CaseType.REFUND_ONLY, "text_en": "Keep it"})

    shown = preview(seat(agent), case, made)
    seat(agent).post(place(case, made), answers(case, made, text_1="Keep it"))

    offer = Offer.objects.get(case=case)
    assert (offer.amount, offer.type, offer.note) == (20, CaseType.REFUND_ONLY, "Keep it")
    assert "¥20.00 of the ¥100.00 that is asked, as: Refund only." in words(shown)
    assert "Offer to the buyer ¥20.00" in words(shown)
