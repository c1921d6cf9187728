"""Two windows of two people: what one does is seen in the other without a reload, and nothing typed is lost."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from aftersales.actions.cases import decisions
from aftersales.actions.conversation import messages
from aftersales.live import hub
from aftersales.models import Case, Message, User
from tests.aftersales.many import many
from tests.factories import opened
from tests.present import bought

pytestmark = pytest.mark.browser
# A desktop and a loudspeaker that only keep what they were told.
EARS = """
window.told = [];
window.Notification = class extends EventTarget {
  static permission = "granted";
  constructor(text) { super(); told.push(text); }
};
window.AudioContext = class {
  currentTime = 0;
  constructor() { told.push("sound"); }
  createOscillator() { return { frequency: {}, connect: (next) => next, start() {}, stop() {} }; }
  createGain() {
    const still = () => null;
    const gain = { setValueAtTime: still, linearRampToValueAtTime: still, exponentialRampToValueAtTime: still };
    return { gain, connect: still };
  }
};
"""


def hears(visitor):
    """Wait until the window listens, by a stream of its own or that of another tab."""
    visitor.at("#live[data-heard]").wait_for(state="attached")


def test_a_buyers_message_arrives_and_the_draft_survives(visitor, agent, buyer, asked):
    desk = visitor()
    desk.be("agent").go(f"/cases/{asked.number}/")
    hears(desk)
    desk.at("#reply").click()
    desk.page.keyboard.type("We send you a new one")

    messages.send(asked.pk, "I found the parcel", by=buyer, at=timezone.now())
    desk.sees("1 new message – read first", "#case-changes")
    assert desk.at("#thread .timeline").inner_text().count("I found the parcel") == 0
    desk.press("#composer button.primary")
    desk.sees("Nothing was sent; your text is kept.", "#composer")
    desk.sees("I found the parcel", "#thread .timeline")
    assert desk.at("#reply").input_value() == "We send you a new one"
    assert Message.objects.filter(case=asked).count() == 1
    desk.press("#composer .notice button")
    desk.sees("We send you a new one", "#thread")

    expect(desk.at("#case-changes .notice")).to_have_count(0)
    expect(desk.at("#reply")).to_have_value("")


def test_a_message_is_read_without_losing_what_is_typed(visitor, agent, buyer, asked):
    desk = visitor()
    desk.be("agent").go(f"/cases/{asked.number}/")
    hears(desk)
    desk.type("#reply", "Half a sentence")

    messages.send(asked.pk, "I found the parcel", by=buyer, at=timezone.now())
    desk.press("#case-changes [data-live-read]")
    desk.sees("I found the parcel", "#thread .timeline")

    expect(desk.at("#case-changes .notice")).to_have_count(0)
    assert desk.at("#reply").input_value() == "Half a sentence"
    desk.press("#composer button.primary")
    desk.sees("Half a sentence", "#thread")


def test_a_case_says_that_it_was_changed_elsewhere(visitor, agent, merchant, asked):
    desk = visitor()
    desk.be("agent").go(f"/cases/{asked.number}/")
    hears(desk)

    decisions.approve(asked.pk, by=merchant, at=timezone.now())

    desk.sees("Merchant agreed", "#case-changes")
    desk.sees("Waiting for merchant → Awaiting return", "#case-changes")
    desk.press("#case-changes a.btn")
    desk.sees("Awaiting return", "#case .case-head")
    expect(desk.at("#case-changes .notice")).to_have_count(0)


def test_colleagues_see_each_other_in_the_case_and_in_the_list(visitor, agent, supervisor, asked):
    first, second, third = visitor(), visitor(), visitor()
    third.be("supervisor").go("/cases/")
    hears(third)
    first.be("agent").go(f"/cases/{asked.number}/")
    hears(first)

    second.be("supervisor").go(f"/cases/{asked.number}/")
    first.sees("Supervisor is looking", "#presence")
    second.sees("Agent is looking", "#presence")
    third.sees("A", ".faces")
    second.type("#reply", "I am answering")
    first.sees("Supervisor is writing", "#presence")
    second.go("/cases/?view=ended")
    expect(first.at("#presence .chip")).to_have_count(0)


def test_the_list_keeps_still_and_says_how_much_is_new(visitor, agent, shop, buyer, asked):
    desk = visitor()
    desk.be("agent").go("/cases/")
    hears(desk)
    desk.sees("1 waiting", "#waiting")

    other = opened(bought(shop, buyer_id=buyer.buyer_id), by=buyer, at=timezone.now())
    desk.sees("1 new or changed", "#list-changes")
    desk.sees("2 waiting", "#waiting")
    before = desk.at("#rows").inner_text()
    desk.page.keyboard.press(".")
    desk.sees(other.number, "#rows")

    assert other.number not in before
    expect(desk.at("#list-changes")).to_be_empty()


def test_without_a_connection_the_page_says_so_and_goes_on_by_itself(visitor, agent, buyer, asked):
    desk = visitor()
    desk.be("agent").go(f"/cases/{asked.number}/")
    hears(desk)

    desk.context.set_offline(True)
    desk.sees("The server could not be reached.", "#live")
    messages.send(asked.pk, "Are you there?", by=buyer, at=timezone.now())
    desk.context.set_offline(False)

    desk.sees("Connected again.", "#live")
    desk.sees("1 new message – read first", "#case-changes")
    desk.faults[:] = [fault for fault in desk.faults if "ERR_INTERNET_DISCONNECTED" not in fault]


def test_where_there_is_no_place_for_a_stream_the_page_polls(visitor, agent, buyer, asked, settings):
    settings.LIVE_STREAMS_IN_THREADS = 0
    desk = visitor()
    desk.be("agent").go(f"/cases/{asked.number}/")
    with desk.page.expect_response(re.compile("/live/poll/")):
        pass

    messages.send(asked.pk, "Are you there?", by=buyer, at=timezone.now())

    desk.sees("1 new message – read first", "#case-changes")
    desk.faults[:] = [fault for fault in desk.faults if "503" not in fault]


def test_a_script_that_did_not_come_is_asked_for_again(visitor, agent, asked):
    desk = visitor()
    desk.page.route("**/js/console/live.js", lambda route: route.abort(), times=1)
    desk.be("agent").go(f"/cases/{asked.number}/")

    hears(desk)


def test_tabs_of_a_browser_share_one_stream(visitor, agent, buyer, asked):
    desk, asked_for = visitor(), []
    desk.context.on("request", lambda request: asked_for.append(request.url) if "/live/?" in request.url else None)
    desk.be("agent").go(f"/cases/{asked.number}/")
    hears(desk)
    tabs = [desk.context.new_page() for _number in range(7)]  # more than a browser has connections to one server
    for tab in tabs:
        tab.goto(f"{desk.site}/cases/{asked.number}/")

    messages.send(asked.pk, "Are you there?", by=buyer, at=timezone.now())

    for tab in (desk.page, *tabs):
        expect(tab.locator("#case-changes")).to_contain_text("1 new message – read first")
    assert len(asked_for) == 1


def test_who_is_logged_out_elsewhere_is_told_and_keeps_the_text(visitor, agent, asked, monkeypatch):
    monkeypatch.setattr(hub, "RIGHTS_SECONDS", 1)
    desk = visitor()
    desk.be("agent").go(f"/cases/{asked.number}/")
    hears(desk)
    desk.type("#reply", "Half a sentence")

    Session.objects.all().delete()
    desk.sees("You are logged out.", "#live")
    desk.press("#live a.btn")
    desk.log_in("agent")

    desk.is_at(f"/cases/{asked.number}/")
    assert desk.at("#reply").input_value() == "Half a sentence"


def test_somebody_who_chose_it_hears_and_sees_what_concerns_them(visitor, agent, agent_user, buyer, asked):
    User.objects.filter(pk=agent_user.pk).update(alert_sound=True, alert_desktop=True)
    Case.objects.filter(pk=asked.pk).update(assignee=agent_user)
    foreign = many(asked, 1)[0]
    desk = visitor(permissions=["notifications"])
    desk.context.add_init_script(EARS)
    desk.be("agent").go("/orders/")
    hears(desk)

    messages.send(foreign.pk, "Not yours", by=buyer, at=timezone.now())
    messages.send(asked.pk, "My secret", by=buyer, at=timezone.now())
    desk.page.wait_for_function("() => told.length > 1")

    assert desk.page.evaluate("told") == ["sound", f"News in your case {asked.number}"]
