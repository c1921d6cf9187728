"""An order is stored whole or not at all; hostile texts, a lost database and two imports at once."""

import csv
import json
from dataclasses import replace
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection

from logistics.models import Parcel
from logistics.parcels import imported
from orders.importers import SOURCES, run
from orders.importers.facts import BuyerFacts, Rejection
from orders.importers.reading import cells
from orders.importers.storing import store
from orders.importers.storing.outcomes import Verdict
from orders.models import Buyer, Merchant, Order, OrderLine, Payment, Purchase
from tests.orders.importers.order_facts import NOON, PDD, facts, save, verdicts

pytestmark = pytest.mark.django_db


OLIST = SOURCES["olist"]


def test_an_order_that_the_database_refuses_is_refused_whole_and_the_others_are_stored(shop):
    Order.objects.create(
        number="A2", source="manual", external_number="A2", merchant=shop, currency="CNY", ordered_at=NOON,
        buyer=Buyer.objects.create(source="manual", external_id="bo"),
    )  # fmt: skip
    too_dear = replace(facts().lines[0], refunded_elsewhere=Decimal(0), quantity=-1)

    outcomes = save(
        facts("A1"), facts("A2"), facts("A3", lines=(too_dear,)), facts("A4", currency="LONG"), facts("A5"), shop=shop
    )

    assert verdicts(outcomes) == ["created", "rejected", "rejected", "rejected", "created"]
    assert "same number" in outcomes[1].rejection.reason
    assert set(Order.objects.filter(source="pdd").values_list("number", flat=True)) == {"A1", "A5"}
    assert OrderLine.objects.count() == Payment.objects.count() == 2


def test_parts_of_one_purchase_are_stored_together_or_not_at_all(shop):
    bad_line = replace(facts().lines[0], quantity=-1)
    tea = replace(facts(), source="olist", merchant_ref="tea", number="A1-1", purchase_number="A1", parcels=())
    cups = replace(tea, merchant_ref="cups", number="A1-2", lines=(bad_line,))

    refused = save([tea, cups], source=OLIST)
    stored = save([tea, replace(cups, lines=facts().lines)], source=OLIST)

    assert verdicts(refused) == [Verdict.REJECTED]
    assert verdicts(stored) == [Verdict.CREATED]
    assert Purchase.objects.get().orders.count() == 2
    assert set(Merchant.objects.values_list("code", flat=True)) == {"rain", "tea", "cups"}


def test_an_order_without_seller_moves_to_its_seller_once_named(db):
    bare = replace(facts(), source="olist", lines=(), parcels=(), goods_total=Decimal(100))
    save(bare, source=OLIST)
    stand_in = Order.objects.get()

    outcomes = save(replace(bare, merchant_ref="tea", lines=facts().lines, as_of=NOON), source=OLIST)
    again = save(bare, source=OLIST)

    order = Order.objects.get()
    assert stand_in.merchant.code == "olist"
    assert verdicts(outcomes + again) == [Verdict.UPDATED, Verdict.UNCHANGED]
    assert (order.pk, order.merchant.code, order.lines.count()) == (stand_in.pk, "tea", 1)


def test_an_order_known_as_another_shops_is_refused(shop):
    save(facts(), shop=shop)
    other = Merchant.objects.create(code="sun", name="Sun")

    (outcome,) = save(facts(as_of=NOON), shop=other)

    assert outcome.verdict == Verdict.REJECTED
    assert "another merchant" in outcome.rejection.reason
    assert Order.objects.get().merchant == shop


def test_shops_of_one_system_may_give_out_the_same_numbers(shop):
    other = Merchant.objects.create(code="sun", name="Sun")
    one = replace(facts("#1001"), source="shopify", number="1001", parcels=(), buyer=BuyerFacts(""))

    outcomes = save(one, shop=shop, source=SOURCES["shopify"]) + save(one, shop=other, source=SOURCES["shopify"])

    assert verdicts(outcomes) == [Verdict.CREATED, Verdict.CREATED]
    assert set(Order.objects.values_list("number", flat=True)) == {"rain-1001", "sun-1001"}
    assert Buyer.objects.count() == 2


