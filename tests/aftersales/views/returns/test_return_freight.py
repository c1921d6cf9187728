"""The buyer's receipt of the carrier is put on record where the merchant pays the way back."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from aftersales.actions.cases import decisions
from tests.aftersales.stages import HOUR, again, picture
from tests.factories import opened
from tests.present import bought

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(agent_user):
    client = Client()
    client.force_login(agent_user)
    return client


def agreed(shop, people, reason):
    at, photos = timezone.now() - 2 * HOUR, [picture()]
    case = opened(bought(shop), by=people.agent, at=at, reason=reason, photos=photos)
    return decisions.approve(case.pk, by=people.agent, at=at)


def receipt():
    return SimpleUploadedFile("receipt.jpg", picture().content, "image/jpeg")


def test_the_case_offers_it_where_the_merchant_pays_and_stores_what_was_paid(desk, shop, people):
    case = agreed(shop, people, "broken")
    address = f"/cases/{case.number}/return-freight/"
    assert address in desk.get(f"/cases/{case.number}/").content.decode()
    assert desk.get(address).status_code == 200

    missing = desk.post(address, {"amount": "12", "once": "f" * 32})
    answer = desk.post(address, {"amount": "12", "photos": receipt(), "once": "0" * 32})

    assert (missing.status_code, answer.status_code) == (422, 302)
    assert again(case).buyer_freight_amount == Decimal(12)
    assert address not in desk.get(f"/cases/{case.number}/").content.decode()


def test_the_page_says_why_nothing_is_paid_back(desk, shop, people):
    case = agreed(shop, people, "changed_mind")

    assert "return-freight" not in desk.get(f"/cases/{case.number}/").content.decode()
    assert "the buyer pays the way back" in desk.get(f"/cases/{case.number}/return-freight/").content.decode()
