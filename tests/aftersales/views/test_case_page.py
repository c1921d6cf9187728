"""The page of a case: what it shows, to whom, at what cost."""

import pytest
from django.urls import reverse

from aftersales.models import User
from tests.factories import opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(order, buyer):
    return opened(order, by=buyer)


def as_person(client, actor):
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def test_the_page_opens(client, agent, case):
    response = as_person(client, agent).get(reverse("aftersales:case", args=[case.number]))

    assert response.status_code == 200
    assert case.subject in response.text
