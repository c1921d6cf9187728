"""The shop's export is read again: later, or against what is known; and with money that went back past us."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import NoReturn

from aftersales.simulation.behaviours.situation import Situation
from logistics.models.parcel import Direction
from logistics.parcels import imported
from orders import money
from orders.importers.facts import BuyerFacts, LineFacts, OrderFacts, ParcelFacts, PaymentFacts, ReceiverFacts
from orders.importers.sources.base import Source
from orders.importers.storing import store
from orders.importers.storing.outcomes import Terms
from orders.models import Order, OrderLine, Payment
from orders.models.order import OrderStatus

ZERO = Decimal(0)
WITH_A_PARCEL = (OrderStatus.SHIPPED, OrderStatus.SIGNED, OrderStatus.COMPLETED)


class Known(Source):
    """The source that an order came from, which is not opened: what it tells is made up here."""

    title, hint, timezone = "", "", "Asia/Shanghai"
    columns = ()
    needs_merchant, numbers_are_global = True, False

    def __init__(self, order: Order) -> None:
        self.name, self.currency = order.source, order.currency

    def read(self, paths: Sequence[Path]) -> NoReturn:
        """Nothing is read."""
        raise NotImplementedError


def read_again(situation: Situation, order: Order, at: datetime) -> None:
    """The status and dates of the order are told anew: mostly further, sometimes back, sometimes without a date."""
    if situation.happens(0.2):
        store_again(order, at)
    else:
        _store(order, _moved_on(_as_known(order, at), order, situation.random, at), at)


def store_again(order: Order, at: datetime) -> None:
    """The same once more, as an export of everything tells it day by day."""
    _store(order, _as_known(order, at), at)


def refunded_elsewhere(situation: Situation, order: Order, at: datetime) -> None:
    """The platform has given money back past us: for one item, for all of them, or the freight."""
    facts, random = _as_known(order, at), situation.random
    share = Decimal(random.choice((10, 30, 50, 100))) / 100
    kind = random.choice(("line", "order", "freight"))
    if kind == "freight":
        told = replace(facts, freight_refunded=facts.freight)
    elif kind == "order":
        told = replace(facts, refunded_elsewhere=money.rounded(facts.paid_total * share, order.currency))
    else:
        place = random.randrange(len(facts.lines))
        lines = [_given_back(line, share, order.currency) if n == place else line for n, line in enumerate(facts.lines)]
        told = replace(facts, lines=tuple(lines))
    _store(order, told, at)


def _given_back(line: LineFacts, share: Decimal, currency: str) -> LineFacts:
    units = line.quantity if share == 1 else int(line.quantity * share)
    return replace(line, refunded_elsewhere=money.rounded(line.paid * share, currency), units_refunded=units)


def _moved_on(facts: OrderFacts, order: Order, random: Random, at: datetime) -> OrderFacts:
    status = random.choice(list(OrderStatus)) if random.random() < 0.5 else OrderStatus(order.status)
    shipped_at, signed_at = order.shipped_at, order.signed_at
    if status in WITH_A_PARCEL and random.random() < 0.7:
        shipped_at = _between(order.ordered_at, at, random)
    if status in WITH_A_PARCEL[1:] and random.random() < 0.6:
        signed_at = _between(shipped_at or order.ordered_at, at, random)
    parcels = _parcels(order, shipped_at, signed_at) if status in WITH_A_PARCEL else ()
    return replace(
        facts,
        status=status,
        shipped_at=shipped_at,
        signed_at=signed_at,
        completed_at=at if status == OrderStatus.COMPLETED else order.completed_at,
        cancelled_at=at if status == OrderStatus.CANCELLED else None,
        parcels=parcels,
    )


def _between(since: datetime, at: datetime, random: Random) -> datetime:
    return since + random.random() * max(at - since, timedelta(0))


def _parcels(order: Order, shipped_at: datetime | None, signed_at: datetime | None) -> tuple[ParcelFacts, ...]:
    """The parcels that are known, as the shop dates them; one of its own where none is."""
    known = list(order.parcels.filter(direction=Direction.OUTBOUND).order_by("pk")[:1])
    carrier, waybill = (known[0].carrier, known[0].waybill) if known else ("SIM", f"E-{order.pk}")
    return (ParcelFacts(carrier, waybill, shipped_at, signed_at),)


def _store(order: Order, facts: OrderFacts, at: datetime) -> None:
    store.save([[facts]], Terms(Known(order), order.merchant, at, imported.record))


def _as_known(order: Order, at: datetime) -> OrderFacts:
    """What the source would have told for us to know what we know, but for what was paid here after the sale."""
    lines = [_line(line) for line in order.lines.order_by("position")]
    payments = [_payment(payment) for payment in order.payments.filter(is_added=False).order_by("sequence")]
    added = sum((line.added_amount for line in order.lines.all()), ZERO)
    return OrderFacts(
        source=order.source,
        external_number=order.external_number,
        number=order.external_number,
        buyer=BuyerFacts(""),
        currency=order.currency,
        status=order.status,
        ordered_at=order.ordered_at,
        as_of=at,
        file="simulated.csv",
        line=1,
        paid_at=order.paid_at,
        promised_ship_at=order.promised_ship_at,
        shipped_at=order.shipped_at,
        promised_at=order.promised_at,
        signed_at=order.signed_at,
        completed_at=order.completed_at,
        goods_total=order.goods_amount - added,
        discount=order.discount_amount,
        freight=order.freight_amount,
        surcharge=order.surcharge_amount,
        paid_total=order.paid_amount - added,
        has_free_freight=order.has_free_freight,
        receiver=ReceiverFacts(),
        lines=tuple(lines),
        payments=tuple(payments),
    )


def _line(line: OrderLine) -> LineFacts:
    return LineFacts(
        external_id=line.external_id,
        sku=line.sku,
        title=line.title,
        variant=line.variant,
        category=line.category,
        is_gift=line.is_gift,
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount=line.discount_amount,
        tax=line.tax_amount,
        paid=line.paid_amount - line.added_amount,
    )


def _payment(payment: Payment) -> PaymentFacts:
    return PaymentFacts(
        payment.sequence,
        payment.method,
        payment.captured,
        payment.instalment_count,
        payment.reference,
        points=payment.points,
        paid_at=payment.paid_at,
    )
