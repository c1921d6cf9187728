"""What holds for the export of every platform."""

import csv
from dataclasses import replace

import pytest
from openpyxl import Workbook

from orders.importers import SOURCES
from tests.orders.importers.conftest import HEADERS, read
from tests.orders.importers.sources.platform_rows import jd_item, pdd_order


@pytest.mark.parametrize("kind", ["pdd", "douyin", "jd", "shopify"])
def test_an_export_without_orders_is_no_error(export, kind):
    assert read(SOURCES[kind], export(kind)) == ([], [])


@pytest.mark.parametrize("kind", ["pdd", "jd"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_an_export_saved_again_in_another_encoding_is_the_same(export, kind, encoding):
    row = {"pdd": pdd_order, "jd": jd_item}[kind]()

    original, _ = read(SOURCES[kind], export(kind, row))
    resaved, _ = read(SOURCES[kind], export(kind, row, encoding=encoding))

    assert resaved == original


@pytest.mark.parametrize("kind", ["pdd", "jd"])
def test_an_export_saved_as_a_workbook_under_a_note_is_the_same(export, tmp_path, kind):
    row = {"pdd": pdd_order, "jd": jd_item}[kind]()
    original = export(kind, row)
    book = Workbook()
    book.active.append(["导出说明：仅供内部使用"])
    with original.open(encoding=HEADERS[kind][1], newline="") as file:
        for cells in csv.reader(file):
            book.active.append(cells)
    resaved = tmp_path / "resaved.xlsx"
    book.save(resaved)

    (one,), _ = read(SOURCES[kind], original)
    (same,), rejections = read(SOURCES[kind], resaved)

    assert rejections == []
    assert same == replace(one, file="resaved.xlsx", line=3)


def test_every_source_names_what_it_needs():
    for name, source in SOURCES.items():
        assert source.name == name
        assert str(source.title)
        assert any(column.is_required for layout in source.columns for column in layout.columns)
