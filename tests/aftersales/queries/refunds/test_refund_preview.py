"""Money of whole cases by property: parts sum to what was paid, none is negative, their order does not matter."""

from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftersales.actions.cases import decisions
from aftersales.models import Case
from aftersales.rules.vocabulary import CaseType
from orders.gateways import sandbox
from tests import counts
from tests.aftersales.stages import pay
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db
PLAYED = settings(
    max_examples=counts.of(sample=12, long=500),
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@st.composite
def purchases(draw):
    """Lines of some units, freight, two payments that hold it all, and an order of single-unit refunds."""
    lines = draw(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 5000)), min_size=1, max_size=2))
    freight = draw(st.integers(0, 999))
    total = sum(paid for _units, paid in lines) + freight
    card = draw(st.integers(0, total))
    turns = draw(st.permutations([number for number, (units, _paid) in enumerate(lines) for _unit in range(units)]))
    return lines, freight, card, total, turns


def fen(number):
    return Decimal(number) / 100


@PLAYED
@given(purchase=purchases())
def test_refunded_unit_by_unit_everything_goes_back_and_no_more(purchase, shop, people):
    lines, freight, card, total, turns = purchase
    with transaction.atomic():
        sandbox.reset()
        order = sold(
            merchant=shop,
            unshipped=True,
            lines=[(units, fen(paid)) for units, paid in lines],
            freight_amount=fen(freight),
            payments=[("card", fen(card)), ("balance", fen(total - card))],
        )
        sold_lines = list(order.lines.order_by("position"))
        sums = []
        for number in turns:
            case = opened(order, by=people.agent, type=CaseType.REFUND_ONLY, units={sold_lines[number].pk: 1})
            decisions.approve(case.pk, by=people.merchant, at=NOON)
            pay(NOON, times=2)
            case = Case.objects.get(pk=case.pk)
            assert case.status == "completed"
            sums.append(case.agreed_amount)

        assert sum(sums) == fen(total)
        assert min(sums) >= 0
        assert all(payment.settled == payment.captured for payment in order.payments.all())
        assert sandbox.ledger_total() == fen(total)
        transaction.set_rollback(True)
