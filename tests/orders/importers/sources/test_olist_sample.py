"""The public Olist sample and its copy that a spreadsheet damaged: imported over and over, nothing is spoilt."""

import re
import shutil
from decimal import Decimal

import pytest

from logistics.parcels import imported
from orders.importers import SOURCES, run
from orders.models import Order
from tests import counts
from tests.orders.importers.order_facts import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OLIST = SOURCES["olist"]
ORDER_ID = re.compile(r"[0-9a-f]{32}")  # the first of a line is its order's
BY_ORDER = ("orders", "order_items", "order_payments")


@pytest.fixture(scope="module")
def exports(shared, tmp_path_factory):
    """Where a folder of the samples lies: whole in `make long`, else with one order in eight."""

    def eighth(folder):
        smaller = tmp_path_factory.mktemp("olist") / folder
        shutil.copytree(shared / folder, smaller, copy_function=shutil.copyfile)
        smaller.chmod(0o755)
        for name in BY_ORDER:
            path = smaller / f"olist_{name}_dataset.csv"
            heading, *lines = path.read_text("utf-8-sig").splitlines(keepends=True)
            kept = [line for line in lines if ORDER_ID.search(line)[0][0] in "0f"]
            path.write_text(heading + "".join(kept), "utf-8")
        return smaller

    return counts.of(sample=eighth, long=lambda folder: shared / folder)


def numbers_in(folder):
    """The orders that an export tells of."""
    lines = (folder / "olist_orders_dataset.csv").read_text("utf-8-sig").splitlines()[1:]
    return {ORDER_ID.search(line)[0] for line in lines}


def test_the_olist_sample_is_imported_once_and_its_damaged_copy_spoils_nothing(exports, db):
    def taken(folder):
        return run.import_paths(OLIST, [folder], merchant=None, at=NOON, record=imported.record).as_dict()

    whole, spoilt = exports("olist"), exports("olist_excel_mangled")
    reported, known = numbers_in(whole), len(numbers_in(whole) & numbers_in(spoilt))

    first = taken(whole)
    before = list(Order.objects.order_by("id").values())
    second = taken(whole)
    damaged = taken(spoilt)
    third = taken(whole)

    assert {**first, "seconds": 0} == {
        "source": "olist", "read": len(reported), "created": len(reported), "updated": 0, "unchanged": 0, "rejected": 0,
        "seconds": 0,
    }  # fmt: skip
    assert (second["unchanged"], third["unchanged"]) == (len(reported), len(reported))
    assert (damaged["read"], damaged["rejected"]) == (len(numbers_in(spoilt)), 0)
    assert (damaged["created"], damaged["unchanged"]) == (damaged["read"] - known, known)
    assert known > counts.of(sample=20, long=383)
    assert list(Order.objects.filter(id__lte=before[-1]["id"]).order_by("id").values()) == before
    assert first["seconds"] < 30


def test_the_olist_sample_after_its_damaged_copy_wins(exports, db):
    whole, spoilt = exports("olist"), exports("olist_excel_mangled")
    known = len(numbers_in(whole) & numbers_in(spoilt))
    run.import_paths(OLIST, [spoilt], merchant=None, at=NOON, record=imported.record)

    found = run.import_paths(OLIST, [whole], merchant=None, at=NOON, record=imported.record).as_dict()

    one = Order.objects.get(external_number="f8303e6eff198d1749d04649a1eb2bb6")
    assert (found["created"], found["rejected"]) == (len(numbers_in(whole)) - known, 0)
    assert found["updated"] + found["unchanged"] == known
    assert one.paid_amount == Decimal("103.27")
