"""The stock ledger: what is free, what is promised, and the movements that made it so."""

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from logistics import stock
from logistics.models import StockItem, StockMovement
from orders.refusals import Refused
from tests.factories import NOON

pytestmark = pytest.mark.django_db
SKU = "DRESS-M"


@pytest.fixture
def counted(shop):
    """Three dresses lie on the shelf."""
    stock.correct(shop.pk, SKU, 3, why="First count", by_id=7, at=NOON, title="Dress")
    return shop.pk


def item(merchant_id):
    """On hand and reserved."""
    found = StockItem.objects.get(merchant_id=merchant_id, sku=SKU)
    return found.on_hand, found.reserved


def for_case(number="AS-26-000001"):
    return {"reference": number, "at": NOON}


def inspected(**more):
    return stock.MovementFacts(NOON, "warehouse", "AS-26-000001", **more)


def test_stock_that_nobody_counted_is_not_kept_here(shop):
    assert stock.available(shop.pk, SKU) is None
    assert stock.reserve(shop.pk, SKU, 5, **for_case()) is False
    assert stock.release(shop.pk, SKU, 5, **for_case()) is False
    assert stock.dispatch(shop.pk, SKU, 5, **for_case()) is False
    assert not StockMovement.objects.exists()


def test_units_that_come_back_do_not_make_a_shop_keep_its_stock_here(shop):
    stock.take_in(shop.pk, SKU, 1, "restock", inspected(), title="Dress")

    assert stock.available(shop.pk, SKU) is None
    assert stock.reserve(shop.pk, SKU, 5, **for_case()) is False


def test_the_first_count_knows_of_what_came_back_before(shop):
    stock.take_in(shop.pk, SKU, 1, "restock", inspected())

    stock.correct(shop.pk, SKU, 4, why="First count", by_id=7, at=NOON)

    assert stock.available(shop.pk, SKU) == 4
    assert [move.units for move in StockMovement.objects.order_by("pk")] == [1, 3]


def test_a_unit_that_is_reserved_and_dispatched_leaves_the_shelf(counted):
    assert stock.reserve(counted, SKU, 2, **for_case()) is True
    assert (stock.available(counted, SKU), item(counted)) == (1, (3, 2))

    assert stock.dispatch(counted, SKU, 2, **for_case()) is True
    assert (stock.available(counted, SKU), item(counted)) == (1, (1, 0))


def test_a_released_reservation_is_free_again(counted):
    stock.reserve(counted, SKU, 2, **for_case())

    assert stock.release(counted, SKU, 2, **for_case()) is True

    assert (stock.available(counted, SKU), item(counted)) == (3, (3, 0))


def test_peer_28_out_of_stock_names_the_item_what_is_free_and_what_to_do(counted):
    with pytest.raises(stock.OutOfStock, match=r"Dress: 4 needed, 3 free in stock\. Offer another item or the money"):
        stock.reserve(counted, SKU, 4, **for_case())

    assert item(counted) == (3, 0)


@pytest.mark.parametrize("giving_up", [stock.release, stock.dispatch])
def test_a_case_gives_up_what_it_holds_and_only_once(giving_up, counted):
    stock.reserve(counted, SKU, 1, **for_case())
    stock.reserve(counted, SKU, 1, **for_case("AS-26-000002"))

    assert giving_up(counted, SKU, 2, **for_case()) is True
    assert giving_up(counted, SKU, 1, **for_case()) is False

    assert item(counted)[1] == 1


@pytest.mark.parametrize(
    ("disposition", "on_hand"), [("restock", 5), ("repair", 3), ("supplier", 3), ("scrap", 3), ("to_buyer", 3)]
)
def test_only_what_is_restocked_is_on_hand(disposition, on_hand, counted):
    stock.take_in(counted, SKU, 2, disposition, inspected(by_id=7, serial="SN1"), title="Dress")

    movement = StockMovement.objects.latest("pk")
    assert item(counted) == (on_hand, 0)
    assert (movement.kind, movement.units, movement.reference, movement.serial) == (
        disposition,
        2,
        "AS-26-000001",
        "SN1",
    )
    assert (movement.recorded_by, movement.by_id, movement.title) == ("warehouse", 7, "Dress")


def test_goods_without_a_sku_are_on_record_but_no_stock(shop):
    stock.take_in(shop.pk, "", 1, "restock", inspected(), title="Dress")

    assert not StockItem.objects.exists()
    assert StockMovement.objects.get().title == "Dress"


@pytest.mark.parametrize(("count", "change"), [(5, 2), (3, 0), (0, -3)])
def test_a_count_sets_what_is_on_hand(count, change, counted):
    stock.correct(counted, SKU, count, why="Counted again", by_id=7, at=NOON)

    movement = StockMovement.objects.latest("pk")
    assert item(counted) == (count, 0)
    assert (movement.units, movement.note, movement.by_id) == (change, "Counted again", 7)


def test_a_count_below_what_is_reserved_is_refused(counted):
    stock.reserve(counted, SKU, 2, **for_case())

    with pytest.raises(Refused, match="2 units are reserved for cases"):
        stock.correct(counted, SKU, 1, why="Counted again", by_id=7, at=NOON)


@pytest.mark.parametrize(("sku", "why", "sentence"), [("", "Count", "Enter the SKU"), (SKU, " ", "Say why")])
def test_a_count_needs_a_sku_and_a_reason(sku, why, sentence, shop):
    with pytest.raises(Refused, match=sentence):
        stock.correct(shop.pk, sku, 1, why=why, by_id=7, at=NOON)


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("UPDATE logistics_stockitem SET reserved = 4", "stock_reserved_is_on_hand"),
        ("UPDATE logistics_stockitem SET reserved = -1", "stock_reserved_is_on_hand"),
        ("UPDATE logistics_stockitem SET on_hand = -1", "stock_reserved_is_on_hand"),
        ("UPDATE logistics_stockitem SET sku = ''", "stock_item_has_sku"),
        ("INSERT INTO logistics_stockitem SELECT id + 1, sku, title, 0, 0, NULL, merchant_id FROM logistics_stockitem",
         "stock_item_once"),
        ("UPDATE logistics_stockmovement SET units = 9", "append-only"),
        ("DELETE FROM logistics_stockmovement", "append-only"),
        ("TRUNCATE logistics_stockmovement", "append-only"),
    ],
)  # fmt: skip
def test_the_database_refuses_an_item_that_breaks_a_rule(statement, rule, counted):
    with pytest.raises((IntegrityError, InternalError), match=rule), transaction.atomic():
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
        connection.cursor().execute(statement)


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"kind": "gift"}, "stock_movement_kind_known"),
        ({"units": 0}, "stock_only_corrections_fall"),
        ({"units": -1}, "stock_only_corrections_fall"),
        ({"kind": "correction", "units": -1}, "stock_correction_has_reason"),
    ],
)
def test_the_database_refuses_a_movement_that_breaks_a_rule(fields, rule, shop):
    valid = {"merchant": shop, "sku": SKU, "kind": "scrap", "units": 1, "recorded_by": "warehouse", "at": NOON}

    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        StockMovement.objects.create(**{**valid, **fields})