@pytest.mark.parametrize(
    ("reported", "ours"), [("#D 10/01", "rain-D-10-01"), ("#../../x", "rain-..-..-x"), ("#1001", "rain-1001")]
)
def test_our_number_can_stand_in_an_address(shop, reported, ours):
    save(
        replace(facts(reported), source="shopify", number=reported.removeprefix("#")),
        shop=shop,
        source=SOURCES["shopify"],
    )

    assert Order.objects.get().number == ours
    assert Order.objects.get().external_number == reported


def test_naughty_strings_pass_through_an_import_unharmed(shop, shared, tmp_path):
    naughty = json.loads((shared / "fuzz" / "blns" / "blns.json").read_text("utf-8"))
    texts = ("Name", "Lineitem name", "Notes", "Shipping Name", "Email")
    plain = {
        "Financial Status": "paid", "Currency": "USD", "Subtotal": "5", "Shipping": "0", "Total": "5",
        "Created at": "2024-05-01 09:58:12 +0000", "Lineitem quantity": "1", "Lineitem price": "5",
    }  # fmt: skip
    path = tmp_path / "orders.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*plain, *texts])
        writer.writeheader()
        for number, text in enumerate(naughty):
            writer.writerow({**plain, **dict.fromkeys(texts, text), "Name": f"#{number}"})

    summary = run.import_paths(SOURCES["shopify"], [path], merchant=shop, at=NOON, record=imported.record)

    notes = dict(Order.objects.values_list("external_number", "buyer_note"))
    assert (summary.created, summary.rejected) == (len(naughty), 0)
    assert notes == {f"#{number}": cells.text(text) for number, text in enumerate(naughty)}


def test_a_dry_run_decides_and_leaves_no_trace(db):
    outcomes = save(replace(facts(), source="olist", merchant_ref="tea", parcels=()), source=OLIST, is_dry_run=True)

    assert verdicts(outcomes) == [Verdict.CREATED]
    assert Order.objects.count() == Merchant.objects.count() == Buyer.objects.count() == 0


@pytest.mark.parametrize(
    "text", ["a\tb\\N\nc\r\x0b'\"; DROP TABLE", "\\.", "\\", "\x1e", "a\x1fb", "a\x00b", "\U0001f375茶"]
)
def test_no_text_can_break_out_of_its_column(shop, text):
    from orders.importers.storing import rows

    (outcome,) = save(facts(merchant_note=text, buyer_note="next"), shop=shop)

    order = Order.objects.get()
    assert outcome.verdict == Verdict.CREATED
    assert order.merchant_note == "".join(character for character in text if character not in "\x00\x1e\x1f")
    assert order.buyer_note == "next"
    assert rows.texts(facts()).digest != rows.texts(facts(merchant_note="x")).digest


def test_a_waybill_that_two_orders_share_stays_with_the_first(shop):
    save(facts("A1"), facts("A2"), shop=shop)

    assert Parcel.objects.get().order.number == "A1"


def test_a_database_that_is_gone_is_no_fault_of_the_orders(shop, monkeypatch):
    from django.db import OperationalError

    def gone(*_args, **_options):
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(store, "_saved", gone)

    with pytest.raises(OperationalError):
        save(facts(), shop=shop)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("takes_turns", [True, False], ids=["in turns", "by the constraints alone"])
def test_two_imports_of_one_file_at_once_store_each_order_once(monkeypatch, takes_turns):
    if not takes_turns:
        monkeypatch.setattr(store, "_lock_source", lambda _source: None)
    shop = Merchant.objects.create(code="rain", name="Rain")
    orders = [facts(f"A{number}", parcels=()) for number in range(60)]
    together, found = Barrier(2), []

    def work():
        together.wait()
        try:
            for start in range(0, 60, 10):
                found.extend(verdicts(save(*orders[start : start + 10], shop=shop)))
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found) == ["created"] * 60 + ["unchanged"] * 60
    assert Order.objects.count() == OrderLine.objects.count() == 60


def test_rejected_rows_and_stored_orders_are_counted_together(shop, monkeypatch):
    class Reading:
        total = 3

        def __iter__(self):
            return iter([facts("A1"), Rejection("f.csv", 3, "A2", "no"), facts("A3", parcels=())])

    class Fake(type(PDD)):
        def read(self, paths):
            return Reading()

    seen = []
    summary = run.import_paths(
        Fake(),
        [],
        merchant=shop,
        at=NOON,
        record=imported.record,
        progress=lambda so_far: seen.append(so_far.read),
    )

    assert (summary.total, summary.read, summary.created, summary.rejected) == (3, 3, 2, 1)
    assert seen == [3]
