"""Units of one item that are exchanged one after the other: the price of each is exact, in whatever order they come."""

from decimal import Decimal

import pytest

from aftersales.actions.cases import decisions
from aftersales.actions.cases.applications import Swap
from aftersales.actions.refunds import receivables
from aftersales.actions.replacements import dispatches
from aftersales.actions.returns import inspections, receipts, shipments
from aftersales.models import Receivable, Refund
from aftersales.queries.oversight import invariants
from aftersales.rules.vocabulary import CaseType, Status
from logistics import stock
from tests.aftersales.stages import HOUR, again, found, pay
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db
D = Decimal
# Every way to take three units, or the seven of the other line, in cases one after the other.
WAYS = [(1, 1, 1), (1, 2), (2, 1), (3,)]


@pytest.fixture
def make(shop, people, order):
    def make(units, paid):
        stock.correct(shop.pk, "DRESS-L", 99, why="Count", by_id=None, at=NOON)
        return sold(merchant=shop, buyer=order.buyer, lines=[(units, paid)])

    return make


def exchanged(order, people, units, price, *, asked=None, at=NOON):
    """So many units at a new price each, all the way: what the buyer pays, or gets back as a negative sum."""
    line = order.lines.get()
    case = opened(
        order,
        by=people.buyer,
        type=CaseType.EXCHANGE,
        units={line.pk: asked or units},
        swap=Swap("DRESS-L", "L", D(price)),
        at=at,
    )
    decisions.approve(case.pk, by=people.merchant, at=at + HOUR / 60)
    shipments.ship(case.pk, by=people.buyer, at=at + HOUR / 30, carrier="SF", waybill=f"B{case.pk}")
    held = case.lines.get()
    receipts.receive(case.pk, by=people.warehouse, at=at + HOUR / 20, units={held.pk: asked or units})
    held.refresh_from_db()
    findings = [*found(held, units), *found(held, (asked or units) - units, accepted=False)]
    inspections.pass_inspection(case.pk, findings, by=people.warehouse, at=at + HOUR / 15)
    owed = Receivable.objects.filter(case=case, kind=Receivable.Kind.DIFFERENCE).first()
    if owed:
        receivables.settle(owed.pk, by=people.finance, at=at + HOUR / 12, reference=f"PAY-{case.pk}")
    dispatches.dispatch(case.pk, by=people.warehouse, at=at + HOUR / 10, carrier="SF", waybill=f"N{case.pk}")
    dispatches.confirm(case.pk, by=people.buyer, at=at + HOUR / 8)
    pay(at + HOUR / 6, times=3)
    assert again(case).status == Status.COMPLETED
    paid_back = sum((refund.amount for refund in Refund.objects.filter(case=case)), D(0))
    return (owed.amount if owed else D(0)) - paid_back


def consistent():
    return [verdict.name for verdict in invariants.check_all() if verdict.count] == []


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("price", [40, 20, 34, D("33.34")])
def test_in_whatever_order_units_are_exchanged_they_cost_what_they_cost(way, price, make, people):
    order = make(3, 100)

    moved = [exchanged(order, people, units, price, at=NOON + number * HOUR) for number, units in enumerate(way)]

    assert sum(moved) == 3 * D(price) - 100
    exact = {D(price) - D("33.33"), D(price) - D("33.34")}
    assert all(unit in exact for unit, units in zip(moved, way, strict=True) if units == 1)
    assert consistent()


@pytest.mark.parametrize("price", [40, 20])
def test_what_was_not_exchanged_goes_back_at_what_was_paid_for_it(price, make, people):
    order = make(3, 100)
    exchanged(order, people, 1, price)
    line = order.lines.get()

    backs = [
        opened(order, by=people.buyer, units={line.pk: 1}, at=NOON + (number + 1) * HOUR).requested_amount
        for number in range(3)
    ]

    assert backs == [D("33.33"), D("33.34"), D(price)]


def test_a_unit_that_did_not_pass_keeps_its_price(make, people):
    order = make(3, 100)
    exchanged(order, people, 1, 40, asked=2)

    assert exchanged(order, people, 2, 40, at=NOON + HOUR) == D("13.33")
    assert consistent()


def test_a_unit_that_is_exchanged_again_starts_from_its_new_price(make, people):
    order = make(1, 100)

    assert exchanged(order, people, 1, 140) == 40
    assert exchanged(order, people, 1, 150, at=NOON + HOUR) == 10
    assert exchanged(order, people, 1, 120, at=NOON + 2 * HOUR) == -30
    assert consistent()
