import csv
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection

from logistics.models import Parcel
from orders.importers import SOURCES, cells, run, store
from orders.importers.base import (
    BuyerFacts,
    LineFacts,
    OrderFacts,
    ParcelFacts,
    PaymentFacts,
    ReceiverFacts,
    Rejection,
)
from orders.importers.store import Verdict
from orders.models import Buyer, Merchant, Order, OrderLine, Payment, Purchase

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 10, 1, 4, 0, tzinfo=UTC)
PDD = SOURCES["pdd"]
OLIST = SOURCES["olist"]


@pytest.fixture
def shop(db):
    return Merchant.objects.create(code="rain", name="Rain")


def facts(number="A1", **changes):
    """A shipped order: 2 cups for 100.00 and freight 10.00, paid by wallet."""
    base = OrderFacts(
        source="pdd",
        external_number=number,
        number=number,
        merchant_ref="",
        merchant_name="",
        buyer=BuyerFacts("ann", "Ann", "13812346620"),
        currency="CNY",
        status="shipped",
        ordered_at=NOON - timedelta(days=3),
        as_of=NOON - timedelta(days=2),
        file="orders.csv",
        line=2,
        paid_at=NOON - timedelta(days=3),
        shipped_at=NOON - timedelta(days=2),
        goods_total=Decimal("100.00"),
        freight=Decimal("10.00"),
        paid_total=Decimal("110.00"),
        receiver=ReceiverFacts("Ann", "13812346620", "浙江省 杭州市", "310000", "文三路 1 号"),
        lines=(LineFacts("1", "CUP", "Cup", 2, Decimal("50.00"), Decimal("100.00")),),
        payments=(PaymentFacts(1, "wallet", Decimal("110.00"), paid_at=NOON - timedelta(days=3)),),
        parcels=(ParcelFacts("YTO", "YT1", NOON - timedelta(days=2)),),
    )
    return replace(base, **changes)


def save(*orders, shop=None, source=PDD, at=NOON, **options):
    return store.save(
        [[one] if isinstance(one, OrderFacts) else one for one in orders], source, shop=shop, at=at, **options
    )


def verdicts(outcomes):
    return [outcome.verdict for outcome in outcomes]


def test_an_order_is_stored_with_all_that_is_told(shop):
    (outcome,) = save(facts(), shop=shop)

    order = Order.objects.get()
    line, payment, parcel = order.lines.get(), order.payments.get(), Parcel.objects.get()
    assert outcome.verdict == Verdict.CREATED
    assert (order.number, order.merchant, order.status, order.phone_tail) == ("A1", shop, "shipped", "6620")
    assert (order.goods_amount, order.freight_amount, order.paid_amount) == (100, 10, 110)
    assert order.facts_as_of == NOON - timedelta(days=2)
    assert (line.sku, line.quantity, line.paid_amount, line.units_left, line.amount_left) == ("CUP", 2, 100, 2, 100)
    assert (payment.method, payment.captured, payment.left, payment.gateway) == ("wallet", 110, 110, "sandbox")
    assert (parcel.waybill, parcel.direction, parcel.status) == ("YT1", "outbound", "in_transit")
    assert (order.buyer.external_id, order.buyer.phone_tail) == ("ann", "6620")


def test_the_same_facts_again_change_nothing(shop):
    save(facts(), shop=shop)
    before = (Order.objects.values().get(), OrderLine.objects.values().get(), Payment.objects.values().get())

    outcomes = save(facts(line=99, file="again.csv"), shop=shop)

    assert verdicts(outcomes) == [Verdict.UNCHANGED]
    assert (Order.objects.values().get(), OrderLine.objects.values().get(), Payment.objects.values().get()) == before


def test_newer_facts_bring_the_order_up_to_date_on_the_same_rows(shop):
    save(facts(), shop=shop)
    line = OrderLine.objects.get()
    signed = facts(status="signed", signed_at=NOON, as_of=NOON, parcels=(ParcelFacts("YTO", "YT1", None, NOON),))

    outcomes = save(signed, shop=shop)

    order = Order.objects.get()
    assert verdicts(outcomes) == [Verdict.UPDATED]
    assert (order.status, order.signed_at, order.facts_as_of) == ("signed", NOON, NOON)
    assert OrderLine.objects.get() == line
    assert (Parcel.objects.get().status, Parcel.objects.get().shipped_at) == ("signed", NOON - timedelta(days=2))


def test_an_older_export_never_overwrites_a_newer_one(shop):
    newer = facts(status="signed", signed_at=NOON, as_of=NOON)
    save(newer, shop=shop)
    before = Order.objects.values().get()

    assert verdicts(save(facts(), shop=shop)) == [Verdict.UNCHANGED]
    assert verdicts(save(facts(status="paid", as_of=NOON), shop=shop)) == [Verdict.UNCHANGED]
    assert Order.objects.values().get() == before


def test_an_equally_new_export_corrects_unless_it_lost_its_seconds(shop):
    save(facts(), shop=shop)

    coarse = save(facts(merchant_note="coarse", is_coarse=True), shop=shop)
    exact = save(facts(merchant_note="exact"), shop=shop)

    assert verdicts(coarse + exact) == [Verdict.UNCHANGED, Verdict.UPDATED]
    assert Order.objects.get().merchant_note == "exact"


