"""An admin: a new version of the rules, looked at before it is saved; a bad day of the bank, tried out."""

import pytest
from django.utils import timezone

from aftersales.models import Policy
from orders.gateways import sandbox

pytestmark = pytest.mark.browser


def test_an_admin_previews_a_new_policy_version_and_saves_it(visitor, language, words, admin, asked):
    general = Policy.objects.get(name="General")
    office = visitor(language)
    office.go("/")
    office.log_in("admin")
    office.is_at("/admin/")
    office.go(f"/admin/aftersales/policy/add/?copy={general.pk}")

    office.type("#id_restocking_percent", "10")
    office.press("button[name=_save], input[name=_save]")
    office.sees(asked.number, "body")
    before = Policy.objects.filter(name="General").count()
    office.press("button[name=_save]")
    office.page.wait_for_url("**/admin/aftersales/policy/")

    assert before == 1
    new = Policy.objects.get(version=2)
    assert (new.restocking_percent, new.effective_from <= timezone.now()) == (10, True)


def test_an_admin_switches_a_fault_of_the_test_bank_on_and_off(visitor, language, words, admin):
    office = visitor(language)
    office.go("/sandbox/")
    office.log_in("admin")

    office.type("#id_decline", "3x")
    office.press("form[action$='/faults/'] button.primary")
    office.sees(words("The faults are set."), "#flash")
    on = sandbox.faults()
    office.press("form[action$='/faults/'] button[name=all]")
    office.sees(words("All faults are off."), "#flash")

    assert on == {"decline": "3x"}
    assert sandbox.faults() == {}
