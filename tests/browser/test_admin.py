"""The admin in the console's colours: everything can be read, in either theme."""

from datetime import timedelta

import pytest
from django.utils import timezone

from aftersales.models import CalendarDay, Policy, User
from orders.models import BusinessCalendar
from tests.browser.axe import UNFOLD, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OF_DJANGO = {"aria-prohibited-attr": "its two boxes to choose several things from name an icon"}
# A colour as the browser works it out.
MEASURED = """(name) => {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.backgroundColor = `var(${name})`;
  return getComputedStyle(probe).backgroundColor;
}"""


@pytest.fixture
def rules(asked, admin):
    """Two versions of a policy, a day in the calendar, and a page for each kind of thing that admins keep."""
    general, china = Policy.objects.get(name="General"), BusinessCalendar.objects.get(code="cn")
    CalendarDay.objects.create(calendar=china, day=timezone.localdate() + timedelta(days=20), note="Flood")
    return {
        "home": "/admin/",
        "policies": "/admin/aftersales/policy/",
        "new policy": f"/admin/aftersales/policy/add/?copy={general.pk}",
        "policy": f"/admin/aftersales/policy/{general.pk}/change/",
        "comparison": f"/admin/aftersales/policy/{general.pk}/compare/",
        "calendars": "/admin/orders/businesscalendar/",
        "calendar": f"/admin/orders/businesscalendar/{china.pk}/change/",
        "days": "/admin/aftersales/calendarday/",
        "new day": "/admin/aftersales/calendarday/add/",
        "people": "/admin/aftersales/user/",
        "person": f"/admin/aftersales/user/{admin.user_id}/change/",
        "teams": "/admin/aftersales/team/",
        "merchants": "/admin/orders/merchant/",
        "cases": "/admin/aftersales/case/",
        "case": f"/admin/aftersales/case/{asked.pk}/change/",
        "reasons": "/admin/aftersales/reason/",
    }


def complaints(window, theme, name):
    """What axe finds, contrast first of all; but for what the admin's own markup is known to break."""
    found = [each for each in violations(window.page, theme) if each["id"] not in UNFOLD | OF_DJANGO]
    nodes = [(each["id"], node) for each in found for node in each["nodes"]]
    return [f"{name} {rule}: {node['html'][:150]} {node['failureSummary'][:200]}" for rule, node in nodes]


@pytest.fixture
def window(visitor, admin, theme):
    """An admin who chose a theme for the console."""
    user = User.objects.get(pk=admin.user_id)
    User.objects.filter(pk=user.pk).update(theme=theme)
    return visitor().be(user.username)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_of_the_admin(theme, window, rules):
    found = []
    for name, path in rules.items():
        window.go(path)
        found += complaints(window, theme, name)
    window.context.clear_cookies()
    window.go("/admin/login/")
    found += complaints(window, theme, "login")

    assert found == []
    assert window.faults == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_what_the_admin_answers(theme, window, rules, asked):
    """Errors, the effect of a change, its success, and the question before something is deleted."""
    window.go(rules["new day"])
    window.press("button[name=_save]")
    found = complaints(window, theme, "error")
    window.type("#id_day", "2027-03-08")
    window.press("button[name=_save]")
    window.sees("was added successfully")
    found += complaints(window, theme, "success")
    window.go(f"/admin/aftersales/calendarday/{CalendarDay.objects.get(note='Flood').pk}/delete/")
    found += complaints(window, theme, "delete")
    window.go(rules["calendar"])
    window.at("#id_time_zone").select_option("America/New_York")
    window.press("button[name=_save]")
    window.sees("The time zone is another one")
    found += complaints(window, theme, "effect")

    assert found == []
    assert window.faults == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_admin_wears_the_consoles_colours_in_the_theme_that_was_chosen(theme, window, rules):
    window.go("/cases/")
    ground = window.page.evaluate("getComputedStyle(document.body).backgroundColor")
    window.go(rules["policies"])

    assert theme in window.page.evaluate("document.documentElement.className").split()
    admins = {"light": "--color-base-50", "dark": "--color-base-950"}[theme]
    assert window.page.evaluate(MEASURED, admins) == ground
