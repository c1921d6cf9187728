"""No field of a policy can be forgotten: form, copy, preview, rules and history are held against the model."""

from decimal import Decimal

import pytest
from django.contrib import admin as site
from django.utils import timezone

from aftersales.models import Policy, User
from aftersales.queries.policies import policy_fields, state_tables
from orders.models.order import MoneyField
from tests.factories import NOON

pytestmark = pytest.mark.django_db
WRITTEN_BY_THE_DATABASE = {"id", "created_at"}
OF_THE_MODEL = {field.name for field in Policy._meta.concrete_fields} - WRITTEN_BY_THE_DATABASE
RULES = sorted(OF_THE_MODEL - set(policy_fields.IDENTITY) - set(policy_fields.SCOPE))


def another(name):
    """A value of a rule that is not its default."""
    field = Policy._meta.get_field(name)
    default = field.get_default()
    if field.choices:
        return next(value for value, _label in field.flatchoices if value != default)
    if isinstance(default, bool):
        return not default
    return Decimal(7) if isinstance(field, MoneyField) or isinstance(default, Decimal) else (default or 0) + 1


@pytest.fixture
def page(rf):
    request = rf.get("/")
    request.user = User(username="boss", is_superuser=True, is_staff=True, is_active=True)
    return site.site._registry[Policy], request


def test_every_field_of_the_model_is_asked_in_the_form_once(page):
    policies, request = page
    shown = [name for _title, options in policies.get_fieldsets(request) for name in options["fields"]]

    assert set(policies.get_form(request).base_fields) == OF_THE_MODEL
    assert sorted(shown) == sorted(OF_THE_MODEL)


@pytest.mark.parametrize("name", RULES)
def test_a_copy_has_every_number_of_its_source(name, page, rf):
    policies, request = page
    source = Policy.objects.create(
        name="Shoes", version=3, effective_from=NOON, category="shoes", **{name: another(name)}
    )
    request.GET = {"copy": str(source.pk)}

    assert policies.get_changeform_initial_data(request)[name] == another(name)


@pytest.mark.parametrize("name", RULES)
def test_what_changed_names_the_field_and_no_other(name):
    (found,) = policy_fields.changed(Policy(), Policy(**{name: another(name)}))

    assert (found.name, found.label) == (name, Policy._meta.get_field(name).verbose_name)
    assert str(found.old) != str(found.new)


def test_the_page_of_rules_shows_every_rule_once():
    labels = [str(label) for label, _value in state_tables.policy_numbers(Policy())]

    assert sorted(labels) == sorted(str(Policy._meta.get_field(name).verbose_name) for name in RULES)


def test_the_history_keeps_every_field():
    assert {field.name for field in Policy.history.model._meta.concrete_fields} >= OF_THE_MODEL


def test_every_rule_is_read_in_one_group():
    names = [name for _group, names in policy_fields.grouped() for name in names]

    assert sorted(names) == RULES


def test_a_sum_says_its_currency_and_a_clock_what_happens_when_it_passes():
    assert str(policy_fields.unit("release_above")) == "in the currency of the order"
    assert str(policy_fields.unit("refund_business_days")) == "business days"
    assert policy_fields.effect("dispatch_hours").startswith("When it passes: ")


def test_a_version_that_keeps_all_numbers_differs_in_nothing():
    general = Policy.objects.get(name="General")

    kept = Policy(name="General", version=2, effective_from=timezone.now(), **_objects(general))

    assert policy_fields.changed(general, kept) == []


def _objects(policy):
    return {Policy._meta.get_field(name).attname: stored for name, stored in policy_fields.copied(policy).items()}
