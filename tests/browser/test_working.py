"""How the console is worked: by keyboard, in two windows, with a nervous finger, without scripts, after a break."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from aftersales.actions.cases import decisions
from aftersales.models import Case, Event, Outgoing, Refund
from aftersales.rules.vocabulary import CaseType, Status
from orders.gateways import sandbox
from tests.browser.chrome import focused, pressed
from tests.factories import opened
from tests.present import again, bought

pytestmark = pytest.mark.browser


def test_a_case_is_worked_with_the_keyboard_alone(visitor, agent, asked):
    desk = visitor()
    desk.be("agent").go("/cases/")
    page = desk.page

    pressed(desk, "j", "Enter")
    desk.is_at(f"/cases/{asked.number}/")
    pressed(desk, "?")
    expect(desk.at("#keys")).to_be_visible()
    pressed(desk, "Escape")
    expect(desk.at("#keys")).to_be_hidden()
    pressed(desk, "r")
    focused(desk, "#reply")
    page.keyboard.type("Not N, J or G: these are letters now. ngj")
    pressed(desk, "Control+Enter")
    desk.sees("ngj", "#thread")
    page.evaluate("document.activeElement.blur()")
    pressed(desk, "g")
    expect(desk.at("#dialog")).to_be_visible()
    desk.at("#dialog-body form[action$='/approve/']").wait_for()
    for _tab in range(12):
        if page.evaluate("document.activeElement.matches('.form-actions button')"):
            break
        pressed(desk, "Tab")
    pressed(desk, "Enter")
    desk.sees("Agreed.", "#flash")

    assert again(asked).status == Status.AWAITING_RETURN
    assert Outgoing.objects.get(case=asked).body.endswith("ngj")


def test_keys_rest_while_an_ime_composes(visitor, agent, asked):
    desk = visitor()
    desk.be("agent").go(f"/cases/{asked.number}/")

    before = desk.page.url
    desk.page.evaluate(
        """() => { for (const key of ["n", "g", "r"])
          document.body.dispatchEvent(new KeyboardEvent("keydown", {key, isComposing: true, bubbles: true})) }"""
    )

    assert desk.page.url == before
    focused(desk, "body")
    expect(desk.at("#dialog")).to_be_hidden()
    pressed(desk, "r")
    focused(desk, "#reply")


def test_whoever_saves_second_sees_what_happened_and_keeps_the_text(visitor, agent, supervisor, asked):
    first, second = visitor(), visitor()
    first.be("agent").go(f"/cases/{asked.number}/")
    second.be("supervisor").go(f"/cases/{asked.number}/")
    first.press("a[href$='/offer/']")
    first.type("#dialog-body [name=amount]", "30")
    first.type("#dialog-body [name=note]", "Thirty and you keep it")

    second.move("extend", why="The photo is being looked at")
    second.at("#flash .success").wait_for()
    first.press("#dialog-body form[action$='/offer/'] .form-actions button")
    first.at("#dialog-body .meanwhile").wait_for()

    first.sees("The photo is being looked at", "#dialog-body .meanwhile")
    assert first.at("#dialog-body [name=note]").input_value() == "Thirty and you keep it"
    assert first.at("#dialog-body [name=amount]").input_value() == "30"
    assert again(asked).status == Status.PENDING_MERCHANT
    first.press("#dialog-body form[action$='/offer/'] .form-actions button")
    first.at("#flash .success").wait_for()
    assert again(asked).status == Status.PENDING_BUYER


def test_peer_41_a_draft_survives_what_a_colleague_does_to_the_case(visitor, agent, merchant, asked):
    """zammad#5953, freescout#2873: the case changes while somebody types; nothing of the text is lost."""
    desk = visitor()
    desk.be("agent").go(f"/cases/{asked.number}/")
    desk.at("#reply").click()
    desk.page.keyboard.type("We have looked at your photos and")

    decisions.approve(asked.pk, by=merchant, at=timezone.now())
    desk.press("#thread nav a[href*='show=messages']")
    desk.is_at(f"/cases/{asked.number}/")
    after_a_view = desk.at("#reply").input_value()
    desk.page.reload()
    after_a_reload = desk.at("#reply").input_value()
    desk.press("#composer button.primary")
    desk.sees("We have looked at your photos and", "#thread")

    assert after_a_view == after_a_reload == "We have looked at your photos and"
    assert Outgoing.objects.get(case=asked).body == "We have looked at your photos and"
    expect(desk.at("#reply")).to_have_value("")


def twice(visitor, css):
    """Two clicks as fast as a hand can, both before the page has answered."""
    visitor.at(css).first.dblclick(delay=5)