def test_a_newer_coarse_copy_keeps_the_seconds_we_know(shop):
    precise = NOON - timedelta(days=3) + timedelta(seconds=42)
    save(facts(ordered_at=precise), shop=shop)

    save(facts(ordered_at=precise.replace(second=0), is_coarse=True, as_of=NOON, signed_at=NOON), shop=shop)

    assert Order.objects.get().ordered_at == precise
    assert Order.objects.get().signed_at == NOON


def test_an_export_that_tells_less_erases_nothing(shop):
    save(facts(), shop=shop)

    save(
        facts(receiver=ReceiverFacts(), buyer=BuyerFacts("ann"), shipped_at=None, as_of=NOON, completed_at=NOON),
        shop=shop,
    )

    order = Order.objects.get()
    assert (order.receiver_name, order.phone_tail, order.receiver_address) == ("Ann", "6620", "文三路 1 号")
    assert order.shipped_at == NOON - timedelta(days=2)
    assert order.buyer.name == "Ann"


def test_a_signature_that_we_learnt_ourselves_is_not_taken_back(shop):
    save(facts(), shop=shop)
    Order.objects.update(status="signed", signed_at=NOON)

    save(facts(as_of=NOON, merchant_note="x"), shop=shop)

    assert (Order.objects.get().status, Order.objects.get().signed_at) == ("signed", NOON)


def test_a_time_to_come_does_not_keep_later_exports_out(shop):
    save(facts(as_of=NOON + timedelta(days=9000)), shop=shop)

    outcomes = save(facts(status="signed", as_of=NOON + timedelta(hours=1)), shop=shop, at=NOON + timedelta(hours=2))

    assert verdicts(outcomes) == [Verdict.UPDATED]


def test_what_cases_hold_is_never_touched_nor_undercut(shop):
    save(facts(), shop=shop)
    OrderLine.objects.update(units_reserved=1, amount_reserved=50, units_settled=1, amount_settled=50)
    Payment.objects.update(reserved=50, settled=50)
    Order.objects.update(freight_reserved=10)
    cheaper = replace(facts().lines[0], quantity=1, paid=Decimal("50.00"))

    refused = save(
        facts(as_of=NOON, lines=(cheaper,), goods_total=Decimal(50)),
        facts("A2", parcels=(ParcelFacts("YTO", "YT2"),)),
        shop=shop,
    )
    allowed = save(facts(as_of=NOON, merchant_note="seen"), shop=shop)

    line, payment = OrderLine.objects.get(order__number="A1"), Payment.objects.get(order__number="A1")
    assert verdicts(refused) == [Verdict.REJECTED, Verdict.CREATED]
    assert "open cases hold" in refused[0].rejection.reason
    assert (refused[0].rejection.file, refused[0].rejection.line) == ("orders.csv", 2)
    assert verdicts(allowed) == [Verdict.UPDATED]
    assert (line.quantity, line.units_reserved, line.amount_reserved, line.amount_settled) == (2, 1, 50, 50)
    assert (payment.captured, payment.reserved, payment.settled) == (110, 50, 50)
    assert Order.objects.get(number="A1").freight_reserved == 10


@pytest.mark.parametrize(
    "change",
    [
        {"freight": Decimal("5.00")},
        {"payments": ()},
        {"payments": (PaymentFacts(1, "wallet", Decimal("20.00")),)},
        {"lines": ()},
        {"currency": "USD"},
    ],
)
def test_freight_payments_and_lines_in_use_cannot_shrink(shop, change):
    save(facts(), shop=shop)
    OrderLine.objects.update(units_settled=1, amount_settled=50)
    Payment.objects.update(settled=60)
    Order.objects.update(freight_settled=10)

    (outcome,) = save(facts(as_of=NOON, **change), shop=shop)

    assert outcome.verdict == Verdict.REJECTED
    assert Order.objects.get().facts_as_of == NOON - timedelta(days=2)


def test_a_line_no_longer_told_is_worth_nothing_and_a_new_one_is_added(shop):
    save(facts(), shop=shop)
    saucer = LineFacts("2", "SAUCER", "Saucer", 1, Decimal(100), Decimal(100))

    save(facts(as_of=NOON, lines=(saucer,)), shop=shop)

    assert list(OrderLine.objects.order_by("position").values_list("sku", "position", "quantity", "paid_amount")) == [
        ("CUP", 1, 0, 0),
        ("SAUCER", 2, 1, 100),
    ]


def test_money_the_source_gave_back_counts_as_given_back_elsewhere(shop):
    line = replace(facts().lines[0], refunded_elsewhere=Decimal("100.00"), units_refunded=2)

    save(facts(lines=(line,), freight_refunded=Decimal("10.00")), shop=shop)

    order = Order.objects.get()
    assert (order.lines.get().units_left, order.lines.get().amount_left, order.freight_left) == (0, 0, 0)
    assert order.payments.get().left == 0


