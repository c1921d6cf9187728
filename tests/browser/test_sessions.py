"""What belongs to a login: language and colours, the way back after its end, its cookie."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from aftersales.models import User

pytestmark = pytest.mark.browser


def test_language_and_colours_stay_with_the_person(visitor, agent, asked):
    desk, elsewhere = visitor(), visitor()
    desk.be("agent").go("/cases/")

    desk.press("summary[aria-label]")
    desk.press("details[open] button[name=theme][value=dark]")
    expect(desk.at("html")).to_have_attribute("data-theme", "dark")
    desk.page.wait_for_load_state("networkidle")
    desk.press("button[name=language][value=zh-hans]")
    expect(desk.at("html")).to_have_attribute("lang", "zh-hans")
    desk.is_at("/cases/")
    desk.page.reload()
    elsewhere.go("/login/")
    elsewhere.log_in("agent")

    for window in (desk, elsewhere):
        expect(window.at("html")).to_have_attribute("lang", "zh-hans")
        expect(window.at("html")).to_have_attribute("data-theme", "dark")
    assert desk.page.evaluate("getComputedStyle(document.body).colorScheme") in ("dark", "light dark", "normal")


@pytest.mark.parametrize("ended", ["idle", "disabled"])
def test_after_a_session_has_ended_the_login_leads_back(visitor, agent, asked, ended):
    desk = visitor()
    desk.be("agent").go(f"/cases/{asked.number}/")
    desk.at("#reply").click()
    desk.page.keyboard.type("Half a sentence")

    if ended == "idle":
        Session.objects.update(expire_date=timezone.now())
    else:
        User.objects.filter(username="agent").update(is_active=False)
    desk.go(f"/cases/{asked.number}/")
    desk.is_at("/login/")
    # The stream that was cut asks once more while the page is left, and is led to the login like everybody.
    desk.faults[:] = [fault for fault in desk.faults if "text/event-stream" not in fault]
    User.objects.filter(username="agent").update(is_active=True)
    desk.log_in("agent")

    desk.is_at(f"/cases/{asked.number}/")
    assert desk.at("#reply").input_value() == "Half a sentence"


def test_the_session_cookie_is_for_the_server_alone(visitor, agent):
    desk = visitor()
    desk.go("/login/")
    desk.log_in("agent")

    cookie = next(one for one in desk.context.cookies() if one["name"] == settings.SESSION_COOKIE_NAME)
    seen = desk.page.evaluate("document.cookie")

    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    assert settings.SESSION_COOKIE_NAME not in seen
