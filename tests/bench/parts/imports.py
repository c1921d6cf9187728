"""The idempotent import beside COPY to a stage and beside bulk_create, from the same facts in memory."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from statistics import median

import psycopg
from django.db import connection, transaction

from logistics.parcels import imported
from orders.importers import SOURCES, run
from orders.importers.facts import BuyerFacts, LineFacts, OrderFacts, PaymentFacts, ReceiverFacts
from orders.importers.storing import store
from orders.importers.storing.outcomes import Terms
from orders.models import Buyer, Merchant, Order, OrderLine, Payment
from tests.bench import places, timing
from tests.bench.report import Figure, at_least

AT = datetime(2026, 3, 1, tzinfo=UTC)
SOURCE = SOURCES["shopify"]
OLIST = places.BASE.parent / "shared" / "data" / "olist"


def measure(rounds: int, count: int) -> Iterator[Figure]:
    """Orders a second: stored, stored through a stage, made by bulk_create; and Olist's real files."""
    shop = Merchant.objects.get(code="bench-1")
    serial = iter(range(1_000_000))
    sides: dict[str, Callable[[], float]] = {
        "import": lambda: _rate(_imported, count, shop, next(serial)),
        "stage": lambda: _rate(_staged, count, shop, next(serial)),
        "bulk": lambda: _rate(_bulk_created, count, shop, next(serial)),
    }
    found = timing.alternate(rounds, sides)
    rate = median(found["import"])
    yield at_least(
        "import ÷ COPY to staging",
        rate,
        "orders/s",
        0.4,
        median(found["stage"]),
        timing.ratio(found["import"], found["stage"]),
    )
    yield at_least(
        "import ÷ bulk_create",
        rate,
        "orders/s",
        1.5,
        median(found["bulk"]),
        timing.ratio(found["import"], found["bulk"]),
    )
    yield from _olist()
    yield Figure("import: peak memory", timing.peak_mb(), "MB")


def facts(count: int, serial: int) -> list[OrderFacts]:
    """Orders of one line and one payment, as a source would tell them."""
    start = f"{serial}-{time.time_ns()}"
    return [_facts(f"{start}-{number}", number) for number in range(count)]


def _facts(number: str, index: int) -> OrderFacts:
    paid = Decimal(50 + index % 90)
    at = AT - timedelta(minutes=index)
    return OrderFacts(
        source=SOURCE.name, external_number=number, number=number, merchant_ref="", merchant_name="",
        buyer=BuyerFacts(number, "Buyer", "13812346620", "buyer@example.com"),
        receiver=ReceiverFacts("Buyer", "13812346620", "Shanghai", "200040", f"Nanjing Road {index}"),
        currency="CNY", file="bench.csv", line=index + 2, status="paid", ordered_at=at, as_of=at, paid_at=at, goods_total=paid, paid_total=paid,
        lines=(LineFacts(f"{number}-1", f"SKU-{index % 900}", "Dress, mist blue", 1, paid, paid),),
        payments=(PaymentFacts(1, "wallet", paid, paid_at=at, reference=number),),
    )  # fmt: skip


def _rate(
    store_all: Callable[[Sequence[OrderFacts], Merchant], None], count: int, shop: Merchant, serial: int
) -> float:
    reported = facts(count, serial)
    taken = timing.seconds(lambda: store_all(reported, shop))
    stored = Order.objects.filter(external_number__in=[one.external_number for one in reported]).count()
    if stored != count:
        raise RuntimeError(f"{stored} of {count} orders were stored")
    return count / taken


def _batches(reported: Sequence[OrderFacts]) -> Iterator[Sequence[OrderFacts]]:
    return (reported[start : start + run.BATCH] for start in range(0, len(reported), run.BATCH))


def _imported(reported: Sequence[OrderFacts], shop: Merchant) -> None:
    for batch in _batches(reported):
        store.save([[one] for one in batch], Terms(SOURCE, shop, AT, imported.record))


def _bulk_created(reported: Sequence[OrderFacts], shop: Merchant) -> None:
    for batch in _batches(reported):
        with transaction.atomic():
            buyers = Buyer.objects.bulk_create(
                Buyer(source=one.source, external_id=one.buyer.external_id, name=one.buyer.name, phone=one.buyer.phone,
                      phone_tail="6620", email=one.buyer.email) for one in batch
            )  # fmt: skip
            made = Order.objects.bulk_create(
                Order(number=one.number, source=one.source, external_number=one.external_number, merchant=shop, buyer=buyer,
                      currency=one.currency, status=one.status, goods_amount=one.goods_total, paid_amount=one.paid_total,
                      ordered_at=one.ordered_at, paid_at=one.paid_at, receiver_name=one.receiver.name,
                      receiver_phone=one.receiver.phone, phone_tail="6620", receiver_region=one.receiver.region,
                      receiver_postcode=one.receiver.postcode, receiver_address=one.receiver.address)
                for one, buyer in zip(batch, buyers, strict=True)
            )  # fmt: skip
            OrderLine.objects.bulk_create(
                OrderLine(order=order, position=1, external_id=line.external_id, sku=line.sku, title=line.title,
                          quantity=line.quantity, unit_price=line.unit_price, paid_amount=line.paid)
                for order, one in zip(made, batch, strict=True) for line in one.lines
            )  # fmt: skip
            Payment.objects.bulk_create(
                Payment(order=order, sequence=1, method=each.method, currency=one.currency, captured=each.captured,
                        reference=each.reference, paid_at=each.paid_at)
                for order, one in zip(made, batch, strict=True) for each in one.payments
            )  # fmt: skip


