"""A macro in a case, by its pages: the preview, the doing, what was changed meanwhile; and the form that makes one."""

import re

import pytest
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


def test_a_rehearsal_shows_state_money_deadline_and_message_and_changes_nothing(case, agent, agree):
    before = (again(case).version, Event.objects.count(), Notice.objects.count())

    page = preview(seat(agent), case, agree)

    said = words(page)
    assert "Waiting for merchant → Awaiting return" in said
    assert "The buyer sends the goods back within 7 days; ¥100.00 goes back after the inspection." in said
    assert "Buyer ships the return until 17 Mar, 18:00" in said
    assert "Please send it to Zhejiang Hangzhou 1 Wenyi Road, Li Lei, 13800138000 before March 17, 2026, 6 p.m." in said
    assert (again(case).version, Event.objects.count(), Notice.objects.count()) == before


def test_a_text_edited_in_the_rehearsal_is_what_is_sent(case, agent, agree):
    response = seat(agent).post(place(case, agree), answers(case, agree, text_2="By post, please.\u202e\x00"))

    assert response.status_code == 302
    assert again(case).status == Status.AWAITING_RETURN
    assert Message.objects.get(case=case).body == "By post, please."
    page = words(seat(agent).get(address(case)))
    assert "ran a macro" in page
    assert "Agree and say where" in page


def test_merchants_do_not_see_that_a_macro_was_run(case, agent, merchant, agree):
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


def test_a_second_run_from_another_page_is_told_what_happened(case, agent, supervisor, agree):
    decisions.reject(
        case.pk, by=supervisor, at=LATER, reason=RejectReason.objects.get(code="already_shipped"), note="Too late"
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


def test_a_macro_can_be_run_from_the_renewed_rehearsal(case, agent, supervisor):
    note, client = macro(supervisor, says("Seen.", K.NOTE)), seat(agent)
    Case.objects.filter(pk=case.pk).update(version=7)

    stale = client.post(place(case, note), answers(case, note))
    fresh = client.post(place(case, note), answers(again(case), note))

    assert (stale.status_code, fresh.status_code) == (409, 302)


def test_a_macro_that_was_changed_meanwhile_is_shown_as_it_is_now(case, agent, supervisor):
    made = macro(supervisor, says("Old text"))
    fields = answers(case, made, text_1="Old text")
    tools.store_macro(
        made, [MacroStep(kind=K.MESSAGE, text_en="New text")], by=supervisor, at=LATER, seen=made.changed_at
    )

    response = seat(agent).post(place(case, made), fields)

    assert response.status_code == 409
    assert "New text" in response.text
    assert "Old text" not in response.text


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_broken_macro_version_fits_no_macro(version, case, agent, agree):
    response = seat(agent).post(place(case, agree), answers(case, agree) | {"macro_version": version})

    assert response.status_code == 409
    assert again(case).status == Status.PENDING_MERCHANT


def test_a_macro_with_a_gap_is_refused_and_the_gap_named(case, agent, supervisor):
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
def test_a_macro_with_a_bad_text_is_refused_and_nothing_is_done(text, said, case, agent, agree):
    response = seat(agent).post(place(case, agree), answers(case, agree, text_2=text))

    assert response.status_code == 422
    assert said in response.text
    assert again(case).status == Status.PENDING_MERCHANT


def test_a_macro_above_the_limit_can_not_be_run_and_says_who_may(agent, supervisor, shop):
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


def test_a_macro_that_does_not_fit_the_case_has_no_rehearsal(case, agent, supervisor):
    other = macro(supervisor, says("x"), case_types=[CaseType.REPAIR])
    own = macro(supervisor, says("x"), scope=Scope.PERSONAL)

    assert preview(seat(agent), case, other).status_code == 404
    assert preview(seat(agent), case, own).status_code == 404
    assert seat(agent).post(place(case, own), answers(case, own)).status_code == 404
    assert seat(agent).post(place(case, other), answers(case, other)).status_code == 409


@pytest.mark.parametrize("who", ["merchant", "finance", "admin"])
def test_people_without_tools_may_run_no_macro(who, case, people, agree):
    client = seat(getattr(people, who))

    assert preview(client, case, agree).status_code == 403
    assert client.post(place(case, agree), answers(case, agree)).status_code == 403


def test_a_macro_makes_an_offer_as_the_form_does(case, agent, supervisor):
    made = macro(supervisor, {"kind": K.OFFER, "percent": 20, "terms": CaseType.REFUND_ONLY, "text_en": "Keep it"})

    shown = preview(seat(agent), case, made)
    seat(agent).post(place(case, made), answers(case, made, text_1="Keep it"))

    offer = Offer.objects.get(case=case)
    assert (offer.amount, offer.type, offer.note) == (20, CaseType.REFUND_ONLY, "Keep it")
    assert "¥20.00 of the ¥100.00 that is asked, as: Refund only." in words(shown)
    assert "Offer to the buyer ¥20.00" in words(shown)
