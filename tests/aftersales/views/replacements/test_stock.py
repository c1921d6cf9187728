"""The pages of stock: what came back by where it went, what lies on the shelf, a count, a table to take away."""

import csv
import io
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aftersales.queries.replacements import stock as stock_queries
from aftersales.rules.vocabulary import Role
from aftersales.views.replacements import stock as stock_pages
from logistics import stock
from logistics.models import StockExport, StockItem
from tests.aftersales.stages import stage
from tests.aftersales.views.desk import seat
from tests.aftersales.views.replacements.movements import took
from tests.factories import NOON, MerchantFactory
from tests.people import person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def listed(client, **params):
    return client.get(reverse("aftersales:stock"), params).context


def kinds(client, **params):
    return [row.kind for row, _who in listed(client, **params)["rows"]]


def counting(**fields):
    return {"once": str(uuid.uuid4()), "counted": "5", "why": "Counted", **fields}


def test_inspected_units_are_listed_by_where_they_went(floor, order, people):
    case = stage("refunding", order, people)

    shown = listed(floor)
    row, who = shown["rows"][0]
    page = floor.get(reverse("aftersales:stock")).content.decode()

    assert [tile["value"] for tile in shown["tiles"]] == [2, 0, 0, 0, 0]
    assert (row.kind, row.units, row.reference, who) == ("restock", 2, case.number, "Warehouse")
    assert f'href="/cases/{case.number}/"' in page
    assert floor.get(f"/cases/{case.number}/").status_code == 200


def test_each_number_opens_the_rows_behind_it(floor, shop):
    took(shop, "restock", units=3)
    took(shop, "scrap", units=2)
    took(shop, "scrap", units=4)

    for tile in listed(floor)["tiles"]:
        behind = floor.get(tile["url"]).context["rows"]
        assert sum(row.units for row, _who in behind) == tile["value"]


def test_the_list_is_narrowed_by_disposition_sku_merchant_and_days(floor, shop):
    other = MerchantFactory(name="Northshore")
    took(shop, "restock")
    took(shop, "scrap", at=NOON + DAY)
    took(other, "repair", sku="SHOE", at=NOON + 2 * DAY)

    assert kinds(floor) == ["repair", "scrap", "restock"]
    assert kinds(floor, disposition="scrap") == ["scrap"]
    assert kinds(floor, sku="SHOE") == ["repair"]
    assert kinds(floor, merchant="Northshore") == ["repair"]
    assert kinds(floor, since="2026-03-11") == ["repair", "scrap"]
    assert kinds(floor, since="2026-03-11", until="2026-03-11") == ["scrap"]


def test_a_filter_that_makes_no_sense_is_left_out_and_named(floor, shop):
    took(shop, "restock")

    shown = listed(floor, disposition="dispatch", since="2026-13-45")

    assert len(shown["rows"]) == 1
    assert shown["ignored"] == ["disposition", "since"]


def test_reservations_and_counts_are_no_returns(floor, shop):
    stock.correct(shop.pk, "DRESS-M", 3, why="Count", by_id=None, at=NOON)
    stock.reserve(shop.pk, "DRESS-M", 1, reference="AS-26-000001", at=NOON)

    assert kinds(floor) == []


def test_the_list_is_paged_by_key_both_ways(floor, shop, monkeypatch):
    monkeypatch.setattr(stock_queries, "PAGE_SIZE", 2)
    for number in range(5):
        took(shop, "scrap", at=NOON + number * DAY, serial=str(number))

    first = listed(floor)
    second = floor.get(first["older_url"]).context
    back = floor.get(second["newer_url"]).context

    assert [row.serial for row, _who in first["rows"]] == ["4", "3"]
    assert [row.serial for row, _who in second["rows"]] == ["2", "1"]
    assert [row.serial for row, _who in back["rows"]] == ["4", "3"]


def test_the_list_costs_the_same_for_one_and_for_many(floor, shop):
    def load():
        with CaptureQueriesContext(connection) as asked:
            listed(floor)
        return len(asked)

    took(shop, "scrap")
    load()
    one = load()
    for _number in range(9):
        took(shop, "scrap")

    assert load() == one <= 8


