"""The palette in a real browser: found in Chinese by keyboard alone, silent while an IME composes, acts pressed."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from aftersales.actions.conversation import messages
from tests.browser.chrome import pressed

pytestmark = pytest.mark.browser


@pytest.fixture
def said(asked, agent):
    messages.send(asked.pk, "您好，拉链卡住了，想申请换货", by=agent, at=timezone.now())
    return asked


def opened(desk):
    """Ctrl+K, and the palette is there with the caret in its field."""
    pressed(desk, "Control+k")
    expect(desk.at("#palette")).to_be_visible()
    expect(desk.at("#palette input")).to_be_focused()


def active(desk):
    """What the screen reader is told is chosen."""
    return desk.page.evaluate(
        """() => { const id = document.querySelector("#palette input").getAttribute("aria-activedescendant");
          return id && document.getElementById(id).getAttribute("href") }"""
    )


def test_a_case_is_found_in_chinese_and_opened_with_the_keyboard_alone(visitor, agent, said):
    desk = visitor("zh-hans")
    desk.be("agent").go("/cases/")

    opened(desk)
    desk.page.keyboard.insert_text("拉链卡住")
    desk.sees("拉链卡住", "#palette mark")
    assert active(desk) == f"/cases/{said.number}/"
    expect(desk.at("#pal-said")).not_to_be_empty()
    pressed(desk, "ArrowDown", "ArrowUp", "Enter")
    desk.is_at(f"/cases/{said.number}/")

    opened(desk)
    pressed(desk, "Escape")
    expect(desk.at("#palette")).to_be_hidden()


def test_enter_right_after_the_last_sign_opens_what_is_found_then(visitor, agent, said):
    desk = visitor()
    desk.be("agent").go("/orders/")
    opened(desk)

    desk.page.keyboard.type(said.number)
    pressed(desk, "Enter")

    desk.is_at(f"/cases/{said.number}/")


def test_nothing_is_asked_while_an_ime_composes(visitor, agent, said):
    desk = visitor("zh-hans")
    desk.be("agent").go("/cases/")
    opened(desk)
    asked = []
    desk.page.on("request", lambda request: asked.append(request.url) if "/palette/" in request.url else None)
    ime = desk.context.new_cdp_session(desk.page)

    for typed in ("l", "la", "la l", "la lian"):
        ime.send("Input.imeSetComposition", {"text": typed, "selectionStart": len(typed), "selectionEnd": len(typed)})
        desk.page.evaluate(
            """() => document.querySelector("#palette input").dispatchEvent(
              new KeyboardEvent("keydown", {key: "Enter", isComposing: true, bubbles: true, cancelable: true}))"""
        )
    desk.page.wait_for_timeout(400)  # longer than the pause after which it asks
    assert asked == []
    expect(desk.at("#palette")).to_be_visible()
    ime.send("Input.insertText", {"text": "拉链"})

    desk.sees("拉链", "#palette mark")
    assert len(asked) == 1
    desk.is_at("/cases/")


def test_a_later_answer_is_not_overtaken_by_an_earlier_one(visitor, agent, said):
    desk = visitor()
    desk.be("agent").go("/cases/")
    opened(desk)
    held = []
    desk.page.route(re.compile(r"q=slow"), lambda route: held.append(route))

    desk.page.keyboard.type("slow")
    desk.page.wait_for_timeout(300)
    desk.at("#palette input").fill("拉链")
    desk.sees("拉链", "#palette mark")
    for route in held:
        route.abort()
    desk.page.wait_for_timeout(100)

    assert len(held) == 1
    assert active(desk) == f"/cases/{said.number}/"


def test_an_action_of_the_case_opens_what_its_button_opens_and_the_focus_returns(visitor, agent, said):
    desk = visitor()
    desk.be("agent").go(f"/cases/{said.number}/")

    opened(desk)
    desk.page.keyboard.type("agree to the")
    expect(desk.at("#palette [data-presses]")).to_have_count(1)
    pressed(desk, "Enter")
    desk.at("#dialog-body form[action$='/approve/']").wait_for()
    expect(desk.at("#palette")).to_be_hidden()
    pressed(desk, "Escape")

    expect(desk.at(".next-step a[href$='/approve/']")).to_be_focused()
    desk.is_at(f"/cases/{said.number}/")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_the_open_palette(theme, visitor, agent, said):
    desk = visitor("zh-hans", color_scheme=theme)
    desk.be("agent").go(f"/cases/{said.number}/")
    opened(desk)
    desk.page.keyboard.insert_text("拉链")
    desk.at("#palette mark").wait_for()

    desk.page.evaluate("window.measured = true")  # axe writes styles while it measures, which the policy forbids
    found = Axe().run(desk.page, context="#palette", options={"resultTypes": ["violations"]}).response["violations"]

    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []


def test_without_scripts_the_field_of_the_bar_finds(visitor, agent, said):
    desk = visitor(java_script_enabled=False)
    desk.be("agent").go("/cases/")

    desk.type("#search", "拉链")
    pressed(desk, "Enter")

    desk.sees("拉链", "mark")
    desk.sees(said.number, "#rows")
