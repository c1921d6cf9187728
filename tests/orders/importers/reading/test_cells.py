from datetime import UTC, datetime
from decimal import Decimal

import pytest

from orders.importers.reading import cells
from orders.importers.reading.cells import CellError


@pytest.mark.parametrize(
    ("cell", "plain"),
    [
        ("\t6900000000000000001", "6900000000000000001"),
        ("'01234", "01234"),
        ("'+1 555 0100", "+1 555 0100"),
        ('="0123"', "0123"),
        ("=0123", "0123"),
        ("-", ""),
        ("--", ""),
        (" \ufeff袋 ", "袋"),
        ("a\x00b", "ab"),
        ("a\u202eb", "ab"),
        ("'t Hooft", "'t Hooft"),
        ("a\nb", "a\nb"),
        ("-5", "-5"),
    ],
)
def test_a_cell_is_cleaned_of_what_exports_and_spreadsheets_add(cell, plain):
    assert cells.text(cell) == plain


@pytest.mark.parametrize("cell", ["6.9E+18", "6.9e18", "\t6,9E+18", '="6.9E+18"'])
def test_a_number_that_a_spreadsheet_rounded_is_refused_in_plain_words(cell):
    with pytest.raises(CellError, match="lost its last digits"):
        cells.number_text(cell)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("28.90", "28.90"),
        ("", "0"),
        ("-", "0"),
        ("¥1,234.50", "1234.50"),
        ("１２．５０", "12.50"),
        ("28,90", "28.90"),
        ("R$ 9.90", "9.90"),
        ("12元", "12"),
        ("24", "24.00"),
        ("24.000", "24.00"),
    ],
)
def test_amounts_are_read_as_written_in_several_places(cell, amount):
    assert cells.amount(cell, "CNY") == Decimal(amount)


@pytest.mark.parametrize(
    "cell", ["-1", "0.001", "1e9", "NaN", "Infinity", "999999999999", "abc", "1.2.3", "1²", "=1+1"]
)
def test_a_cell_that_is_no_amount_is_refused(cell):
    with pytest.raises(CellError):
        cells.amount(cell, "CNY")


@pytest.mark.parametrize("cell", ["0", "-1", "1.5", "", "1000001", "two"])
def test_a_cell_that_is_no_number_of_units_is_refused(cell):
    with pytest.raises(CellError):
        cells.count(cell)


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-09-22 00:54:10", datetime(2026, 9, 21, 16, 54, 10, tzinfo=UTC)),
        ("2026/9/10 8:00", datetime(2026, 9, 10, 0, 0, tzinfo=UTC)),
        ("2026年9月10日 8:00", datetime(2026, 9, 10, 0, 0, tzinfo=UTC)),
        ("2026-09-10", datetime(2026, 9, 9, 16, 0, tzinfo=UTC)),
        ("２０２６-09-10 08:00:00", datetime(2026, 9, 10, 0, 0, tzinfo=UTC)),
        ("2024-05-03 08:00:00 -0400", datetime(2024, 5, 3, 12, 0, tzinfo=UTC)),
        ("2024-05-01T10:00:00Z", datetime(2024, 5, 1, 10, 0, tzinfo=UTC)),
        ("2024-05-01T10:00:00.123+08:00", datetime(2024, 5, 1, 2, 0, tzinfo=UTC)),
    ],
)
def test_times_are_read_in_the_shapes_they_come_in(cell, moment):
    assert cells.moment(cell, "Asia/Shanghai") == moment


def test_a_month_first_date_is_read_only_where_it_is_known_to_be_one():
    assert cells.moment("10/2/2017 10:56", "America/Sao_Paulo", month_first=True) == datetime(
        2017, 10, 2, 13, 56, tzinfo=UTC
    )
    with pytest.raises(CellError, match="no date and time"):
        cells.moment("10/2/2017 10:56", "Asia/Shanghai")


@pytest.mark.parametrize(
    "cell", ["2026-13-01 00:00:00", "2026-02-30", "46286.5", "yesterday", "1899-12-31", "2026-09-22 25:00"]
)
def test_a_cell_that_is_no_time_is_refused(cell):
    with pytest.raises(CellError):
        cells.moment(cell, "Asia/Shanghai")


@pytest.mark.parametrize("cell", ["", "-", "0000-00-00 00:00:00", "1970-01-01 08:00:00"])
def test_an_empty_time_is_none(cell):
    assert cells.moment(cell, "Asia/Shanghai") is None
