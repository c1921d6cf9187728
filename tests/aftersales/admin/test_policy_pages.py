"""Pages of a policy in the admin: whose a rule is, beside the broader one, against another version, and why."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from aftersales.models import Policy, User
from aftersales.rules.vocabulary import Role
from tests.aftersales.admin.test_admin import version
from tests.factories import opened
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, admin):
    client.force_login(User.objects.get(pk=admin.user_id))
    return client


@pytest.fixture
def shoes():
    return Policy.objects.create(
        name="Shoes", version=1, effective_from=timezone.now(), category="shoes", quality_days=30, response_hours=2
    )


def change(policy):
    return reverse("admin:aftersales_policy_change", args=[policy.pk])


def test_a_policy_of_a_category_shows_the_rules_of_items_alone(desk, shoes):
    page = desk.get(change(shoes))
    names = set(page.context["adminform"].form.fields)

    assert names >= Policy.OF_ITEMS
    assert not {"response_hours", "authority_agent", "has_prepaid_label"} & names
    assert "In force since" in page.content.decode() and "for shoes, without an end" in page.content.decode()


def test_what_differs_names_the_broader_policy_beside_it(desk, shoes):
    texts = {name: field.help_text for name, field in desk.get(change(shoes)).context["adminform"].form.fields.items()}

    assert texts["quality_days"] == "days · of each item · General v1 says: 15"
    assert "says" not in texts["no_reason_days"]


def test_rules_that_decided_cases_still_say_what_the_broader_policy_says(desk, shoes, order, buyer):
    order.lines.update(category="shoes")
    Policy.objects.filter(pk=shoes.pk).update(effective_from=order.signed_at)
    opened(order, by=buyer)

    page = desk.get(change(shoes)).content.decode()

    assert "General v1 says: 15" in page


def test_an_exclusion_decides_one_thing(desk):
    page = desk.get(change(Policy.objects.get(ground="perishable")))

    fields = set(page.context["adminform"].form.fields)
    assert fields & set(Policy.OF_ITEMS) == {"no_reason_allowed"}


def test_two_versions_stand_side_by_side(desk, shoes):
    general = Policy.objects.get(name="General")
    address = reverse("admin:aftersales_policy_compare", args=[shoes.pk])

    usual, chosen = desk.get(address), desk.get(address, {"with": general.pk})
    rows = {row.name: row for _label, rows in chosen.context["groups"] for row in rows}

    assert usual.context["other"] == general
    assert (rows["quality_days"].left, rows["quality_days"].right) == ("15", "30")
    assert rows["quality_days"].differs and not rows["no_reason_days"].differs
    assert str(rows["response_hours"].right) == "not decided here"
    assert str(rows["category"].left) == "everything"


@pytest.mark.parametrize("wrong", ["x", "-1", "999999999999999999999", "a\0b"])
def test_a_version_that_is_none_is_compared_with_the_usual_one(desk, shoes, wrong):
    answer = desk.get(reverse("admin:aftersales_policy_compare", args=[shoes.pk]), {"with": wrong})

    assert answer.status_code == 200
    assert answer.context["other"].name == "General"


def test_a_change_needs_its_reason_and_the_history_shows_it(desk, shoes):
    posted = version(shoes, version=1, note="", effective_from=timezone.localtime(shoes.effective_from))
    seen = {"_preview_seen": "1", "_save": "1"}

    refused = desk.post(change(shoes), posted | seen)
    saved = desk.post(change(shoes), posted | seen | {"quality_days": 20, "why": "asked by the shop"})

    assert "why" in refused.context["adminform"].form.errors
    assert saved.status_code == 302
    newest = shoes.history.first()
    assert (newest.quality_days, newest.history_change_reason) == (20, "asked by the shop")
    history = desk.get(reverse("admin:aftersales_policy_history", args=[shoes.pk])).content.decode()
    assert "asked by the shop" in history


def test_the_preview_names_what_has_no_effect(desk):
    general = Policy.objects.get(name="General")
    posted = version(
        general, name="Hats", version=1, category="hats", response_hours=2, restocking_percent=Decimal(9),
        effective_from=timezone.localtime(),
    )  # fmt: skip

    shown = desk.post(reverse("admin:aftersales_policy_add"), posted)

    idle = {each.name: each.is_idle for each in shown.context["changed"]}
    assert idle["response_hours"] and not idle["restocking_percent"]
    assert "No effect: such a policy rules items" in shown.content.decode()


def test_an_exclusion_refuses_whatever_was_ticked(desk):
    general = Policy.objects.get(name="General")
    posted = version(
        general, name="Ice", version=1, category="ice", ground="perishable", effective_from=timezone.localtime()
    )

    desk.post(reverse("admin:aftersales_policy_add"), posted | {"_preview_seen": "1", "_save": "1"})

    assert not Policy.objects.get(name="Ice").no_reason_allowed


def test_the_home_says_what_needs_an_admin(desk):
    person("lone", Role.AGENT)

    page = desk.get(reverse("admin:index")).content.decode()

    assert "Without a team, they see no case: Lone." in page
    assert reverse("admin:aftersales_user_changelist") in page
