"""Photos in the viewer: by keyboard alone, with the mouse, and as plain links without scripts."""

import pytest
from playwright.sync_api import expect

from tests.browser.chrome import eventually, focused, pressed

WHOLE = """() => { const [frame, image] = ["", " img"].map((part) =>
  document.querySelector("#viewer .frame" + part).getBoundingClientRect());
  return image.width <= frame.width + 1 && image.height <= frame.height + 1 }"""
pytestmark = pytest.mark.browser


def test_photos_are_looked_at_with_the_keyboard_alone(visitor, agent, asked, photos):
    desk = visitor()
    desk.be("agent").go(f"/cases/{asked.number}/")
    first = desk.at(".evidence .shots a").nth(0)
    viewer, stage, beside = desk.at("#viewer"), desk.at("#viewer .stage").nth(0), desk.at("#viewer .stage").nth(1)

    first.focus()
    pressed(desk, "Enter")
    expect(viewer).to_be_visible()
    focused(desk, "#viewer .stage")
    expect(stage.locator("figcaption")).to_contain_text("crack.jpg")
    expect(stage.locator("figcaption")).to_contain_text("1600 × 1200")
    expect(stage.locator("figcaption")).to_contain_text("Agent")
    expect(desk.at("#viewer [data-count]")).to_have_text("1 / 3")
    pressed(desk, "+", "+")
    expect(stage).to_have_attribute("data-scale", "1.96")
    pressed(desk, "0", "r")
    expect(stage).to_have_attribute("data-scale", "1.00")
    expect(stage).to_have_attribute("data-turn", "90")
    pressed(desk, "[", "[")
    expect(stage).to_have_attribute("data-turn", "270")
    pressed(desk, "ArrowRight", "ArrowRight")
    expect(stage.locator("figcaption")).to_contain_text("tall.jpg")
    pressed(desk, "ArrowRight")
    expect(desk.at("#viewer [data-count]")).to_have_text("1 / 3")
    pressed(desk, "s")
    expect(beside).to_be_visible()
    expect(beside).to_be_focused()
    expect(beside.locator("figcaption")).to_contain_text("label.jpg")
    pressed(desk, "ArrowRight", "+")
    expect(beside).to_have_attribute("data-scale", "1.40")
    expect(stage).to_have_attribute("data-scale", "1.00")
    pressed(desk, "Shift+Tab")
    expect(stage).to_be_focused()
    expect(desk.at("#viewer [data-count]")).to_have_text("1 / 3")
    pressed(desk, "Escape")

    expect(viewer).to_be_hidden()
    expect(first).to_be_focused()
    assert len(desk.context.pages) == 1


def test_photos_are_looked_at_with_the_mouse(visitor, agent, asked, photos):
    desk = visitor()
    desk.be("agent").go(f"/cases/{asked.number}/")
    stage = desk.at("#viewer .stage").nth(0)

    desk.press(".evidence .shots a")
    expect(stage).not_to_have_attribute("aria-busy", "true")
    desk.at("#viewer .frame").first.dblclick()
    expect(stage).to_have_attribute("data-scale", "2.50")
    desk.at("#viewer .frame").first.dblclick()
    expect(stage).to_have_attribute("data-scale", "1.00")
    desk.page.mouse.wheel(0, -300)
    expect(stage).to_have_attribute("data-scale", "2.72")
    desk.press("#viewer [data-do=on]")
    expect(desk.at("#viewer [data-count]")).to_have_text("2 / 3")
    expect(stage).not_to_have_attribute("aria-busy", "true")
    eventually(desk, WHOLE)
    desk.press("#viewer [data-close]")

    expect(desk.at("#viewer")).to_be_hidden()


def test_without_scripts_a_photo_is_a_link(visitor, agent, asked, photos):
    desk = visitor(java_script_enabled=False)
    desk.be("agent").go(f"/cases/{asked.number}/")

    address = desk.at(".evidence .shots a").first.get_attribute("href")

    assert desk.context.request.get(desk.site + address).headers["content-type"] == "image/jpeg"
