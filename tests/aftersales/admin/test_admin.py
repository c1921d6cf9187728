"""Admins edit rules and people; cases, money and events are only read, by them too."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib import admin as site
from django.forms.models import model_to_dict
from django.urls import reverse
from django.utils import timezone

from aftersales.actions.cases import decisions
from aftersales.admin.forms import ReasonForm
from aftersales.models import Case, Policy, Reason, User
from tests.factories import opened, sold

pytestmark = pytest.mark.django_db
READ_ONLY = ["case", "refund", "event", "deadline", "notice", "outage"]
EDITED = ["policy", "reason", "rejectreason", "calendarday", "team", "user"]


@pytest.fixture
def desk(client, admin):
    client.force_login(User.objects.get(pk=admin.user_id))
    return client


@pytest.fixture
def recent(shop):
    now = timezone.now()
    day = timedelta(days=1)
    return sold(merchant=shop, ordered_at=now - 3 * day, shipped_at=now - 2 * day, signed_at=now - day)


def version(source, **changes):
    """The posted form of a copy of a policy."""
    data = model_to_dict(source) | {"version": source.version + 1} | changes
    since = data.pop("effective_from")
    data |= {"effective_from_0": f"{since:%Y-%m-%d}", "effective_from_1": f"{since:%H:%M:%S}"}
    data.pop("effective_until", None)
    return {name: value for name, value in data.items() if value is not None}


@pytest.mark.parametrize("name", READ_ONLY + EDITED)
def test_every_list_opens(desk, name, recent, agent):
    opened(recent, by=agent, at=timezone.now())

    assert desk.get(reverse(f"admin:aftersales_{name}_changelist")).status_code == 200


@pytest.mark.parametrize("name", ["order", "buyer", "merchant", "entry", "importrun"])
def test_every_list_of_orders_opens(desk, name, order):
    assert desk.get(reverse(f"admin:orders_{name}_changelist")).status_code == 200


@pytest.mark.parametrize("name", READ_ONLY)
def test_nobody_edits_what_is_only_read(desk, rf, name):
    model = apps.get_model("aftersales", name)
    page = site.site._registry[model]
    request = rf.get("/")
    request.user = User.objects.get(username="admin")

    assert not page.has_add_permission(request)
    assert not page.has_change_permission(request)
    assert not page.has_delete_permission(request)


def test_a_posted_status_changes_nothing(desk, recent, agent):
    case = opened(recent, by=agent, at=timezone.now())

    answer = desk.post(reverse("admin:aftersales_case_change", args=[case.pk]), {"status": "completed"})

    assert answer.status_code == 403
    assert Case.objects.get(pk=case.pk).status == "pending_merchant"


def test_a_new_version_shows_what_it_would_change_before_it_is_saved(desk, recent, agent):
    now = timezone.now()
    case = opened(recent, by=agent, at=now)
    posted = version(
        Policy.objects.get(name="General"), restocking_percent=Decimal(10), effective_from=timezone.localtime(now)
    )

    shown = desk.post(reverse("admin:aftersales_policy_add"), posted)
    before = Policy.objects.filter(name="General").count()
    saved = desk.post(reverse("admin:aftersales_policy_add"), posted | {"_preview_seen": "1", "_save": "1"})

    page = shown.content.decode()
    assert shown.status_code == 200
    assert case.number in page
    assert "10.00" in page
    assert before == 1
    assert saved.status_code == 302
    old, new = Policy.objects.filter(name="General").order_by("version")
    assert old.effective_until == new.effective_from
    assert Case.objects.get(pk=case.pk).policy == old


def test_a_version_that_overlaps_another_is_refused_in_words(desk):
    general = Policy.objects.get(name="General")
    posted = version(general, name="Rival", effective_from=timezone.localtime())

    answer = desk.post(reverse("admin:aftersales_policy_add"), posted | {"_preview_seen": "1", "_save": "1"})

    assert answer.status_code == 200
    assert "General v1" in answer.content.decode()
    assert not Policy.objects.filter(ground="").exclude(name="General", version=1).exists()


def test_a_version_that_decided_cases_keeps_its_numbers(desk, recent, agent):
    opened(recent, by=agent, at=timezone.now())
    general = Policy.objects.get(name="General")
    posted = {"response_hours": 1, "note": "kept", "why": "typo", "_preview_seen": "1", "_save": "1"}

    desk.post(reverse("admin:aftersales_policy_change", args=[general.pk]), posted)

    general.refresh_from_db()
    assert general.response_hours == 48
    assert general.note == "kept"


def test_a_copy_starts_from_the_old_numbers(desk):
    general = Policy.objects.get(name="General")

    page = desk.get(reverse("admin:aftersales_policy_add"), {"copy": general.pk})

    assert page.context["adminform"].form.initial["version"] == 2
    assert page.context["adminform"].form.initial["response_hours"] == 48


def test_a_new_version_keeps_the_numbers_that_nobody_touched(desk):
    Policy.objects.update(dispatch_hours=24, price_protection_days=30, late_dispatch_percent=Decimal(8), repair_days=9)
    general = Policy.objects.get(name="General")
    form = desk.get(reverse("admin:aftersales_policy_add"), {"copy": general.pk}).context["adminform"].form
    posted = version(general, response_hours=24, effective_from=timezone.localtime())

    desk.post(reverse("admin:aftersales_policy_add"), posted | {"_preview_seen": "1", "_save": "1"})

    new = Policy.objects.get(version=2)
    assert {"dispatch_hours", "price_protection_days", "late_dispatch_percent", "repair_days"} <= set(form.fields)
    assert (new.dispatch_hours, new.price_protection_days, new.late_dispatch_percent) == (24, 30, Decimal(8))
    assert (new.repair_days, new.response_hours) == (9, 24)


def test_a_preview_shows_what_changed_and_nothing_else(desk):
    posted = version(Policy.objects.get(name="General"), dispatch_hours=24, effective_from=timezone.localtime())

    shown = desk.post(reverse("admin:aftersales_policy_add"), posted)

    (changed,) = shown.context["changed"]
    assert (changed.name, changed.old, changed.new) == ("dispatch_hours", "72", "24")
    assert "replacement dispatched within (hours)" in shown.content.decode()
    assert "offer stands" not in shown.content.decode()
    assert f'href="{reverse("admin:aftersales_policy_changelist")}">Cancel' in shown.content.decode()


def test_a_new_version_is_a_button_in_the_list_and_on_the_page(desk):
    general = Policy.objects.get(name="General")
    begins = f"{reverse('admin:aftersales_policy_add')}?copy={general.pk}"

    listed = desk.get(reverse("admin:aftersales_policy_changelist")).content.decode()
    page = desk.get(reverse("admin:aftersales_policy_change", args=[general.pk])).content.decode()
    button = reverse("admin:aftersales_policy_new_version", args=[general.pk])

    assert begins in listed
    assert button in page and "New version" in page
    assert desk.get(button).url == begins


def test_a_version_says_where_it_stands_and_what_it_changed(desk, recent, agent):
    opened(recent, by=agent, at=timezone.now())
    general = Policy.objects.get(name="General")
    posted = version(general, dispatch_hours=24, effective_from=timezone.localtime())
    desk.post(reverse("admin:aftersales_policy_add"), posted | {"_preview_seen": "1", "_save": "1"})
    new = Policy.objects.get(version=2)

    first = desk.get(reverse("admin:aftersales_policy_change", args=[general.pk])).content.decode()
    second = desk.get(reverse("admin:aftersales_policy_change", args=[new.pk])).content.decode()

    assert "No longer in force: from " in first and "; 1 case was opened under it." in first
    assert "It is the first version." in first
    assert "In force since " in second and " for everything, without an end; 0 cases were opened" in second
    assert "replacement dispatched within (hours): 72 → <b>24</b>" in second


@pytest.mark.parametrize(("language", "sentence"), [("en", "The next version is 2"), ("zh-hans", "下一个版本号是 2")])
def test_a_version_that_stands_already_is_refused_kindly(desk, language, sentence):
    desk.cookies["django_language"] = language
    posted = version(Policy.objects.get(name="General"), version=1, effective_from=timezone.localtime())

    answer = desk.post(reverse("admin:aftersales_policy_add"), posted)

    assert sentence in answer.content.decode()
    assert "already exists" not in answer.content.decode()
    assert not Policy.objects.filter(ground="").exclude(name="General", version=1).exists()


def test_every_field_of_a_reason_is_asked():
    of_the_model = {field.name for field in Reason._meta.concrete_fields if not field.primary_key}

    assert set(ReasonForm.base_fields) == of_the_model


def test_the_form_says_what_a_rule_does(desk):
    page = desk.get(reverse("admin:aftersales_policy_add")).content.decode()

    assert "A return below it is refunded, and the buyer keeps the goods." in page
    assert "Above these sums a second person decides" in page


def test_the_policy_in_force_decides_the_next_case_only(desk, recent, agent):
    first = opened(recent, by=agent, at=timezone.now())
    decisions.withdraw(first.pk, by=agent, at=timezone.now())
    now = timezone.now()
    posted = version(Policy.objects.get(name="General"), response_hours=24, effective_from=timezone.localtime(now))
    desk.post(reverse("admin:aftersales_policy_add"), posted | {"_preview_seen": "1", "_save": "1"})

    second = opened(recent, by=agent, at=timezone.now())

    assert second.due_at - second.opened_at == timedelta(hours=24)
    assert Case.objects.get(pk=first.pk).policy.response_hours == 48


@pytest.mark.parametrize("app, name", [("otp_totp", "totpdevice"), ("otp_static", "staticdevice")])
def test_nobody_adds_a_second_factor_for_somebody(desk, app, name):
    assert desk.get(f"/admin/{app}/{name}/add/").status_code == 404
