"""The tour, rules, the thread and trouble in a real browser: by keyboard alone, and on a small screen."""

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import expect

from aftersales.actions.conversation import messages
from aftersales.models import Outgoing, User
from tests.browser.axe import complaints
from tests.browser.chrome import focused, pressed

pytestmark = pytest.mark.browser
SMALL = {"width": 360, "height": 780}


def expected(visitor, *texts):
    """Lines of the browser's console that this trouble brings with it: no faults of the page."""
    visitor.faults[:] = [fault for fault in visitor.faults if not any(text in fault for text in texts)]


@pytest.mark.parametrize("size", [None, SMALL], ids=["wide", "small"])
def test_the_tour_is_walked_with_the_keyboard_alone_and_comes_once(size, visitor, agent, asked):
    User.objects.filter(pk=agent.user_id).update(tour_seen_at=None)
    desk = visitor(**({"viewport": size} if size else {}))
    desk.be("agent").go(f"/cases/{asked.number}/")
    tour = desk.at("#tour")

    heads = []
    for step in range(6):
        expect(desk.at("#tour [data-count]")).to_have_text(f"{step + 1} / 6")
        heads.append(desk.at("#tour li:not([hidden]) h2").inner_text())
        focused(desk, "#tour [data-go=on]")
        assert desk.at(".toured").count() == 1
        box = tour.bounding_box()
        width, height = (size or {"width": 1440, "height": 900}).values()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        assert box["y"] >= 0 and box["y"] + box["height"] <= height
        if step == 2:
            pressed(desk, "ArrowLeft", "ArrowRight")
            expect(desk.at("#tour [data-count]")).to_have_text("3 / 6")
        pressed(desk, "Enter")
    expect(tour).to_have_count(0)
    assert len(set(heads)) == 6
    assert desk.at(".toured").count() == 0
    expect(desk.at("#case")).to_be_visible()
    desk.page.wait_for_load_state("networkidle")
    desk.page.reload()
    desk.page.wait_for_load_state("networkidle")

    expect(tour).to_have_count(0)
    assert User.objects.get(username="agent").tour_seen_at is not None


def test_escape_ends_the_tour_and_it_can_be_had_again(visitor, agent, asked):
    desk = visitor()
    desk.be("agent").go("/tour/")

    desk.press("main form[action='/tour/again/'] button")
    desk.is_at(f"/cases/{asked.number}/")
    expect(desk.at("#tour")).to_be_visible()
    focused(desk, "#tour [data-go=on]")
    pressed(desk, "Escape")

    expect(desk.at("#tour")).to_have_count(0)
    pressed(desk, "r")
    focused(desk, "#reply")


def test_a_question_mark_quotes_the_rule_beside_it(visitor, agent, asked):
    desk = visitor()
    desk.be("agent").go(f"/cases/{asked.number}/")
    mark = desk.at(".clock-card a[data-rule]")

    mark.focus()
    pressed(desk, "Enter")
    expect(desk.at(".rule-box")).to_be_visible()
    focused(desk, ".rule-box")
    desk.sees("General v1", ".rule-box")
    desk.sees("48", ".rule-box dd")
    pressed(desk, "Escape")
    expect(desk.at(".rule-box")).to_be_hidden()
    expect(mark).to_be_focused()
    desk.press("a[href$='/approve/'][hx-get]")
    desk.press("#dialog-body a[data-rule]")
    expect(desk.at("dialog .rule-box")).to_be_visible()

    desk.sees("decides", ".rule-box")


def test_a_choice_above_the_thread_keeps_what_is_being_typed(visitor, agent, asked, buyer):
    messages.send(asked.pk, "Where is my money?", by=buyer, at=timezone.now())
    desk = visitor()
    desk.be("agent").go(f"/cases/{asked.number}/")
    desk.page.evaluate("window.stays = true")
    desk.type("#reply", "Half a sentence")

    desk.at("#timeline nav a[href*='show=system']").focus()
    pressed(desk, "Enter")
    expect(desk.at("#timeline nav [aria-current]")).to_have_text("System")
    expect(desk.at("#timeline")).not_to_contain_text("Where is my money?")
    focused(desk, "#timeline nav [aria-current]")
    desk.is_at(f"/cases/{asked.number}/")
    assert "show=system" in desk.page.url

    assert desk.page.evaluate("window.stays")
    assert desk.at("#reply").input_value() == "Half a sentence"
    desk.page.go_back()
    expect(desk.at("#timeline nav [aria-current]")).to_have_text("All")


def test_a_cut_line_is_said_and_the_same_press_is_tried_again(visitor, agent, asked):
    desk = visitor()
    desk.be("agent").go(f"/cases/{asked.number}/")
    desk.type("#reply", "Do not lose this")

    desk.context.set_offline(True)
    pressed(desk, "Control+Enter")
    desk.sees("could not be reached", "#flash")
    typed = desk.at("#reply").input_value()
    desk.context.set_offline(False)
    desk.press("#flash button")
    desk.sees("Do not lose this", "#thread")

    assert typed == "Do not lose this"
    assert Outgoing.objects.get(case=asked).body == "Do not lose this"
    expected(desk, "htmx:sendError", "htmx:afterRequest", "ERR_INTERNET_DISCONNECTED")


