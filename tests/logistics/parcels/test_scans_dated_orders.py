"""Orders that were dated before dates named their source: what a scan has told is found among them."""

from importlib import import_module

import pytest
from django.db import connection

from logistics.models import Parcel, ParcelEvent
from orders.models import Order
from tests.aftersales.stages import DAY, HOUR
from tests.factories import NOON, sold

pytestmark = pytest.mark.django_db
BEFORE = import_module("orders.migrations.0012_goods_dates_name_their_source").BEFORE
NAMED = import_module("logistics.migrations.0003_scans_dated_their_orders").Migration.operations


def scanned(order, status, at):
    parcel, _is_new = Parcel.objects.get_or_create(
        merchant=order.merchant, order=order, direction="outbound", carrier="SF", waybill=f"OUT{order.pk}"
    )
    ParcelEvent.objects.create(parcel=parcel, status=status, happened_at=at, recorded_at=at, judged_at=at)


def test_a_date_that_a_scan_has_told_names_it_and_every_other_the_import(shop):
    by_scan, by_import, mixed = (sold(merchant=shop) for _each in range(3))
    scanned(by_scan, "in_transit", by_scan.shipped_at)
    scanned(by_scan, "signed", by_scan.signed_at)
    scanned(by_import, "signed", by_import.signed_at + HOUR)
    scanned(mixed, "delivering", mixed.signed_at)
    scanned(mixed, "in_transit", mixed.shipped_at)
    waiting = sold(merchant=shop, unshipped=True, ordered_at=NOON - DAY)

    with connection.cursor() as cursor:
        for statement in (BEFORE, *(operation.sql for operation in NAMED)):
            cursor.execute(statement)

    told = (
        dict(Order.objects.values_list("pk", "shipped_told_by")),
        dict(Order.objects.values_list("pk", "signed_told_by")),
    )
    assert [(told[0][one.pk], told[1][one.pk]) for one in (by_scan, by_import, mixed, waiting)] == [
        ("scan", "scan"),
        ("import", "import"),
        ("scan", "import"),
        ("", ""),
    ]
