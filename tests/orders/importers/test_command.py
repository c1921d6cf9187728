import csv
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from orders.importers import rejects
from orders.importers.facts import Rejection
from orders.importers.storing import store
from orders.models import Merchant, Order

pytestmark = pytest.mark.django_db


def call(*arguments):
    out = StringIO()
    call_command("import_orders", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def douyin(shared):
    return shared / "platform_exports" / "samples" / "douyin_orders_4rows.csv"


def test_json_ends_with_one_line_of_counts(shop, douyin):
    lines = call("douyin", douyin, "--merchant", "rain", "--json").splitlines()

    counts = json.loads(lines[-1])
    assert list(counts) == ["source", "read", "created", "updated", "unchanged", "rejected", "seconds"]
    assert {**counts, "seconds": 0} == {
        "source": "douyin", "read": 3, "created": 3, "updated": 0, "unchanged": 0, "rejected": 0, "seconds": 0,
    }  # fmt: skip
    assert Order.objects.filter(merchant=shop).count() == 3


def test_the_second_run_finds_nothing_new(shop, douyin):
    call("douyin", douyin, "--merchant", "rain")

    assert "0 created, 0 updated, 3 unchanged, 0 rejected" in call("douyin", douyin, "--merchant", "rain")


def test_a_dry_run_says_what_would_happen(shop, douyin):
    said = call("douyin", douyin, "--merchant", "rain", "--dry-run")

    assert "Nothing was changed" in said
    assert "3 created" in said
    assert not Order.objects.exists()


def test_the_shop_must_be_named_and_known(shop, douyin):
    with pytest.raises(CommandError, match=r"--merchant CODE\. Known are: rain"):
        call("douyin", douyin)
    with pytest.raises(CommandError, match="No merchant has the code “rian”"):
        call("douyin", douyin, "--merchant", "rian")

    call("douyin", douyin, "--merchant", "sun", "--new-merchant")

    assert Merchant.objects.get(code="sun").orders.count() == 3


@pytest.mark.parametrize("code", ["a b", "ü", "x" * 80, ""])
def test_a_new_merchant_needs_a_code_that_fits(douyin, db, code):
    with pytest.raises(CommandError):
        call("douyin", douyin, "--merchant", code, "--new-merchant")


def test_a_wrong_source_file_or_folder_is_said_plainly(shop, shared, tmp_path):
    with pytest.raises(CommandError, match="invalid choice") as usage:
        call("ebay", tmp_path)
    with pytest.raises(CommandError, match="There is no file"):
        call("olist", tmp_path / "gone")
    with pytest.raises(CommandError, match="olist_orders_dataset"):
        call("olist", tmp_path)
    with pytest.raises(CommandError, match="Missing columns") as wrong:
        call("pdd", shared / "platform_exports" / "headers" / "jd_orders.csv", "--merchant", "rain")
    assert (usage.value.returncode, wrong.value.returncode) == (1, 1)


def test_rejected_rows_are_listed_and_written_so_that_nothing_runs(shop, douyin, tmp_path):
    bad, file = tmp_path / "bad.csv", tmp_path / "rejects.csv"
    sample = douyin.read_text("utf-8-sig").replace("已发货", "=cmd|' /C calc'!A0")
    bad.write_text(sample, encoding="utf-8")

    said = call("douyin", bad, "--merchant", "rain", "--rejects", file)

    with file.open(encoding="utf-8-sig", newline="") as opened:
        header, row = csv.reader(opened)
    reported = dict(zip(header, row, strict=True))
    assert "2 created, 0 updated, 0 unchanged, 1 rejected" in said
    assert "bad.csv:3 6900000000000000002 The order status" in said
    assert (reported["File"], reported["Line"], reported["Order"]) == ("bad.csv", "3", "6900000000000000002")
    assert reported["订单状态"] == "'=cmd|' /C calc'!A0"
    assert reported["主订单编号"] == "'\t6900000000000000002"
    assert not any(cell.startswith(("=", "+", "@", "\t")) for cell in row)


def test_the_spreadsheet_payloads_are_all_disarmed(shared):
    payloads = (shared / "fuzz" / "csv-injection" / "csv-payload.txt").read_text("utf-8").splitlines()
    out = StringIO(newline="")

    rejects.write([Rejection("f.csv", 1, text, text, {"cell": text}) for text in payloads if text], out)

    for row in list(csv.reader(StringIO(out.getvalue())))[1:]:
        assert not any(cell.lstrip(" \t").startswith(("=", "+", "-", "@")) for cell in row)


@pytest.mark.parametrize("cell", ["-5.00", "+1", "12", "ok", "", "a=b"])
def test_numbers_and_harmless_texts_stay_as_they_are(cell):
    assert rejects.harmless(cell) == cell


def test_only_the_first_twenty_are_shown(shop, douyin, tmp_path):
    header, *_ = douyin.read_text("utf-8-sig").splitlines()
    bad = tmp_path / "bad.csv"
    bad.write_text("\n".join([header, *[f"{number},short" for number in range(1, 31)]]), encoding="utf-8")

    said = call("douyin", bad, "--merchant", "rain").splitlines()

    assert len(said) == 22
    assert "10 more" in said[-1]


def test_a_database_that_fails_on_the_way_is_said_with_what_to_do(shop, douyin, monkeypatch):
    def gone(*_args, **_options):
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(store, "save", gone)

    with pytest.raises(CommandError, match="import again for the rest"):
        call("douyin", douyin, "--merchant", "rain")
