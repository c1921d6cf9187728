"""What went wrong elsewhere, 4–6, 8, 11, 14, 15: more given back than was paid.

6 concerns store credit beside a refund: a compensation is the partial refund here, the type of its own comes later.
"""

from decimal import Decimal

import pytest

from aftersales.actions.cases import decisions, negotiation
from aftersales.models import Case, Refund
from aftersales.rules.vocabulary import CaseType
from orders import entitlement
from orders.gateways import sandbox
from orders.models import OrderLine
from orders.refusals import NotEntitled, Refused
from tests.aftersales.stages import HOUR, again, pay, picture, stage
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db
ONLY = CaseType.REFUND_ONLY


@pytest.mark.parametrize("state", ["completed", "rejected", "closed"])
def test_peer_04_no_refund_on_a_case_that_is_over(state, order, people):
    case = stage(state, order, people)
    paid = sandbox.ledger_total()

    for by in (people.merchant, people.agent, people.clock):
        with pytest.raises(Refused):
            decisions.approve(case.pk, by=by, at=NOON + 9 * HOUR)
    pay(NOON + 9 * HOUR)

    assert sandbox.ledger_total() == paid


def test_peer_05_the_second_case_is_capped_at_what_is_left(shop, order, people):
    line = order.lines.get()
    first = opened(order, by=people.buyer, units={line.pk: 1}, type=ONLY, reason="agreed")
    assert first.requested_amount == Decimal(50)

    with pytest.raises(NotEntitled, match="at most"):
        opened(order, by=people.buyer, units={line.pk: 1}, amount=Decimal(100))
    second = opened(order, by=people.buyer, units={line.pk: 1})

    assert second.requested_amount == Decimal(50)


def test_peer_06_compensated_then_returned_never_above_what_was_paid(order, people):
    part = opened(order, by=people.buyer, type=ONLY, reason="broken", photos=[picture()])
    negotiation.offer(part.pk, by=people.merchant, at=NOON, amount=Decimal(30))
    negotiation.accept(part.pk, by=people.buyer, at=NOON)
    pay(NOON)

    returned = opened(order, by=people.buyer, at=NOON + HOUR)

    assert returned.requested_amount == Decimal(70)
    with pytest.raises(Refused):
        opened(order, by=people.buyer, at=NOON + HOUR, type=ONLY, reason="agreed")


def test_peer_08_refunds_on_their_way_consume_what_is_left(shop, order, people):
    line = order.lines.get()
    decisions.approve(
        opened(order, by=people.buyer, units={line.pk: 1}, type=ONLY, reason="agreed").pk, by=people.merchant, at=NOON
    )
    payment = order.payments.get()

    assert payment.left == Decimal(60)
    with pytest.raises(NotEntitled):
        entitlement.share(order.pk, Decimal("60.01"))
    entitlement.share(order.pk, Decimal(60))
    payment.refresh_from_db()
    assert payment.left == 0


def test_peer_11_more_than_available_never_reaches_the_gateway(order, people):
    case = opened(order, by=people.buyer, type=ONLY, reason="agreed")
    order.payments.update(elsewhere=Decimal(20))

    with pytest.raises(NotEntitled):
        decisions.approve(case.pk, by=people.merchant, at=NOON)
    pay(NOON)

    assert sandbox.refund_rows() == []
    assert again(case).status == "pending_merchant"
    assert not Refund.objects.exists()


def test_peer_14_caps_per_payment_hold(shop, people, order):
    split = sold(
        merchant=shop,
        buyer=order.buyer,
        lines=[(1, 70), (1, 30)],
        payments=[("card", 60), ("balance", 40)],
        freight_amount=0,
    )
    first, second = split.lines.order_by("position")

    for line in (first, second):
        case = opened(split, by=people.buyer, units={line.pk: 1}, type=ONLY, reason="agreed")
        decisions.approve(case.pk, by=people.merchant, at=NOON)
    pay(NOON, times=9)

    assert [payment.settled for payment in split.payments.order_by("pk")] == [60, 40]
    assert set(Case.objects.values_list("status", flat=True)) == {"completed"}


def test_peer_14_a_short_fill_is_not_called_refunded(shop, people, order):
    split = sold(
        merchant=shop,
        buyer=order.buyer,
        lines=[(1, 100)],
        payments=[("card", 60), ("balance", 40)],
        freight_amount=0,
        unshipped=True,
    )
    case = opened(split, by=people.buyer, type=ONLY)
    decisions.approve(case.pk, by=people.merchant, at=NOON)
    sandbox.set_fault("decline", "1x")

    pay(NOON, times=2)

    assert again(case).status == "refund_failed"
    assert sorted(Refund.objects.values_list("status", flat=True)) == ["failed", "succeeded"]


def test_peer_15_equal_refunds_of_one_line_are_different_intents(order, people):
    line = order.lines.get()
    for hour in range(2):
        case = opened(order, by=people.buyer, type=ONLY, reason="agreed", amount=Decimal(5), at=NOON + hour * HOUR)
        decisions.approve(case.pk, by=people.merchant, at=NOON + hour * HOUR)
        pay(NOON + hour * HOUR)

    assert Refund.objects.values("number").distinct().count() == 2
    assert sandbox.ledger_total() == Decimal(10)
    assert OrderLine.objects.get(pk=line.pk).amount_settled == Decimal(10)