def test_a_question_that_takes_its_time_is_seen_and_moves_nothing(visitor, agent, asked):
    desk = visitor()
    desk.be("agent").go(f"/cases/{asked.number}/")
    desk.page.route("**/offer/", lambda route: desk.page.wait_for_timeout(600) or route.continue_())
    where = "document.querySelector('.next-step').getBoundingClientRect().top"
    before = desk.page.evaluate(where)

    desk.page.evaluate("document.querySelector(\"a[href$='/offer/']\").click()")
    shown = desk.page.wait_for_function("getComputedStyle(document.body, '::after').content !== 'none'")

    assert shown
    assert desk.page.evaluate(where) == before
    expect(desk.at("#dialog")).to_be_visible()
    assert desk.page.evaluate("getComputedStyle(document.body, '::after').content") == "none"


def test_a_refusal_by_the_server_is_said_in_its_own_words(visitor, agent, asked):
    desk = visitor()
    desk.be("agent").go(f"/cases/{asked.number}/")
    # Taken away behind the triggers, which would end the session as well: the page alone is to say it.
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        User.objects.get(username="agent").groups.clear()
        cursor.execute("SET session_replication_role = DEFAULT")

    desk.press("a[href$='/offer/']")

    desk.sees("This is for:", "#flash")
    expected(desk, "Response Status Error Code 403")


def test_settings_are_chosen_without_scripts(visitor, agent):
    desk = visitor(java_script_enabled=False)
    desk.be("agent").go("/cases/")

    desk.press("summary[aria-label]")
    desk.press("a[href='/settings/']")
    desk.at("[name=time_zone]").select_option("America/New_York")
    desk.press("[name=density][value=compact]")
    desk.press("main form button.primary")

    desk.sees("Your settings are kept.", "#flash")
    expect(desk.at("html")).to_have_attribute("data-density", "compact")


def test_single_keys_are_switched_off_with_the_login(visitor, agent, asked):
    desk, elsewhere = visitor(), visitor()
    desk.be("agent").go(f"/cases/{asked.number}/")

    pressed(desk, "?")
    with desk.page.expect_response("**/settings/keys/"):
        desk.press("[data-shortcuts-switch]")
    elsewhere.be("agent").go(f"/cases/{asked.number}/")
    pressed(elsewhere, "r")

    expect(elsewhere.at("body")).to_have_attribute("data-shortcuts", "off")
    assert elsewhere.page.evaluate("document.activeElement === document.body")


def test_a_case_prints_whole_black_on_white(visitor, agent, asked, photos):
    desk = visitor()
    User.objects.filter(username="agent").update(theme="dark")
    desk.be("agent").go(f"/cases/{asked.number}/")
    expect(desk.at(".case-head .title")).to_have_css("color", "rgb(232, 236, 242)")
    desk.page.emulate_media(media="print")
    expect(desk.at(".case-head .title")).to_have_css("color", "rgb(20, 27, 37)")

    seen = desk.page.evaluate(
        """() => { const panes = [...document.querySelectorAll("#case, #order")];
           return { bar: getComputedStyle(document.querySelector(".bar")).display,
             panes: panes.map((one) => one.getBoundingClientRect().width),
             clipped: panes.some((one) => getComputedStyle(one).overflow !== "visible"),
             wide: document.documentElement.scrollWidth <= innerWidth } }"""
    )

    assert seen["bar"] == "none" and not seen["clipped"] and seen["wide"]
    assert min(seen["panes"]) > 1000
    assert desk.page.pdf().startswith(b"%PDF")


def test_axe_finds_nothing_in_what_opens_over_a_page(visitor, agent, asked, photos):
    desk = visitor()
    desk.be("agent").go(f"/cases/{asked.number}/")

    desk.press(".clock-card a[data-rule]")
    expect(desk.at(".rule-box")).to_be_visible()
    of_rule = complaints(desk)
    pressed(desk, "Escape")
    desk.press(".evidence .shots a")
    expect(desk.at("#viewer")).to_be_visible()
    pressed(desk, "s")
    expect(desk.at("#viewer .stage").nth(1).locator("figcaption b")).to_have_text("label.jpg")
    of_viewer = complaints(desk)
    User.objects.filter(pk=agent.user_id).update(tour_seen_at=None)
    desk.page.reload()
    expect(desk.at("#tour")).to_be_visible()
    of_tour = complaints(desk)
    refused = desk.go("/finance/")
    of_refusal = complaints(desk)

    assert (of_rule, of_viewer, of_tour, of_refusal) == ([], [], [], [])
    assert refused.status == 403
