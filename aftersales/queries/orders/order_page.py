"""Everything the page of an order shows; the same number of queries however much was bought."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from aftersales.models import Case, GoodsOwed, GoodsRecord, OpenedWindow, User
from aftersales.queries import visibility
from aftersales.queries.orders import line_units
from aftersales.queries.orders.line_units import InCase
from aftersales.queries.returns import goods_owed
from logistics.models import Parcel
from orders.models import Order, OrderLine, Payment

MOST_CASES = 50
MOST_WORDS = 3
ZERO = Decimal(0)


@dataclass(frozen=True)
class LineFacts:
    """A line with what was sold, is in cases, was given back, is left: units and money."""

    line: OrderLine
    places: Sequence[InCase] = ()

    @property
    def where(self) -> str:
        """In which open cases its units are, and how many are free."""
        return line_units.where(self.line, self.places)

    @property
    def units_back(self) -> int:
        """Given back by this desk, or elsewhere: on the platform, or before the import."""
        return self.line.units_settled + self.line.units_elsewhere

    @property
    def amount_back(self) -> Decimal:
        """Given back by this desk, or elsewhere: on the platform, or before the import."""
        return self.line.amount_settled + self.line.amount_elsewhere


@dataclass(frozen=True)
class PaymentFacts:
    """A payment and what went back along it."""

    payment: Payment

    @property
    def back(self) -> Decimal:
        """Given back by this desk, or elsewhere: on the platform, or before the import."""
        return self.payment.settled + self.payment.elsewhere + self.payment.charged_back


@dataclass(frozen=True)
class Facts:
    """What the page of an order shows beside the order itself."""

    lines: list[LineFacts] = field(default_factory=list)
    payments: list[PaymentFacts] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)
    siblings: list[Order] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    other_cases: list[Case] = field(default_factory=list)
    opened_windows: list[OpenedWindow] = field(default_factory=list)
    words: list[GoodsRecord] = field(default_factory=list)
    goods_owed: list[GoodsOwed] = field(default_factory=list)

    @property
    def total(self) -> dict[str, Decimal]:
        """Goods of all lines: paid, in cases, given back, left."""
        lines = [facts.line for facts in self.lines]
        return {
            "paid": sum((line.paid_amount for line in lines), ZERO),
            "held": sum((line.amount_reserved for line in lines), ZERO),
            "back": sum((facts.amount_back for facts in self.lines), ZERO),
            "left": sum((line.amount_left for line in lines), ZERO),
        }


def facts(order: Order, user: User) -> Facts:
    """Lines, payments, parcels, orders bought with it, cases of the order and of its buyer that the person may see."""
    seen = visibility.cases_for(user).filter(buyer=order.buyer_id).order_by("-opened_at", "-id")
    cases = list(seen.select_related("reason")[:MOST_CASES])
    lines = list(order.lines.order_by("position"))
    places = line_units.in_open_cases([line.pk for line in lines])
    return Facts(
        lines=[LineFacts(line, places.get(line.pk, ())) for line in lines],
        payments=[PaymentFacts(payment) for payment in order.payments.order_by("sequence")],
        parcels=list(order.parcels.select_related("unidentified").order_by("-created_at", "-id")),
        siblings=_siblings(order, user),
        cases=[case for case in cases if case.order_id == order.pk],
        other_cases=[case for case in cases if case.order_id != order.pk],
        opened_windows=list(order.opened_windows.select_related("reason", "opened_by")[:MOST_CASES]),
        words=list(order.goods_records.select_related("recorded_by")[:MOST_WORDS]),
        goods_owed=goods_owed.of_order(order, user),
    )


def _siblings(order: Order, user: User) -> list[Order]:
    # One purchase at several shops is several orders; most have none beside them, and are not asked about.
    if order.purchase_id is None:
        return []
    bought = visibility.orders_for(user).filter(purchase=order.purchase_id).exclude(pk=order.pk)
    return list(bought.select_related("merchant").order_by("number")[:MOST_CASES])
