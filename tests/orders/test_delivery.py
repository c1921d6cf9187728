"""Who dates when goods left and arrived: a scan before a person before an import, whatever comes first."""

from datetime import timedelta
from itertools import permutations

import pytest
from django.db import IntegrityError, transaction

from orders import delivery
from orders.models import Order
from tests.factories import sold
from tests.orders.importers.order_facts import NOON, facts, save

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SAID = {"scan": NOON - 3 * DAY, "person": NOON - 2 * DAY, "import": NOON - DAY}


def tell(order, source, merchant):
    at = SAID[source]
    if source == "scan":
        delivery.note_signed(order.pk, at, at)
    elif source == "person":
        delivery.tell_left(order.pk, at, at=NOON)
        delivery.tell_arrived(order.pk, at, at=NOON)
    else:
        told = facts(shipped_at=at, signed_at=at, status="signed", as_of=NOON, merchant_note="again")
        save(told, shop=merchant)


@pytest.fixture
def imported(shop):
    save(facts(shipped_at=None, status="paid", parcels=()), shop=shop, at=NOON - 2 * DAY)
    return Order.objects.get()


@pytest.mark.parametrize("said", [order for number in (1, 2, 3) for order in permutations(SAID, number)])
def test_whoever_stands_highest_dates_the_goods_in_whatever_order_they_speak(imported, shop, said):
    for source in said:
        tell(imported, source, shop)

    best = min(said, key=list(SAID).index)
    imported.refresh_from_db()
    for fact in (imported.dispatched, imported.delivered):
        assert (fact.by, fact.at) == (best, SAID[best])


@pytest.mark.parametrize(
    "fields",
    [
        {"signed_at": NOON},
        {"signed_told_by": "scan", "signed_at": None},
        {"shipped_told_by": "guess"},
        {"shipped_told_by": ""},
    ],
)
def test_the_database_refuses_a_date_without_its_source(shop, fields):
    order = sold(merchant=shop, unsigned=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(**fields)


def test_receipt_moves_with_the_signature_that_a_scan_corrects(order):
    due = order.receipt_due_at

    delivery.note_signed(order.pk, order.shipped_at, order.signed_at + DAY)

    order.refresh_from_db()
    assert order.receipt_due_at == due + DAY


def test_goods_that_are_heard_of_are_written_once_a_day(shop):
    order = sold(merchant=shop, unsigned=True, goods_told_at=None)

    for hours in (0, 5, 30):
        delivery.note_shipped(order.pk, NOON, NOON + timedelta(hours=hours))

    order.refresh_from_db()
    assert (order.shipped_at, order.goods_told_at) == (NOON, NOON + timedelta(hours=30))
