from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from orders.importers import SOURCES
from orders.importers.reading.refusal import ReadError
from tests.orders.importers.conftest import read

OLIST = SOURCES["olist"]
ORDER = [
    "o1", "c1", "delivered", "2018-01-02 10:00:00", "2018-01-02 10:05:00",
    "2018-01-03 08:00:00", "2018-01-09 12:00:00", "2018-01-20 00:00:00",
]  # fmt: skip


@pytest.fixture(scope="module")
def sample(shared):
    return read(OLIST, shared / "olist")


@pytest.fixture(scope="module")
def mangled(shared):
    return read(OLIST, shared / "olist_excel_mangled")


def test_every_order_of_the_sample_is_taken(sample):
    facts, rejections = sample

    assert rejections == []
    assert len({one.external_number for one in facts}) == 8135
    assert Counter(one.status for one in {one.external_number: one for one in facts}.values()) == {
        "signed": 5172, "shipped": 1107, "cancelled": 1234, "paid": 617, "placed": 5,
    }  # fmt: skip


def test_the_money_of_every_order_adds_up(sample, mangled):
    for one in [*sample[0], *mangled[0]]:
        captured = sum(payment.captured for payment in one.payments)
        assert one.goods_total + one.freight + one.surcharge == captured == one.paid_total
        if one.lines:
            assert sum(line.paid for line in one.lines) == one.goods_total
            for line in one.lines:
                assert line.unit_price * line.quantity - line.discount == line.paid


def test_the_sum_of_all_payments_is_the_files(sample, shared):
    import csv

    with (shared / "olist" / "olist_order_payments_dataset.csv").open(encoding="utf-8") as file:
        paid = sum(Decimal(row["payment_value"]) for row in csv.DictReader(file))

    assert sum(one.paid_total for one in sample[0]) == paid


def test_orders_of_several_sellers_become_one_each_under_one_purchase(sample):
    shared_out = [one for one in sample[0] if one.purchase_number]
    purchases = Counter(one.purchase_number for one in shared_out)

    assert len(purchases) == 71
    assert min(purchases.values()) == 2
    assert len({one.number for one in sample[0]}) == len(sample[0])
    assert {one.number for one in shared_out if one.external_number == shared_out[0].external_number} == {
        f"{shared_out[0].external_number}-1",
        f"{shared_out[0].external_number}-2",
    }


def test_instalment_interest_is_a_surcharge_and_a_shortfall_a_discount(sample):
    by_number = {}
    for one in sample[0]:
        by_number.setdefault(one.external_number, []).append(one)

    assert sum(any(one.surcharge for one in parts) for parts in by_number.values()) == 29
    assert sum(any(one.discount for one in parts) for parts in by_number.values()) == 13
    assert by_number["6aaedd714ad6929fc4df8d51bd4cfe9a"][0].surcharge == Decimal("1.67")
    assert by_number["94dcbb5ca9d603177841a40f3d630483"][0].discount == Decimal("0.02")


def test_orders_without_items_are_real_orders_without_lines(sample):
    bare = [one for one in sample[0] if not one.lines]

    assert len(bare) == 775
    assert all(one.payments for one in bare)
    assert {one.merchant_ref for one in bare} == {""}


def test_payments_of_no_known_kind_and_of_nothing_are_kept(sample):
    nothing = [payment for one in sample[0] for payment in one.payments if not payment.captured]

    assert len(nothing) == 5
    assert Counter(str(payment.method) for payment in nothing)["other"] == 3


def test_times_are_brasilias_and_postcodes_have_five_digits(sample, mangled):
    one = next(one for one in sample[0] if one.external_number == "a4591c265e18cb1dcee52889e2d8acc3")

    assert one.ordered_at == datetime(2017, 7, 10, 0, 57, 5, tzinfo=UTC)
    assert one.signed_at == one.as_of == datetime(2017, 7, 26, 13, 57, 55, tzinfo=UTC)
    assert {len(one.receiver.postcode) for one in [*sample[0], *mangled[0]]} == {5}


