"""Facts of an order as a source tells them, and what became of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from logistics.parcels import imported
from orders.importers import SOURCES
from orders.importers.facts import BuyerFacts, LineFacts, OrderFacts, ParcelFacts, PaymentFacts, ReceiverFacts
from orders.importers.storing import store
from orders.importers.storing.outcomes import Terms

NOON = datetime(2026, 10, 1, 4, 0, tzinfo=UTC)


PDD = SOURCES["pdd"]


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
    terms = Terms(source, shop, at, imported.record, **options)
    return store.save([[one] if isinstance(one, OrderFacts) else one for one in orders], terms)


def verdicts(outcomes):
    return [outcome.verdict for outcome in outcomes]
