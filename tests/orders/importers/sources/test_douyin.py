"""The export of Douyin: a row for each sub-order."""

from decimal import Decimal

from orders.importers import SOURCES
from tests.orders.importers.conftest import read


def test_douyins_sample_is_read_whole(shared):
    orders, rejections = read(SOURCES["douyin"], shared / "platform_exports" / "samples" / "douyin_orders_4rows.csv")
    refunded, with_gift, joined = orders

    assert rejections == []
    assert (refunded.status, refunded.lines[0].refunded_elsewhere, refunded.lines[0].units_refunded) == (
        "completed",
        Decimal("28.90"),
        1,
    )
    assert refunded.receiver.name == refunded.receiver.phone == refunded.buyer.name == ""
    assert refunded.merchant_note == ""
    assert [line.is_gift for line in with_gift.lines] == [False, True]
    assert with_gift.lines[0].unit_price == 33
    assert [(line.external_id, line.quantity, line.paid) for line in joined.lines] == [
        ("69000000000000000031;69000000000000000032", 5, Decimal("58.90"))
    ]


def test_a_number_that_a_spreadsheet_rounded_is_rejected_with_the_reason(shared, tmp_path):
    sample = (shared / "platform_exports" / "samples" / "douyin_orders_4rows.csv").read_text("utf-8-sig")
    path = tmp_path / "resaved.csv"
    path.write_text(sample.replace('"\t6900000000000000003"', "6.9E+18"), encoding="gb18030")

    facts, (rejection,) = read(SOURCES["douyin"], path)

    assert len(facts) == 2
    assert rejection.line == 5
    assert "lost its last digits" in rejection.reason