def test_merchants_see_and_correct_their_own_stock_only(shop, merchant):
    other = MerchantFactory(name="Northshore")
    took(shop, "restock")
    took(other, "restock", title="Secret boots")
    own, foreign = StockItem.objects.get(merchant=shop), StockItem.objects.get(merchant=other)
    client = seat(merchant)

    pages_of_shop = [client.get(reverse(f"aftersales:{name}")).content.decode() for name in ("stock", "stock-shelf")]
    table = client.post(reverse("aftersales:stock-export")).content.decode()
    foreign_page = client.get(reverse("aftersales:stock-item", args=[foreign.pk]))
    foreign_count = client.post(reverse("aftersales:stock-item", args=[foreign.pk]), counting())
    smuggled = client.post(reverse("aftersales:stock-count"), counting(merchant=other.pk, sku="DRESS-M"))
    done = client.post(reverse("aftersales:stock-item", args=[own.pk]), counting())

    assert not any("Secret boots" in text for text in [*pages_of_shop, table])
    assert [foreign_page.status_code, foreign_count.status_code, smuggled.status_code] == [404, 404, 422]
    assert done.status_code == 302
    assert (StockItem.objects.get(pk=own.pk).on_hand, StockItem.objects.get(pk=foreign.pk).on_hand) == (5, 1)


@pytest.mark.parametrize("role", [Role.AGENT, Role.SENIOR, Role.FINANCE, Role.ADMIN])
@pytest.mark.parametrize("name", ["stock", "stock-shelf", "stock-count"])
def test_other_roles_do_not_have_the_pages(client, db, name, role):
    client.force_login(person("stranger", role))

    assert client.get(reverse(f"aftersales:{name}")).status_code == 403


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_list_as_a_table_holds_what_the_list_holds_and_is_logged(floor, warehouse, shop):
    took(shop, "restock", title="=1+1")
    took(shop, "scrap", units=2, by_id=warehouse.user_id)

    answer = floor.post(reverse("aftersales:stock-export"), {"disposition": "restock"})

    head, row = rows_of(answer)
    assert head[:3] == ["Time", "Merchant", "SKU"]
    assert row == ["2026-03-10 12:00", shop.name, "DRESS-M", "'=1+1", "Restock", "1", "", "AS-26-000001", "Warehouse"]
    assert "attachment" in answer["Content-Disposition"]
    log = StockExport.objects.get()
    assert (log.by_id, log.rows, log.format, log.filters) == (
        warehouse.user_id,
        1,
        "csv",
        {"disposition": "restock"},
    )


def test_a_log_of_exports_is_never_changed(floor, shop):
    floor.post(reverse("aftersales:stock-export"), {"format": "xlsx"})

    for statement in ("UPDATE logistics_stockexport SET rows = 9", "DELETE FROM logistics_stockexport"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)


def test_a_table_is_taken_by_a_button_never_by_a_link(floor):
    assert floor.get(reverse("aftersales:stock-export")).status_code == 405


def test_more_rows_than_a_table_holds_are_refused_in_a_sentence(floor, shop, monkeypatch):
    monkeypatch.setattr(stock_pages, "MOST_ROWS", 1)
    took(shop, "restock")
    took(shop, "scrap")

    answer = floor.post(reverse("aftersales:stock-export"))

    assert answer.status_code == 422
    assert "A table holds at most 1 rows" in answer.content.decode()
    assert not StockExport.objects.exists()


def test_titles_are_shown_as_text(floor, shop):
    took(shop, "restock", title="<script>alert(1)</script>")

    for name in ("stock", "stock-shelf"):
        assert "<script>alert(1)" not in floor.get(reverse(f"aftersales:{name}")).content.decode()


def test_htmx_gets_the_rows_alone(floor, shop):
    answer = floor.get(reverse("aftersales:stock"), headers={"HX-Request": "true", "HX-Target": "rows"})

    assert "<html" not in answer.content.decode()
