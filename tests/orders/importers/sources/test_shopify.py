"""The export of Shopify: what it means, and what it could not mean."""

from decimal import Decimal

import pytest

from orders.importers import SOURCES
from tests.orders.importers.conftest import read


def test_shopifys_sample_is_read_whole(shared):
    orders, rejections = read(
        SOURCES["shopify"], shared / "platform_exports" / "samples" / "shopify_orders_export_2orders.csv"
    )
    first, second = orders

    assert rejections == []
    assert [(line.sku, line.quantity, line.paid) for line in first.lines] == [
        ("TEE-BLK-S", 2, Decimal("19.98")),
        ("MUG", 1, 10),
    ]
    assert (first.freight, first.paid_total, first.refunded_elsewhere, first.currency) == (
        5,
        Decimal("34.98"),
        10,
        "USD",
    )
    assert [(payment.method, payment.reference) for payment in first.payments] == [
        ("other", "Shopify Payments + Gift Card")
    ]
    assert (first.receiver.postcode, first.receiver.phone) == ("01234", "+1 555 0100")
    assert (second.status, second.lines[0].paid, second.lines[0].tax, second.lines[0].discount) == (
        "cancelled",
        20,
        Decimal("3.19"),
        2,
    )
    assert second.lines[0].refunded_elsewhere == 20
    assert second.buyer_note == "please call\nbefore delivery"


def shopify_row(**cells):
    names = {key.replace("_", " "): value for key, value in cells.items()}
    return {
        "Name": "#7", "Email": "ann@example.com", "Financial Status": "paid", "Paid at": "2024-05-01 10:00:00 +0000",
        "Fulfillment Status": "unfulfilled", "Currency": "USD",
        "Subtotal": "90.00", "Shipping": "5.00",
        "Taxes": "9.50", "Total": "104.50", "Created at": "2024-05-01 09:58:12 +0000",
        "Lineitem quantity": "3", "Lineitem name": "Tee",
        "Lineitem price": "20.00", "Lineitem sku": "T", "Lineitem taxable": "true", **names,
    }  # fmt: skip


def test_shopifys_extra_tax_goes_to_taxable_lines_after_the_discount(export):
    book = {
        "Name": "#7",
        "Lineitem quantity": "1",
        "Lineitem name": "Book",
        "Lineitem price": "40.00",
        "Lineitem taxable": "false",
    }

    (order,), _ = read(SOURCES["shopify"], export("shopify", shopify_row(), book))

    assert [(line.discount, line.tax, line.paid) for line in order.lines] == [
        (6, Decimal("9.50"), Decimal("63.50")),
        (4, 0, 36),
    ]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"Currency": "XXQ"}, "currency"),
        ({"Financial_Status": "lent"}, "payment status"),
        ({"Subtotal": "990.00"}, "worth less"),
        ({"Total": ""}, "first row"),
        ({"Lineitem_quantity": "0"}, "no number of units"),
        ({"Lineitem_discount": "100"}, "more than its price"),
    ],
)
def test_a_row_that_shopify_could_not_mean_is_refused(export, cells, reason):
    facts, (rejection,) = read(SOURCES["shopify"], export("shopify", shopify_row(**cells)))

    assert facts == []
    assert reason in rejection.reason


def test_an_order_that_stands_twice_in_shopifys_file_is_refused(export):
    facts, (rejection,) = read(SOURCES["shopify"], export("shopify", shopify_row(), shopify_row()))

    assert facts == []
    assert "more than once" in rejection.reason
