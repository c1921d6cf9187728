"""The page on which is recorded what a buyer confirmed at purchase."""

import pytest
from django.urls import reverse

from orders.models import OrderLine

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, agent_user):
    client.force_login(agent_user)
    return client


def address(order):
    return reverse("aftersales:order-confirmed", args=[order.number])


def test_a_record_leads_back_to_the_order_which_shows_it(desk, order):
    line = order.lines.get()

    shown = desk.get(address(order))
    sent = desk.post(address(order), {"line": line.pk, "confirmed_as": "near_expiry", "proof": "order note"})
    page = desk.get(reverse("aftersales:order", args=[order.number])).content.decode()

    assert "Nobody has recorded anything yet." in shown.content.decode()
    assert sent.url == reverse("aftersales:order", args=[order.number])
    assert "Confirmed at purchase: Near its expiry date" in page
    assert "order note" in desk.get(address(order)).content.decode()


def test_without_proof_nothing_is_recorded(desk, order):
    line = order.lines.get()

    answer = desk.post(address(order), {"line": line.pk, "confirmed_as": "defect", "proof": " "})

    assert answer.status_code == 422
    assert OrderLine.objects.get(pk=line.pk).confirmed_exclusion == ""