def test_the_damaged_copy_is_read_and_known_to_be_coarse(mangled):
    facts, rejections = mangled

    assert rejections == []
    assert len({one.external_number for one in facts}) == 5000
    assert all(one.is_coarse for one in facts)
    assert sum(not one.lines and not one.payments for one in facts) == 34


def test_identical_units_become_one_line(olist):
    items = [["o1", str(number), "tea", "s1", "2018-01-05 00:00:00", "9.90", "2.00"] for number in (1, 2, 3)]
    items.append(["o1", "4", "tea", "s1", "2018-01-04 00:00:00", "8.90", "2.00"])

    (facts,), _ = read(OLIST, olist([ORDER], items, [["o1", "1", "credit_card", "3", "46.60"]]))

    assert [(line.external_id, line.quantity, line.paid) for line in facts.lines] == [
        ("1,2,3", 3, Decimal("29.70")),
        ("4", 1, Decimal("8.90")),
    ]
    assert facts.freight == 8
    assert facts.payments[0].installments == 3
    assert facts.promised_ship_at == datetime(2018, 1, 4, 2, 0, tzinfo=UTC)
    assert facts.receiver.postcode == "01310"


ITEM = ["o1", "1", "tea", "s1", "", "9.90", "2.00"]
PAYMENT = ["o1", "1", "boleto", "1", "11.90"]


@pytest.mark.parametrize(
    ("orders", "items", "payments", "place", "reason"),
    [
        ([ORDER], [ITEM, ITEM[:5]], [PAYMENT], "olist_order_items_dataset.csv:3", "has 5 cells"),
        ([ORDER], [ITEM, ITEM], [PAYMENT], "olist_order_items_dataset.csv:2", "same number"),
        ([ORDER], [ITEM], [PAYMENT, PAYMENT], "olist_order_payments_dataset.csv:2", "same number"),
        ([ORDER], [[*ITEM[:5], "-9.90", "2"]], [PAYMENT], "olist_order_items_dataset.csv:2", "negative"),
        ([[*ORDER[:2], "teleported", *ORDER[3:]]], [ITEM], [PAYMENT], "olist_orders_dataset.csv:2", "teleported"),
        ([[*ORDER[:3], "", *ORDER[4:]]], [ITEM], [PAYMENT], "olist_orders_dataset.csv:2", "is empty"),
        ([["o1", "c9", *ORDER[2:]]], [ITEM], [PAYMENT], "olist_orders_dataset.csv:2", "no customer c9"),
        ([ORDER, ["o1", "c1", "canceled", *ORDER[3:]]], [ITEM], [PAYMENT], "olist_orders_dataset.csv:2", "not alike"),
    ],
)
def test_an_order_with_one_bad_row_is_refused_whole_with_line_and_reason(olist, orders, items, payments, place, reason):
    facts, (rejection,) = read(OLIST, olist(orders, items, payments))

    assert facts == []
    assert rejection.order_number == "o1"
    assert f"{rejection.file}:{rejection.line}" == place
    assert reason in rejection.reason
    assert rejection.row


def test_rows_of_no_order_and_rows_without_a_number_are_rejected(olist):
    folder = olist([ORDER, ["", *ORDER[1:]]], [ITEM, ["o9", *ITEM[1:]]], [PAYMENT])

    facts, rejections = read(OLIST, folder)

    assert [one.external_number for one in facts] == ["o1"]
    assert [(one.order_number, one.line) for one in rejections] == [("o9", 3), ("", 3)]


def test_an_exact_repetition_of_an_order_is_no_harm(olist):
    facts, rejections = read(OLIST, olist([ORDER, ORDER], [ITEM], [PAYMENT]))

    assert len(facts) == 1
    assert rejections == []


def test_a_folder_without_payments_is_refused_naming_them(olist):
    folder = olist([ORDER], [ITEM], [PAYMENT])
    (folder / "olist_order_payments_dataset.csv").unlink()

    with pytest.raises(ReadError, match="payment_sequential"):
        OLIST.read([folder])
