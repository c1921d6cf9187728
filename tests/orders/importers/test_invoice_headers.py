"""Headers of invoices in exports: taken where a platform has the columns, and left alone once somebody has told one."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from orders.importers import SOURCES
from orders.models import Order
from tests.orders.importers.conftest import read
from tests.orders.importers.order_facts import save
from tests.orders.importers.sources.platform_rows import jd_item, taobao_line, taobao_order

NUMBER = "91330100799655058B"
LATER = datetime(2026, 11, 28, tzinfo=UTC)
BOTH = ("杭州青禾服饰有限公司", NUMBER)


def header_of(facts):
    return facts.invoice_title, facts.invoice_tax_number


@pytest.mark.parametrize(
    ("cell", "header"),
    [("", ("", "")), ("个人", ("个人", "")), (f"杭州青禾服饰有限公司 {NUMBER}", BOTH), ("无", ("", ""))],
)
def test_taobaos_title(cell, header, export):
    row = taobao_order(发票抬头=cell)
    lines = export("taobao_lines", taobao_line(价格="90.00"))

    (order,), rejections = read(SOURCES["taobao"], export("taobao_orders", row), lines)

    assert (header_of(order), rejections) == (header, [])


@pytest.mark.parametrize(
    ("title", "tax", "header"),
    [
        ("个人", "", ("个人", "")),
        ("个人", f"单位名称:杭州青禾服饰有限公司;纳税人识别码:{NUMBER};注册地址:杭州", BOTH),
        ("杭州青禾服饰有限公司", f"纳税人识别号：{NUMBER}", BOTH),
        ("不需要开具发票", "否", ("", "")),
    ],
)
def test_jds_title_and_number(title, tax, header, export):
    (order,), _ = read(SOURCES["jd"], export("jd", jd_item(发票抬头=title, 增值税发票=tax)))

    assert header_of(order) == header


@pytest.mark.django_db
def test_an_export_tells_a_header_once_and_never_over_one_that_is_known(export, shop):
    (facts,), _ = read(SOURCES["jd"], export("jd", jd_item(发票抬头="个人")))
    save(facts, shop=shop, source=SOURCES["jd"], at=LATER)
    order = Order.objects.get()
    assert (order.invoice_title, order.invoice_tax_number) == ("个人", "")
    Order.objects.update(invoice_title="青禾公司", invoice_tax_number="")

    save(replace(facts, invoice_title=BOTH[0], invoice_tax_number=NUMBER), shop=shop, source=SOURCES["jd"], at=LATER)

    order.refresh_from_db()
    assert (order.invoice_title, order.invoice_tax_number) == ("青禾公司", "")


@pytest.mark.django_db
def test_a_header_that_comes_later_is_taken(export, shop):
    (facts,), _ = read(SOURCES["jd"], export("jd", jd_item()))
    save(facts, shop=shop, source=SOURCES["jd"], at=LATER)

    save(replace(facts, invoice_title=BOTH[0], invoice_tax_number=NUMBER), shop=shop, source=SOURCES["jd"], at=LATER)

    assert Order.objects.values_list("invoice_title", "invoice_tax_number").get() == BOTH
