"""Facts are stored once, brought up to date by newer ones, and never undercut what cases hold."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from logistics.models import Parcel
from orders.importers.facts import BuyerFacts, LineFacts, ParcelFacts, PaymentFacts, ReceiverFacts
from orders.importers.storing.outcomes import Verdict
from orders.models import Order, OrderLine, Payment
from tests.orders.importers.order_facts import NOON, facts, save, verdicts

pytestmark = pytest.mark.django_db


def test_an_order_is_stored_with_all_that_is_reported(shop):
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


def test_an_export_that_reports_less_erases_nothing(shop):
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
    Order.objects.update(status="signed", signed_at=NOON, signed_told_by="scan")

    save(facts(as_of=NOON, merchant_note="x"), shop=shop)

    assert (Order.objects.get().status, Order.objects.get().signed_at) == ("signed", NOON)


@pytest.mark.parametrize(("cancelled_at", "told"), [(NOON, "cancelled"), (None, "paid")])
def test_what_we_cancelled_ourselves_is_not_paid_again_by_a_later_export(cancelled_at, told, shop):
    unshipped = {"status": "paid", "shipped_at": None, "parcels": ()}
    save(facts(**unshipped), shop=shop)
    Order.objects.update(status="cancelled", cancelled_at=cancelled_at)

    save(facts(**unshipped, as_of=NOON + timedelta(hours=1), merchant_note="later"), shop=shop)

    assert Order.objects.get().status == told


def test_a_time_to_come_does_not_keep_later_exports_out(shop):
    save(facts(as_of=NOON + timedelta(days=9000)), shop=shop)

    outcomes = save(facts(status="signed", as_of=NOON + timedelta(hours=1)), shop=shop, at=NOON + timedelta(hours=2))

    assert verdicts(outcomes) == [Verdict.UPDATED]


def test_units_and_money_that_cases_hold_are_never_touched_nor_undercut(shop):
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


def test_a_line_no_longer_reported_is_worth_nothing_and_a_new_one_is_added(shop):
    save(facts(), shop=shop)
    saucer = LineFacts("2", "SAUCER", "Saucer", 1, Decimal(100), Decimal(100))

    save(facts(as_of=NOON, lines=(saucer,)), shop=shop)

    assert list(OrderLine.objects.order_by("position").values_list("sku", "position", "quantity", "paid_amount")) == [
        ("CUP", 1, 0, 0),
        ("SAUCER", 2, 1, 100),
    ]
