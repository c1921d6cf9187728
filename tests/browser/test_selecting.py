"""The list worked on: rows picked by key and by mouse, many handed over at once, cases looked at without leaving."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from aftersales import sweeps
from aftersales.actions.conversation import messages
from aftersales.models import BulkJob, Case, Message, User
from tests.aftersales.many import many
from tests.browser.chrome import pressed

pytestmark = pytest.mark.browser


def focused(visitor):
    """The address of what has the focus, else its name or tag."""
    return visitor.page.evaluate(
        "(({attributes, name, tagName}) => attributes.href?.value || name || tagName)(document.activeElement)"
    )


def ticked(visitor):
    """Numbers of the cases that are picked on this page."""
    return visitor.page.eval_on_selector_all("#rows [name=case]:checked", "all => all.map((one) => one.ariaLabel)")


@pytest.fixture
def row(asked):
    """Sixty cases in a list; their numbers in its order, the first page."""
    now = timezone.now()
    for minute in range(60):
        many(asked, 1, due_at=now + timedelta(hours=1, minutes=minute))
    order = Case.objects.order_by("due_at", "pk").values_list("number", flat=True)
    return list(order)


def test_rows_are_picked_by_key_and_mouse_and_handed_over(visitor, language, words, supervisor, agent, row):
    User.objects.update(language=language)
    desk = visitor(language)
    desk.be("supervisor").go("/cases/?view=open")
    bar = desk.at(".bulk")
    expect(bar).to_be_hidden()

    pressed(desk, "j", "x")
    expect(bar).to_be_visible()
    pressed(desk, "j", "j", "Shift+X")
    assert ticked(desk) == row[:3]
    desk.at(f"#rows [name=case][aria-label='{row[5]}']").click()
    desk.at(f"#rows [name=case][aria-label='{row[7]}']").click(modifiers=["Shift"])
    assert ticked(desk) == [*row[:3], *row[5:8]]
    desk.sees(words("{n} selected").replace("{n}", "6"), "#picked")
    desk.press("a[rel=next]")
    expect(desk.at("a[rel=prev]")).to_be_visible()
    desk.sees(words("{n} selected, {m} on other pages").format(n=6, m=6), ".bulk")
    desk.at("#rows [name=case]").first.click()
    desk.press("a[rel=prev]")
    expect(desk.at("a[rel=next]")).to_be_visible()
    assert ticked(desk) == [*row[:3], *row[5:8]]
    desk.at(".bulk [name=action]").select_option("assign")
    desk.press(".bulk .btn.primary")
    desk.at("#dialog-body [name=agent]").select_option(str(agent.user_id))
    desk.press("#dialog-body [name=go]")

    expect(desk.page).to_have_url(re.compile(r"/jobs/\d+/"))
    desk.is_at(f"/cases/bulk/jobs/{BulkJob.objects.get().pk}/")
    sweeps.run_bulk(timezone.now())
    expect(desk.at("#progress tbody .chip.good")).to_have_count(7)
    desk.sees("7 / 7", "#progress")
    assert set(Case.objects.filter(assignee=agent.user_id).values_list("number", flat=True)) == {
        *row[:3],
        *row[5:8],
        row[40],
    }


def test_all_that_fit_are_picked_and_escape_clears(visitor, agent, row):
    desk = visitor()
    desk.be("agent").go("/cases/?view=open")

    pressed(desk, "j", "x")
    desk.press("[data-every]")
    desk.sees("All 61 selected", "#picked")
    assert len(ticked(desk)) == 40
    desk.at(".bulk [name=action]").select_option("note")
    desk.press(".bulk .btn.primary")
    desk.sees("61 cases selected", "#dialog[open]")
    pressed(desk, "Escape")
    expect(desk.at("#dialog")).to_be_hidden()
    desk.page.evaluate("document.activeElement.blur()")
    pressed(desk, "Escape")

    expect(desk.at(".bulk")).to_be_hidden()
    assert ticked(desk) == []
    expect(desk.at("#picked")).to_have_text("Nothing selected")


def test_other_filters_are_other_cases_but_what_was_picked_stays(visitor, agent, row):
    desk = visitor()
    desk.be("agent").go("/cases/?view=open")
    pressed(desk, "j", "x")

    desk.at("#f_type").select_option("repair")
    desk.at("#rows .empty").wait_for()
    desk.at("#f_type").select_option("return_refund")
    desk.at("#rows tbody").wait_for()

    assert ticked(desk) == row[:1]


def test_cases_are_looked_at_with_the_keyboard_alone(visitor, language, words, agent, buyer, row):
    User.objects.update(language=language)
    first = Case.objects.get(number=row[0])
    messages.send(first.pk, "The seam is open", by=buyer, at=timezone.now())
    desk = visitor(language)
    desk.be("agent").go("/cases/?view=open")
    peek = desk.at("#peek")

    pressed(desk, "j", " ")
    expect(peek).to_be_visible()
    desk.sees(row[0], "#peek h2")
    desk.sees("The seam is open", "#peek")
    desk.sees(words("Agree to the return"), "#peek")
    pressed(desk, "j")
    expect(desk.at("#peek h2")).to_have_text(row[1])
    pressed(desk, "j")
    expect(desk.at("#peek h2")).to_have_text(row[2])
    pressed(desk, "k", " ")
    expect(peek).to_be_hidden()
    assert focused(desk) == f"/cases/{row[1]}/"
    pressed(desk, "x", " ")
    expect(desk.at("#peek h2")).to_have_text(row[1])
    pressed(desk, "Escape")
    expect(peek).to_be_hidden()
    assert ticked(desk) == [row[1]]
    pressed(desk, " ")
    expect(desk.at("#peek h2")).to_have_text(row[1])
    pressed(desk, "Enter")

    desk.is_at(f"/cases/{row[1]}/")


def test_keys_of_the_list_rest_while_somebody_types_or_an_ime_composes(visitor, agent, row):
    desk = visitor()
    desk.be("agent").go("/cases/?view=open")

    desk.at("#search").click()
    desk.page.keyboard.type("x X")
    desk.page.evaluate(
        """() => { document.activeElement.blur();
          for (const key of ["x", " "])
            document.body.dispatchEvent(new KeyboardEvent("keydown", {key, isComposing: true, bubbles: true})) }"""
    )

    assert ticked(desk) == []
    expect(desk.at("#peek")).to_be_hidden()
    assert desk.at("#search").input_value() == "x X"


def test_on_a_phone_the_list_is_cards_and_the_bar_is_at_the_bottom(visitor, agent, row):
    phone = visitor(viewport={"width": 360, "height": 780}, has_touch=True)
    phone.be("agent").go("/cases/?view=open")

    phone.at("#rows .pick").nth(1).click()
    box, bar = phone.at("#rows .pick").nth(1).bounding_box(), phone.at(".bulk").bounding_box()

    assert ticked(phone) == [row[1]]
    assert min(box["width"], box["height"]) >= 44
    assert round(bar["y"] + bar["height"]) == 780
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert not re.search(r"/cases/AS-", phone.page.url)


def test_without_scripts_cases_are_ticked_and_handed_a_note(visitor, agent, row):
    plain = visitor(java_script_enabled=False)
    plain.go("/cases/?view=open")
    plain.log_in("agent")
    plain.press(".bulk a.no-js")
    for number in row[:2]:
        plain.at(f"#rows [name=case][aria-label='{number}']").check()
    plain.at(".bulk [name=action]").select_option("note")
    plain.press(".bulk .btn.primary")
    plain.type("[name=text]", "Plain and simple")
    plain.press("[name=go]")
    sweeps.run_bulk(timezone.now())
    plain.press("#progress a.tabs, #progress .tabs a")

    assert Message.objects.filter(is_note=True, body="Plain and simple").count() == 2
    plain.sees("2 / 2", "#progress")


def test_views_are_made_pinned_and_counted(visitor, agent, row):
    desk = visitor()
    desk.be("agent").go("/cases/?view=open&sort=newest")

    desk.press("#rows a[href*='/cases/views/new/']")
    desk.type("[name=name]", "Fresh ones")
    desk.at("[name=column_2]").select_option("opened")
    desk.press("main form button.primary")

    desk.at("#flash .success").wait_for()
    expect(desk.at("#pinned a[aria-current]")).to_contain_text("Fresh ones")
    expect(desk.at("#pinned .count")).to_have_text("61")
    expect(desk.at("#rows thead")).to_contain_text("Opened")