def _staged(reported: Sequence[OrderFacts], shop: Merchant) -> None:
    """COPY into a stage, then buyers, orders, lines and payments by INSERT … ON CONFLICT."""
    with psycopg.connect(places.url(connection.settings_dict["NAME"])) as bare:
        bare.execute(STAGE)
        for batch in _batches(reported):
            with bare.cursor().copy("COPY bench_stage FROM STDIN") as copy:
                for one in batch:
                    line, payment = one.lines[0], one.payments[0]
                    copy.write_row((
                        one.source, one.external_number, one.number, shop.pk, one.buyer.external_id, one.buyer.name,
                        one.buyer.phone, one.buyer.email, one.currency, one.status, one.goods_total, one.paid_total,
                        one.ordered_at, one.paid_at, one.receiver.name, one.receiver.phone, one.receiver.region,
                        one.receiver.postcode, one.receiver.address, line.external_id, line.sku, line.title,
                        line.quantity, line.unit_price, line.paid, payment.method, payment.captured, payment.reference,
                    ))  # fmt: skip
            for statement in MERGE:
                bare.execute(statement)
            bare.execute("TRUNCATE bench_stage")
            bare.commit()


def _olist() -> Iterator[Figure]:
    """The real files, once; said plainly when they are not there."""
    if not OLIST.is_dir():
        yield Figure("import of Olist: its files are not there", 0, "orders/s")
        return
    summary = run.import_paths(SOURCES["olist"], [OLIST], merchant=None, at=datetime.now(UTC), record=imported.record)
    yield Figure("import of Olist, from files", summary.read / summary.seconds, "orders/s")
    again = run.import_paths(SOURCES["olist"], [OLIST], merchant=None, at=datetime.now(UTC), record=imported.record)
    yield Figure("import of Olist again: nothing changes", again.read / again.seconds, "orders/s")


STAGE = """
CREATE TEMPORARY TABLE bench_stage (source text, external_number text, number text, merchant_id bigint, buyer text,
    buyer_name text, buyer_phone text, buyer_email text, currency text, status text, goods numeric, paid numeric,
    ordered_at timestamptz, paid_at timestamptz, to_name text, to_phone text, to_region text, to_postcode text,
    to_address text, line_id text, sku text, title text, quantity int, unit_price numeric, line_paid numeric,
    method text, captured numeric, reference text)
"""
MERGE = (
    """
    INSERT INTO orders_buyer (source, external_id, name, phone, phone_tail, email, level, created_at)
    SELECT source, buyer, buyer_name, buyer_phone, right(buyer_phone, 4), buyer_email, 1, now() FROM bench_stage
    ON CONFLICT (source, external_id) DO UPDATE SET name = excluded.name, phone = excluded.phone, email = excluded.email
    """,
    """
    INSERT INTO orders_order (number, source, external_number, merchant_id, buyer_id, currency, status, goods_amount,
        paid_amount, ordered_at, paid_at, receiver_name, receiver_phone, phone_tail, receiver_region, receiver_postcode,
        receiver_address, discount_amount, surcharge_amount, freight_amount, freight_reserved, freight_settled,
        freight_elsewhere, buyer_note, merchant_note, has_free_freight, insured_freight_amount, receipt_hold_count,
        facts_digest, created_at)
    SELECT s.number, s.source, s.external_number, s.merchant_id, b.id, s.currency, s.status, s.goods, s.paid,
        s.ordered_at, s.paid_at, s.to_name, s.to_phone, right(s.to_phone, 4), s.to_region, s.to_postcode, s.to_address,
        0, 0, 0, 0, 0, 0, '', '', false, 0, 0, '', now()
    FROM bench_stage s JOIN orders_buyer b ON b.source = s.source AND b.external_id = s.buyer
    ON CONFLICT (source, merchant_id, external_number) DO UPDATE SET status = excluded.status, paid_amount = excluded.paid_amount
    """,
    """
    INSERT INTO orders_orderline (order_id, position, external_id, sku, title, quantity, unit_price, paid_amount, variant,
        category, is_gift, discount_amount, tax_amount, units_reserved, units_settled, units_elsewhere, amount_reserved,
        amount_settled, amount_elsewhere)
    SELECT o.id, 1, s.line_id, s.sku, s.title, s.quantity, s.unit_price, s.line_paid, '', '', false, 0, 0, 0, 0, 0, 0, 0, 0
    FROM bench_stage s JOIN orders_order o
        ON o.source = s.source AND o.merchant_id = s.merchant_id AND o.external_number = s.external_number
    ON CONFLICT (order_id, position) DO UPDATE SET paid_amount = excluded.paid_amount
    """,
    """
    INSERT INTO orders_payment (order_id, sequence, method, currency, captured, reference, paid_at, instalment_count,
        reserved, settled, elsewhere, points, gateway)
    SELECT o.id, 1, s.method, s.currency, s.captured, s.reference, s.paid_at, 1, 0, 0, 0, 0, 'sandbox'
    FROM bench_stage s JOIN orders_order o
        ON o.source = s.source AND o.merchant_id = s.merchant_id AND o.external_number = s.external_number
    ON CONFLICT (order_id, sequence) DO UPDATE SET captured = excluded.captured
    """,
)
