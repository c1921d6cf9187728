"""Counts by hand: first ones and corrections, on record with their reason."""

import uuid

import pytest
from django.urls import reverse

from logistics import stock
from logistics.models import StockItem, StockMovement
from tests.aftersales.views.replacements.movements import took
from tests.factories import NOON

pytestmark = pytest.mark.django_db


def counting(**fields):
    return {"once": str(uuid.uuid4()), "counted": "5", "why": "Counted", **fields}


def test_a_first_count_and_a_correction_stay_on_record(floor, warehouse, shop):
    first = floor.post(reverse("aftersales:stock-count"), counting(merchant=shop.pk, sku="DRESS-M", title="Dress"))
    item = StockItem.objects.get()
    again = floor.post(first.url, counting(counted="3", why="Two are torn"))

    assert first.url == again.url == reverse("aftersales:stock-item", args=[item.pk])
    assert stock.available(shop.pk, "DRESS-M") == 3
    told = [(row.units, row.note, row.by_id, row.recorded_by) for row in StockMovement.objects.order_by("pk")]
    assert told == [
        (5, "Counted", warehouse.user_id, "warehouse"),
        (-2, "Two are torn", warehouse.user_id, "warehouse"),
    ]
    assert "Two are torn" in floor.get(first.url).content.decode()


def test_a_double_click_counts_once(floor, shop):
    data = counting(merchant=shop.pk, sku="DRESS-M")

    first, second = (floor.post(reverse("aftersales:stock-count"), data) for _time in range(2))

    assert first.url == second.url
    assert StockMovement.objects.count() == 1


@pytest.mark.parametrize("fields", [{"why": " "}, {"counted": "-1"}, {"counted": "two"}, {"counted": ""}])
def test_a_count_without_reason_or_number_is_refused_and_what_was_typed_stays(fields, floor, shop):
    took(shop, "restock")
    address = reverse("aftersales:stock-item", args=[StockItem.objects.get().pk])

    answer = floor.post(address, counting(**{"why": "torn in two", **fields}))

    assert answer.status_code == 422
    assert StockMovement.objects.count() == 1


def test_a_count_below_what_is_reserved_is_refused_in_a_sentence(floor, shop):
    stock.correct(shop.pk, "DRESS-M", 3, why="Count", by_id=None, at=NOON)
    stock.reserve(shop.pk, "DRESS-M", 2, reference="AS-26-000001", at=NOON)

    answer = floor.post(reverse("aftersales:stock-item", args=[StockItem.objects.get().pk]), counting(counted="1"))

    assert answer.status_code == 422
    assert "2 units are reserved for cases" in answer.content.decode()
