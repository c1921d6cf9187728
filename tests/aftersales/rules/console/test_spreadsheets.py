"""Tables for a spreadsheet: nothing in them is a formula, whatever somebody called their goods."""

import csv
import io

import pytest
from openpyxl import load_workbook

from aftersales.rules.console import spreadsheets

HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1+1",
    '=HYPERLINK("http://x","y")',
    "-2+3+cmd|' /C calc'!A0",
]


def cells(format, content):
    if format == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    return [list(row) for row in load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]


@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize("text", HOSTILE)
def test_a_formula_is_only_a_text(format, text):
    read = cells(format, spreadsheets.file_of(format, ["Item"], [[text]]))

    assert read[1][0].startswith("'")


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_what_is_no_formula_stays_as_it_is(format):
    read = cells(format, spreadsheets.file_of(format, ["商品", "件数"], [["连衣裙, “雾蓝”\n2", 7]]))

    assert read[0] == ["商品", "件数"]
    assert read[1] in (["连衣裙, “雾蓝”\n2", "7"], ["连衣裙, “雾蓝”\n2", 7])


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_signs_that_no_file_may_hold_are_left_out(format):
    assert cells(format, spreadsheets.file_of(format, ["Item"], [["a\x00b\x0bc"]]))[1] == ["abc"]


def test_excel_reads_the_csv_as_chinese():
    assert spreadsheets.file_of("csv", ["商品"], []).startswith(b"\xef\xbb\xbf")