def test_two_clicks_agree_once(visitor, agent, asked):
    desk = visitor()
    desk.be("agent").go(f"/cases/{asked.number}/")
    desk.press("a[href$='/approve/']")

    twice(desk, "#dialog-body form[action$='/approve/'] .form-actions button")
    desk.at("#flash .success").wait_for()

    assert Event.objects.filter(case=asked, action="approve").count() == 1


def test_the_same_form_sent_twice_past_the_button_is_done_once(visitor, agent, asked):
    """The guard in the browser taken away: the key of the form holds."""
    desk = visitor()
    desk.be("agent").go(f"/cases/{asked.number}/approve/")

    statuses = desk.page.evaluate(
        """async () => { const form = document.querySelector("form[action$='/approve/']");
          const send = async () => (await fetch(form.action, {method: "POST", body: new FormData(form)})).status;
          return Promise.all([send(), send(), send()]) }"""
    )

    assert all(status in (200, 409, 422) for status in statuses), statuses
    assert Event.objects.filter(case=asked, action="approve").count() == 1


def test_two_clicks_pay_once(visitor, agent, merchant, finance, shop, buyer, worker):
    dear = bought(shop, lines=[(1, 900)], unshipped=True, buyer_id=buyer.buyer_id)
    case = opened(dear, by=buyer, at=timezone.now(), type=CaseType.REFUND_ONLY)
    decisions.approve(case.pk, by=merchant, at=timezone.now())
    refund = Refund.objects.get()
    desk = visitor()
    desk.be("finance").go(f"/finance/release/?r={refund.pk}")

    twice(desk, "form[action$='/release/'] button.primary")
    desk.at("#flash .success").wait_for()
    worker()
    worker()

    assert Refund.objects.count() == 1
    assert sandbox.ledger_total("CNY") == refund.amount
    assert again(case).status == Status.COMPLETED


def test_everything_works_without_scripts(visitor, agent, warehouse, unshipped, asked, worker):
    """From the login to the refund with forms and links alone."""
    desk = visitor(java_script_enabled=False)
    desk.go(f"/orders/{unshipped.number}/")
    desk.log_in("agent")

    desk.press("a[href*='type=refund_only']")
    desk.press("input[name=reason][value=out_of_stock]")
    desk.press("main form button.primary")
    case = Case.objects.get(order=unshipped)
    desk.is_at(f"/cases/{case.number}/")
    desk.type("#reply", "Plain and simple")
    desk.press("#composer button.primary")
    desk.sees("Plain and simple", "#thread")
    desk.press("a[href$='/approve/']")
    desk.is_at(f"/cases/{case.number}/approve/")
    desk.press("main form[action$='/approve/'] .form-actions button")
    desk.is_at(f"/cases/{case.number}/")
    worker()
    desk.go("/cases/?view=ended")
    desk.sees(case.number, "#rows")
    desk.at("#f_state").select_option(Status.PENDING_MERCHANT.value)
    desk.press("#rows form.filters button.no-js")
    desk.press("summary[aria-label]")
    desk.press("form[action='/logout/'] button")
    desk.is_at("/login/")

    assert again(case).status == Status.COMPLETED
    assert Outgoing.objects.get(case=case).body == "Plain and simple"


def test_a_dialog_gives_the_focus_back(visitor, agent, asked):
    desk = visitor()
    desk.be("agent").go(f"/cases/{asked.number}/")

    desk.at("a[href$='/reject/']").focus()
    pressed(desk, "Enter")
    expect(desk.at("#dialog")).to_be_visible()
    desk.at("#dialog-body form.form").wait_for()
    pressed(desk, "Escape")

    expect(desk.at("#dialog")).to_be_hidden()
    focused(desk, "a[href$='/reject/']:focus")


def test_what_buyers_write_is_never_run(visitor, agent, buyer, asked):
    """Markup, htmx attributes and script addresses stay text; the content policy has nothing to stop."""
    from aftersales.actions.conversation import messages

    texts = (
        "<script>document.title='run'</script>",
        "<img src=x onerror=\"document.title='run'\">",
        "<b hx-get='/logout/' hx-trigger='load'>x</b>",
        "javascript:document.title='run'",
    )
    for text in texts:
        messages.send(asked.pk, text, by=buyer, at=timezone.now())
    desk = visitor()
    desk.be("agent").go(f"/cases/{asked.number}/")

    for text in texts:
        expect(desk.at("#thread .timeline")).to_contain_text(text)
    assert asked.number in desk.page.title()
    assert desk.at("#thread script, #thread img[src=x], #thread [hx-get='/logout/'], a[href^=javascript]").count() == 0
