"""The page on which people say where goods are, and what the order shows of it."""

import re
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from aftersales.models import GoodsRecord
from orders import delivery
from orders.models import Order
from tests.aftersales.stages import DAY
from tests.aftersales.views.desk import picture, seat, upload
from tests.factories import NOON, MerchantFactory, sold

pytestmark = pytest.mark.django_db
LONG = 40 * DAY


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def page_of(order, name="order"):
    return reverse(f"aftersales:{name}", args=[order.number])


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def sent(**typed):
    return {
        "said": "left",
        "happened_at": "2026-03-09T10:00",
        "proof": "Waybill SF1",
        "once": str(uuid.uuid4()),
    } | typed


def test_a_word_leads_back_to_the_order_which_names_its_source_and_who_said_it(unshipped, agent):
    desk = seat(agent)

    answer = desk.post(page_of(unshipped, "order-goods"), sent())
    text = words(desk.get(page_of(unshipped)))

    assert answer.url == page_of(unshipped)
    assert "told by a person, with proof" in text
    assert "Waybill SF1" in text and str(GoodsRecord.objects.get().recorded_by) in text
    assert "Waybill SF1" in words(desk.get(page_of(unshipped, "order-goods")))


def test_the_form_says_by_which_clock_the_moment_is_read(unshipped, agent):
    assert "Shanghai time" in words(seat(agent).get(page_of(unshipped, "order-goods")))


def test_a_photo_is_proof_enough_and_shown_to_who_may_see_the_order(unshipped, agent):
    desk = seat(agent)

    desk.post(page_of(unshipped, "order-goods"), sent(proof="", photo=upload(picture())))
    row = GoodsRecord.objects.get()
    address = reverse("aftersales:order-goods-photo", args=[unshipped.number, row.pk])

    assert (row.proof, bool(row.path)) == ("", True)
    assert desk.get(address)["Content-Type"] == "image/jpeg"
    elsewhere = sold(merchant=MerchantFactory())
    assert desk.get(reverse("aftersales:order-goods-photo", args=[elsewhere.number, row.pk])).status_code == 404


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"happened_at": "2026-03-11T10:00"}, "This lies in the future."),
        ({"proof": " "}, "Say how you know it, or add a photo."),
        ({"happened_at": ""}, "Say when."),
        ({"said": "lost"}, "Select a valid choice"),
    ],
)
def test_what_can_not_be_is_said_beside_what_was_typed(unshipped, agent, typed, sentence):
    answer = seat(agent).post(page_of(unshipped, "order-goods"), sent(**typed))

    assert answer.status_code in (409, 422)
    assert sentence in words(answer)
    assert not GoodsRecord.objects.exists()


def test_an_order_of_which_nobody_has_told_for_long_says_so_and_offers_both_acts(unsigned, agent):
    Order.objects.filter(pk=unsigned.pk).update(goods_told_at=None)
    with time_machine.travel(NOON + LONG, tick=False):
        desk = seat(agent)
        order_page, form = desk.get(page_of(unsigned)), desk.get(page_of(unsigned, "order-apply"))

    for page in (order_page, form):
        assert "Where the goods are is not known: nobody has told for 30 days." in words(page)
        assert page.text.count("goods/?said=left") and page.text.count("goods/?said=arrived")
    assert 'name="reason"' not in form.text


def test_what_a_carrier_has_scanned_is_not_marked(unsigned, agent):
    delivery.note_shipped(unsigned.pk, NOON - timedelta(days=4))

    text = seat(agent).get(page_of(unsigned)).text

    assert "scanned by the carrier" in text
    assert "said=left" not in text and "said=arrived" in text


def test_who_may_not_tell_gets_no_form(unshipped, finance):
    desk = seat(finance)

    assert "said=left" not in desk.get(page_of(unshipped)).text
    assert desk.get(page_of(unshipped, "order-goods")).status_code == 403