def test_money_given_back_for_no_line_is_shared_and_grows_with_later_exports(shop):
    save(facts(refunded_elsewhere=Decimal("30.00")), shop=shop)
    first = (OrderLine.objects.get().amount_elsewhere, Payment.objects.get().elsewhere)

    save(facts(refunded_elsewhere=Decimal("105.00"), as_of=NOON), shop=shop)

    assert first == (30, 30)
    assert (OrderLine.objects.get().amount_elsewhere, Order.objects.get().freight_elsewhere) == (100, 5)
    assert Payment.objects.get().elsewhere == 105


def test_a_refund_of_ours_that_the_source_reports_is_not_counted_twice(shop):
    save(facts(), shop=shop)
    OrderLine.objects.update(units_settled=1, amount_settled=50)
    Payment.objects.update(settled=50)
    line = replace(facts().lines[0], refunded_elsewhere=Decimal("50.00"), units_refunded=1)

    (outcome,) = save(facts(as_of=NOON, lines=(line,)), shop=shop)

    assert outcome.verdict == Verdict.UPDATED
    assert (OrderLine.objects.get().amount_elsewhere, OrderLine.objects.get().units_elsewhere) == (0, 0)
    assert Payment.objects.get().elsewhere == 0


def test_a_refund_elsewhere_of_what_an_open_case_holds_is_for_people(shop):
    save(facts(), shop=shop)
    OrderLine.objects.update(units_reserved=2, amount_reserved=100)
    Payment.objects.update(reserved=100)
    line = replace(facts().lines[0], refunded_elsewhere=Decimal("100.00"), units_refunded=2)

    (outcome,) = save(facts(as_of=NOON, lines=(line,)), shop=shop)

    assert outcome.verdict == Verdict.REJECTED
    assert OrderLine.objects.get().amount_elsewhere == 0


def test_what_the_database_refuses_is_refused_whole_and_the_others_are_stored(shop):
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


def test_an_order_without_seller_moves_to_its_seller_once_told(db):
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
    ("told", "ours"), [("#D 10/01", "rain-D-10-01"), ("#../../x", "rain-..-..-x"), ("#1001", "rain-1001")]
)
def test_our_number_can_stand_in_an_address(shop, told, ours):
    save(replace(facts(told), source="shopify", number=told.removeprefix("#")), shop=shop, source=SOURCES["shopify"])

    assert Order.objects.get().number == ours
    assert Order.objects.get().external_number == told


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

    summary = run.import_paths(SOURCES["shopify"], [path], merchant=shop, at=NOON)

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
    from orders.importers import rows

    (outcome,) = save(facts(merchant_note=text, buyer_note="next"), shop=shop)

    order = Order.objects.get()
    assert outcome.verdict == Verdict.CREATED
    assert order.merchant_note == "".join(mark for mark in text if mark not in "\x00\x1e\x1f")
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
        monkeypatch.setattr(store, "_take_turns", lambda _source: None)
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


@pytest.mark.slow
def test_the_olist_sample_is_imported_once_and_its_damaged_copy_spoils_nothing(shared, db):
    def imported(folder):
        return run.import_paths(OLIST, [shared / folder], merchant=None, at=NOON).as_dict()

    first = imported("olist")
    before = list(Order.objects.order_by("id").values())
    second = imported("olist")
    damaged = imported("olist_excel_mangled")
    third = imported("olist")

    assert {**first, "seconds": 0} == {
        "source": "olist", "read": 8135, "created": 8135, "updated": 0, "unchanged": 0, "rejected": 0, "seconds": 0,
    }  # fmt: skip
    assert (second["unchanged"], third["unchanged"]) == (8135, 8135)
    assert (damaged["read"], damaged["created"], damaged["unchanged"], damaged["rejected"]) == (5000, 4616, 384, 0)
    assert list(Order.objects.filter(id__lte=before[-1]["id"]).order_by("id").values()) == before
    assert first["seconds"] < 30


@pytest.mark.slow
def test_the_olist_sample_after_its_damaged_copy_wins(shared, db):
    run.import_paths(OLIST, [shared / "olist_excel_mangled"], merchant=None, at=NOON)

    counts = run.import_paths(OLIST, [shared / "olist"], merchant=None, at=NOON).as_dict()

    one = Order.objects.get(external_number="f8303e6eff198d1749d04649a1eb2bb6")
    assert (counts["created"], counts["rejected"]) == (7751, 0)
    assert counts["updated"] + counts["unchanged"] == 384
    assert one.paid_amount == Decimal("103.27")


def test_rejected_rows_and_stored_orders_are_counted_together(shop, monkeypatch):
    class Reading:
        total = 3

        def __iter__(self):
            return iter([facts("A1"), Rejection("f.csv", 3, "A2", "no"), facts("A3", parcels=())])

    class Fake(type(PDD)):
        def read(self, paths):
            return Reading()

    seen = []
    summary = run.import_paths(Fake(), [], merchant=shop, at=NOON, progress=lambda so_far: seen.append(so_far.read))

    assert (summary.total, summary.read, summary.created, summary.rejected) == (3, 3, 2, 1)
    assert seen == [3]
