"""Supervisors read refunds; only finance moves them."""

import pytest
from django.urls import reverse

from aftersales.actions.cases import decisions
from aftersales.models import Policy, Refund, User
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(unshipped, agent, buyer):
    Policy.objects.update(release_above=1)
    case = opened(unshipped, by=buyer, type="refund_only")
    decisions.approve(case.pk, by=agent, at=NOON)
    return Refund.objects.get()


@pytest.fixture
def boss(client, supervisor):
    client.force_login(User.objects.get(pk=supervisor.user_id))
    return client


def test_a_supervisor_sees_the_list_behind_the_number(boss, waiting):
    page = boss.get(reverse("aftersales:finance"), {"list": "unpaid", "currency": "CNY"})

    assert page.status_code == 200
    assert waiting.case.number in page.content.decode()


def test_a_supervisor_is_offered_nothing_to_release(boss, waiting):
    listed = boss.get(reverse("aftersales:finance"), {"list": "release"}).content.decode()
    shown = boss.get(reverse("aftersales:finance-refund", args=[waiting.number])).content.decode()

    assert 'name="r"' not in listed
    assert "/release/" not in shown


def test_a_supervisor_releases_nothing(boss, waiting):
    answer = boss.post(reverse("aftersales:finance-act", args=[waiting.number, "release"]))

    waiting = Refund.objects.get()
    assert answer.status_code == 403
    assert waiting.status == "awaiting_release"
