"""The page on which a supervisor opens the time to ask once more."""

import pytest
from django.urls import reverse
from django.utils import timezone

from aftersales.models import Reason, User
from aftersales.rules.policies import shop_day
from tests.aftersales.stages import DAY
from tests.factories import sold

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(shop):
    now = timezone.now()
    return sold(merchant=shop, shipped_at=now - 61 * DAY, signed_at=now - 60 * DAY)


@pytest.fixture
def desk(client, supervisor):
    client.force_login(User.objects.get(pk=supervisor.user_id))
    return client


def address(order):
    return reverse("aftersales:order-window", args=[order.number])


def sent(desk, order, **fields):
    today = shop_day.of(timezone.now())
    known = {"reason": Reason.objects.get(code="agreed").pk, "until": today.isoformat(), "why": "Promised by the shop."}
    return desk.post(address(order), known | fields)


def test_a_record_leads_back_to_the_order_and_stands_there_and_on_the_form_to_apply(desk, old):
    shown = desk.get(address(old))
    answer = sent(desk, old)
    page = desk.get(reverse("aftersales:order", args=[old.number])).content.decode()
    form = desk.get(reverse("aftersales:order-apply", args=[old.number])).content.decode()

    assert "Nobody has recorded anything yet." in shown.content.decode()
    assert answer.url == reverse("aftersales:order", args=[old.number])
    for each in (page, form):
        assert "Promised by the shop." in each
    assert "opened once more by" in form


def test_a_day_that_is_over_or_beyond_a_year_is_refused_beside_its_field(desk, old):
    for day in ("2020-01-01", "9999-12-31"):
        answer = sent(desk, old, until=day)

        assert answer.status_code == 422
        assert "within a year" in answer.content.decode()
    assert not old.opened_windows.exists()


def test_others_see_what_was_opened_and_no_way_to_open_it(client, agent_user, desk, old):
    sent(desk, old)
    client.force_login(agent_user)

    page = client.get(reverse("aftersales:order", args=[old.number])).content.decode()

    assert "Promised by the shop." in page
    assert address(old) not in page
    assert client.get(address(old)).status_code == 403
