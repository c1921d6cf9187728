"""Exports for the import tests: the shared samples, and made-up rows under the platforms' real headings."""

import csv
import io
from pathlib import Path

import pytest
from django.conf import settings

from orders.models import Merchant

SHARED = settings.BASE_DIR.parent / "shared" / "data"
ENCODINGS = {"taobao": "gb18030", "jd": "gb18030", "pdd": "utf-8-sig", "douyin": "utf-8-sig", "shopify": "utf-8"}
HEADERS = {
    "taobao_orders": ("taobao_orders_ExportOrderList.csv", "gb18030"),
    "taobao_lines": ("taobao_lines_ExportOrderDetailList.csv", "gb18030"),
    "pdd": ("pdd_orders.csv", "utf-8-sig"),
    "douyin": ("douyin_orders.csv", "utf-8-sig"),
    "jd": ("jd_orders.csv", "gb18030"),
    "shopify": ("shopify_orders_export.csv", "utf-8"),
}


@pytest.fixture(scope="session")
def shared():
    if not SHARED.is_dir():
        pytest.skip(f"no sample exports at {SHARED}")
    return SHARED


@pytest.fixture
def export(shared, tmp_path):
    """Write rows, given as {heading: cell}, under the real headings of an export and in its real encoding."""

    def write(kind, *rows, name=None, encoding=None):
        file, own_encoding = HEADERS[kind]
        header = (shared / "platform_exports" / "headers" / file).read_text(own_encoding).strip().lstrip("\ufeff")
        headings = next(csv.reader([header]))
        unknown = {heading for row in rows for heading in row} - set(headings)
        assert not unknown, f"{unknown} are no headings of {kind}"
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerows([headings, *([row.get(heading, "") for heading in headings] for row in rows)])
        path = tmp_path / (name or f"{kind}.csv")
        path.write_bytes(text.getvalue().encode(encoding or own_encoding))
        return path

    return write


@pytest.fixture
def olist(tmp_path):
    """Write a small Olist folder; each file as a list of rows."""

    def write(orders, items, payments, customers=None, folder="olist") -> Path:
        path = tmp_path / folder
        path.mkdir(exist_ok=True)
        files = {
            "orders": (ORDERS_HEADER, orders),
            "order_items": (ITEMS_HEADER, items),
            "order_payments": (PAYMENTS_HEADER, payments),
            "customers": (CUSTOMERS_HEADER, customers or [["c1", "ana", "1310", "sao paulo", "SP"]]),
        }
        for name, (header, rows) in files.items():
            text = io.StringIO(newline="")
            csv.writer(text).writerows([header.split(","), *rows])
            (path / f"olist_{name}_dataset.csv").write_text(text.getvalue(), encoding="utf-8", newline="")
        return path

    return write


ORDERS_HEADER = (
    "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,"
    "order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date"
)
ITEMS_HEADER = "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value"
PAYMENTS_HEADER = "order_id,payment_sequential,payment_type,payment_installments,payment_value"
CUSTOMERS_HEADER = "customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state"


def read(source, *paths):
    """Read an export; facts and rejections apart."""
    from orders.importers.facts import OrderFacts

    everything = list(source.read(list(paths)))
    return (
        [one for one in everything if isinstance(one, OrderFacts)],
        [one for one in everything if not isinstance(one, OrderFacts)],
    )


@pytest.fixture
def shop(db):
    return Merchant.objects.create(code="rain", name="Rain")
