"""The export of JD.com: a row for each item."""

from datetime import UTC, datetime

import pytest

from aftersales.rules.cases.return_window import goods_state
from orders.importers import SOURCES
from orders.models import Order
from tests.orders.importers.conftest import read
from tests.orders.importers.order_facts import save
from tests.orders.importers.sources.platform_rows import jd_item


def test_jds_items_are_one_order_paid_from_balance_and_card(export):
    rows = [jd_item(), jd_item(商品ID="1002", 商品名称="赠品围裙", 京东价="50.00", 货号="WQ"), jd_item()]

    (order,), rejections = read(SOURCES["jd"], export("jd", *rows))

    assert rejections == []
    assert [(line.sku, line.paid) for line in order.lines] == [("DFB", 184), ("WQ", 46)]
    assert [(payment.method, payment.captured) for payment in order.payments] == [("balance", 30), ("other", 206)]
    assert (order.freight, order.discount, order.paid_total) == (6, 20, 236)


def test_jds_rows_that_contradict_each_other_are_refused(export):
    facts, (rejection,) = read(
        SOURCES["jd"], export("jd", jd_item(), jd_item(商品ID="1002", 订单状态="(删除)等待出库"))
    )

    assert facts == []
    assert rejection.line == 3


def test_jds_cash_on_delivery_is_no_money_until_it_is_completed(export):
    waiting = jd_item(支付方式="货到付款", 付款确认时间="", 余额支付="0", 订单状态="等待确认收货")

    (order,), _ = read(SOURCES["jd"], export("jd", waiting))
    (done,), _ = read(SOURCES["jd"], export("jd", {**waiting, "订单状态": "完成"}))

    assert order.payments == ()
    assert [(payment.method, payment.captured) for payment in done.payments] == [("cod", 206)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("word", "state"),
    [("完成", "signed"), ("等待确认收货", "shipped"), ("等待出库", "unshipped"), ("(锁定)等待出库", "unshipped")],
)
def test_jds_status_places_the_goods_of_a_stored_order_without_dates(export, shop, word, state):
    (facts,), _ = read(SOURCES["jd"], export("jd", jd_item(订单状态=word, 订单完成时间="")))

    save(facts, shop=shop, source=SOURCES["jd"], at=datetime(2026, 11, 28, tzinfo=UTC))

    assert goods_state(Order.objects.get(), datetime(2026, 11, 28, tzinfo=UTC)) == state
