import csv
from datetime import datetime

import pytest
from openpyxl import Workbook

from orders.importers import SOURCES
from orders.importers.reading import table_rows, tabular
from orders.importers.reading.layouts import Layout, optional, required
from orders.importers.reading.refusal import ReadError

KIND = Layout(
    "orders", "Orders", (required("number", "订单号"), required("total", "金额(元)"), optional("note", "备注"))
)


def rows_of(path):
    return [(row.line, row.text("number"), row.text("total"), row.text("note")) for row in table_rows.of(opened(path))]


def opened(path):
    return tabular.open_table(path, [KIND], "Asia/Shanghai")


def written(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "file.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_the_encoding_is_found_by_itself(tmp_path, encoding):
    path = written(tmp_path, "订单号,金额(元),备注\r\n1,2.50,请尽快发货\r\n", encoding)

    assert rows_of(path) == [(2, "1", "2.50", "请尽快发货")]


@pytest.mark.parametrize("character", [",", ";", "\t"])
def test_the_delimiter_is_found_by_itself(tmp_path, character):
    path = written(tmp_path, f"订单号{character}金额(元){character}备注\n1{character}2.50{character}ok\n")

    assert rows_of(path) == [(2, "1", "2.50", "ok")]


def test_columns_are_found_by_name_wherever_they_stand_and_however_they_are_written(tmp_path):
    path = written(tmp_path, " 备注 ,other,金额（元）,订 单 号\nn,x,2.50,1\n")

    assert rows_of(path) == [(2, "1", "2.50", "n")]


def test_a_note_above_the_header_is_passed_over(tmp_path):
    path = written(tmp_path, "导出时间：2026-09-22\n\n订单号,金额(元),备注\n1,2.50,\n")

    assert rows_of(path) == [(4, "1", "2.50", "")]


def test_a_quoted_line_break_does_not_shift_the_line_numbers(tmp_path):
    path = written(tmp_path, '订单号,金额(元),备注\r\n1,2,"one\r\ntwo"\r\n\r\n2,3,x\r\n')

    assert [row[0] for row in rows_of(path)] == [2, 5]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(tmp_path, ending):
    path = written(tmp_path, ending.join(["订单号,金额(元)", "1,2", "2,3", ""]))

    assert [row[:2] for row in rows_of(path)] == [(2, "1"), (3, "2")]


def test_nul_bytes_are_dropped(tmp_path):
    path = written(tmp_path, "订单号,金额(元),备注\n1,2,a\x00b\n")

    assert rows_of(path) == [(2, "1", "2", "ab")]


def test_a_ragged_row_is_told_with_its_line_and_the_others_are_read(tmp_path):
    path = written(tmp_path, "订单号,金额(元),备注\n1,2,x\n2,3\n3,4,y,z\n4,5,w,\n")

    problems = {row.line: row.problem for row in table_rows.of(opened(path))}

    assert problems[2] == problems[5] == ""
    assert "has 2 cells, the header has 3" in problems[3]
    assert "has 4 cells" in problems[4]


def test_missing_columns_are_named_with_what_was_found(tmp_path):
    path = written(tmp_path, "订单号,Betrag\n1,2\n")

    with pytest.raises(ReadError, match=r"Missing columns: 金额\(元\)\. Found: 订单号, Betrag"):
        opened(path)


def test_a_column_that_stands_twice_is_refused(tmp_path):
    path = written(tmp_path, "订单号,金额(元),金额（元）\n1,2,3\n")

    with pytest.raises(ReadError, match="more than once"):
        opened(path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old or protected Excel file"),
        (b"PK\x03\x04 not a workbook", "no readable Excel file"),
        (b"\x81\xff\xff\x81\xfe", "neither UTF-8 nor UTF-16 nor GBK"),
        ('订单号,金额(元),备注\n1,2,"never closed\n'.encode() + b"x" * (1 << 21), "quotation mark may be left open"),
        ("订单号,金额(元)\n1,2\n".encode("utf-16") + b"\x00", "damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_plain_words(tmp_path, content, sentence):
    path = tmp_path / "file.csv"
    path.write_bytes(content)

    with pytest.raises(ReadError, match=sentence):
        rows_of(path)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ReadError, match="There is no file"):
        tabular.open_tables([tmp_path / "gone.csv"], [KIND], "UTC")


def test_a_folder_may_hold_other_files_but_a_named_file_must_fit(tmp_path):
    written(tmp_path, "订单号,金额(元)\n1,2\n")
    (tmp_path / "reviews.csv").write_text("stars\n5\n")

    tables = tabular.open_tables([tmp_path], [KIND], "UTC")

    assert [table.name for table in tables["orders"]] == ["file.csv"]
    with pytest.raises(ReadError, match="stars"):
        tabular.open_tables([tmp_path / "reviews.csv"], [KIND], "UTC")


def test_a_workbook_is_read_with_its_note_row_dates_and_numbers(tmp_path):
    book = Workbook()
    book.active.append(["Note: exported for the warehouse"])
    page = book.create_sheet("orders")
    page.append(["说明：仅供参考"])
    page.append(["订单号", "金额(元)", "备注"])
    page.append([123456789012, 28.900000000000002, datetime.fromisoformat("2026-09-22 00:54:10")])
    page.append([6.9e18, 5, None])
    path = tmp_path / "book.xlsx"
    book.save(path)

    rows = rows_of(path)

    assert rows[0] == (3, "123456789012", "28.9", "2026-09-22 00:54:10")
    assert rows[1][1] == "6.900000E+18"


@pytest.mark.parametrize("source", SOURCES)
def test_csv_spectrum_is_refused_by_name_of_column_and_never_breaks(shared, source):
    files = sorted((shared / "fuzz" / "csv-spectrum" / "csvs").glob("*.csv"))
    assert len(files) == 11

    for path in files:
        header = next(csv.reader(path.open(encoding="utf-8")))
        with pytest.raises(ReadError) as refusal:
            SOURCES[source].read([path])
        assert path.name in refusal.value.sentence
        assert header[0] in refusal.value.sentence


def test_csv_spectrum_is_read_as_its_authors_expect(shared):
    import json

    for path in sorted((shared / "fuzz" / "csv-spectrum" / "csvs").glob("*.csv")):
        expected = json.loads((shared / "fuzz" / "csv-spectrum" / "json" / f"{path.stem}.json").read_text("utf-8"))
        kind = Layout("any", "any", tuple(required(heading) for heading in expected[0]))

        rows = list(table_rows.of(tabular.open_table(path, [kind], "UTC")))

        assert [{key: row.raw(key) for key in one} for one, row in zip(expected, rows, strict=True)] == expected
