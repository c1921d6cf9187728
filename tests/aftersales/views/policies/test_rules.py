"""The rules page shows the tables that decide."""

import pytest
from django.urls import reverse

from aftersales.models import Policy, User
from aftersales.moves import CHART
from tests.factories import NOON, MerchantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client, request):
    def log_in(name):
        client.force_login(User.objects.get(pk=request.getfixturevalue(name).user_id))
        return client

    return log_in


@pytest.mark.parametrize("who", ["agent", "supervisor", "finance", "warehouse", "merchant", "admin"])
def test_every_role_reads_every_move(reader, who):
    page = reader(who).get(reverse("aftersales:rules"))

    assert page.status_code == 200
    assert {row.action for row in page.context["moves"]} == {"apply", *CHART}


def test_numbers_are_those_of_the_policy_in_force(reader):
    Policy.objects.update(response_hours=36)

    page = reader("agent").get(reverse("aftersales:rules")).content.decode()

    assert "36 hours" in page


def test_sums_name_their_currency(reader):
    page = reader("agent").get(reverse("aftersales:rules")).text

    assert "Sums are in the currency of the order." in page


def test_a_merchant_does_not_see_the_policy_of_another(reader, shop):
    rival = Policy.objects.create(name="Rival only", version=1, effective_from=NOON, merchant=MerchantFactory())

    page = reader("merchant").get(reverse("aftersales:rules"), {"policy": rival.pk})

    assert "Rival only" not in page.content.decode()
    assert page.context["policy"].name == "General"


@pytest.mark.parametrize("wrong", ["", "x", "-1", "999999999999999999999", "１"])
def test_a_policy_that_is_none_shows_the_general_one(reader, wrong):
    page = reader("agent").get(reverse("aftersales:rules"), {"policy": wrong})

    assert page.context["policy"].name == "General"
