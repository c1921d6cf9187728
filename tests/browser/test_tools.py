"""Canned replies and macros by keyboard alone, in both languages."""

import json

import pytest
from playwright.sync_api import expect

from aftersales.models import Event, Message, Outgoing
from aftersales.rules.conversation.tools import StepKind
from aftersales.rules.vocabulary import Status
from tests.aftersales.stored_tools import macro, reply, says
from tests.browser.chrome import eventually, focused, pressed
from tests.present import again

pytestmark = pytest.mark.browser


def opened(visitor, number):
    """The dialog is there, with so many to choose from, and hears the keys."""
    expect(visitor.at("#picker[aria-expanded=true]")).to_be_focused()
    expect(visitor.at("#picked [role=option]")).to_have_count(number)


def selected(visitor, text):
    """Wait until this is what is selected in the field at hand."""
    cut = "(({value, selectionStart: from, selectionEnd: to}) => value?.slice(from, to))(document.activeElement)"
    eventually(visitor, f"{cut} === {json.dumps(text)}")


@pytest.fixture
def desk(visitor, agent_user, language, asked):
    """The agent's window on the case, in this language."""
    agent_user.language = language
    agent_user.save()
    window = visitor(language)
    window.be("agent").go(f"/cases/{asked.number}/")
    return window


def found_by(desk, text, *, ended):
    """The picker, which has just been opened, finds one reply; the key that ends it gives the focus back."""
    opened(desk, 2)
    focused(desk, "#picker")
    desk.page.keyboard.type(text)
    expect(desk.at("#picked [role=option]")).to_have_count(1)
    pressed(desk, ended)
    expect(desk.at("#dialog")).to_be_hidden()
    focused(desk, "#reply")


def test_a_reply_is_found_put_in_filled_and_sent(desk, supervisor, asked, words):
    reply(supervisor, title_en="Thanks", title_zh="感谢")
    reply(
        supervisor,
        title_en="On its way",
        title_zh="在途",
        body_en="Your parcel {waybill} of {today}",
        body_zh="您的包裹 {退货单号} 由 {退货快递} 承运",
        shortcut="way",
    )

    pressed(desk, "/")
    found_by(desk, "way", ended="Escape")
    desk.page.keyboard.press("/")
    found_by(desk, "way", ended="Enter")
    selected(desk, "{退货单号}")
    desk.sees("{退货单号} · {退货快递}", "#composer [data-gaps]")

    pressed(desk, "Control+Enter")
    selected(desk, "{退货单号}")
    assert not Message.objects.filter(case=asked).exists()
    pressed(desk, "Tab")
    selected(desk, "{退货快递}")
    desk.page.keyboard.type("SF")
    pressed(desk, "Shift+Tab")
    selected(desk, "{退货单号}")
    desk.page.keyboard.type("SF1")
    expect(desk.at("#composer [data-gaps]")).to_be_empty()
    pressed(desk, "Control+Enter")
    desk.sees("您的包裹 SF1 由 SF 承运", "#thread")

    assert Outgoing.objects.get(case=asked).body == "您的包裹 SF1 由 SF 承运"


def test_a_reply_goes_in_at_the_caret_and_a_slash_in_a_sentence_is_a_slash(desk, supervisor, asked):
    reply(supervisor, body_zh="谢谢")

    pressed(desk, "r")
    desk.page.keyboard.type("1/2 [] and on")
    for _step in range(len("] and on")):
        pressed(desk, "ArrowLeft")
    desk.at('[data-key="/"]').focus()
    pressed(desk, "Enter")
    opened(desk, 1)
    pressed(desk, "Enter")

    assert desk.at("#reply").input_value() == "1/2 [谢谢] and on"
    focused(desk, "#reply")


def test_a_macro_is_looked_at_and_run(desk, supervisor, asked, words):
    macro(supervisor, says("x"), title_en="Another", title_zh="另一个")
    macro(
        supervisor,
        StepKind.APPROVE,
        says("{return_address} {waybill}"),
        title_en="Agree",
        title_zh="同意并告知",
        reasons=[asked.reason.code],
    )

    pressed(desk, "m")
    opened(desk, 2)
    pressed(desk, "ArrowDown", "ArrowUp", "Enter")
    desk.sees(words("Awaiting return"), "#dialog .outcome")
    expect(desk.at("#id_text_2")).to_be_focused()
    expect(desk.at("#dialog [data-gaps]")).to_contain_text("{waybill}")
    selected(desk, "{waybill}")
    pressed(desk, "Control+Enter")
    assert again(asked).status == Status.PENDING_MERCHANT
    desk.page.keyboard.type("SF1")
    for _tab in range(4):
        if desk.page.evaluate("document.activeElement.matches('.form-actions button')"):
            break
        pressed(desk, "Tab")
    pressed(desk, "Enter")
    desk.sees(words("Done: %(macro)s").partition("%")[0], "#flash")

    assert again(asked).status == Status.AWAITING_RETURN
    assert Message.objects.get(case=asked).body.endswith("SF1")
    assert Event.objects.filter(case=asked, action="macro").exists()


def test_a_refused_macro_can_not_be_run_and_escape_leads_back(desk, supervisor, asked):
    macro(supervisor, StepKind.APPROVE, StepKind.APPROVE)

    pressed(desk, "m")
    opened(desk, 1)
    pressed(desk, "Enter")
    expect(desk.at("#dialog .run .bad")).to_have_count(1)
    expect(desk.at("#dialog .form-actions button")).to_be_disabled()
    expect(desk.at("#dialog-body")).to_be_focused()
    pressed(desk, "Escape")

    expect(desk.at("#dialog")).to_be_hidden()
    focused(desk, "[data-key=m]:focus")
    assert again(asked).status == Status.PENDING_MERCHANT


def test_keys_rest_in_the_search_while_an_ime_composes(desk, supervisor, asked):
    reply(supervisor)
    pressed(desk, "/")
    opened(desk, 1)

    desk.page.evaluate(
        """() => document.getElementById("picker").dispatchEvent(
          new KeyboardEvent("keydown", {key: "Enter", isComposing: true, bubbles: true, cancelable: true}))"""
    )

    expect(desk.at("#dialog")).to_be_visible()
    assert desk.at("#reply").input_value() == ""
