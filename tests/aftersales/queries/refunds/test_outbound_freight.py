"""Outbound freight over whole stories of an order: given back once, and only if everything goes back."""

import random
from decimal import Decimal

import pytest

from aftersales.actions.cases import decisions
from aftersales.actions.cases.reshaping import splits
from aftersales.actions.refunds import refund_worker, retries
from aftersales.models import Case, Refund
from aftersales.queries.refunds import outbound_freight
from aftersales.rules.vocabulary import CaseType
from orders.gateways import sandbox
from orders.models import Order
from orders.refusals import Refused
from tests import counts
from tests.aftersales.stages import HOUR, again, broken
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db
ORDERS = ([(1, 60), (1, 40)], [(2, 100)], [(2, 50), (1, 30), (3, 10)])
OVER = ("completed", "closed")
STEPS = 14


class Story:
    """One order, nothing shipped, and whatever people do to it next."""

    def __init__(self, seed, shop, buyer, people):
        self.random, self.people, self.at = random.Random(seed), people, NOON
        lines = self.random.choice(ORDERS)
        self.order = sold(merchant=shop, buyer=buyer, unshipped=True, lines=lines)

    def play(self):
        for _step in range(STEPS):
            self.at += HOUR / 4
            act = self.random.choice([self.apply, self.apply, self.approve, self.approve, self.withdraw, self.split,
                                      self.reopen, self.pay, self.fail, self.retry])  # fmt: skip
            try:
                act()
            except Refused:
                continue
            self.check()
        self.finish()

    def cases(self, *states):
        return list(Case.objects.filter(order=self.order, status__in=states).order_by("pk"))

    def one(self, *states):
        found = self.cases(*states)
        if not found:
            raise Refused("no such case")
        return self.random.choice(found)

    def apply(self):
        lines = [line for line in self.order.lines.all() if line.units_left]
        if not lines:
            raise Refused("nothing left")
        chosen = self.random.sample(lines, self.random.randint(1, len(lines)))
        units = {line.pk: self.random.randint(1, line.units_left) for line in chosen}
        opened(self.order, by=self.people.buyer, type=CaseType.REFUND_ONLY, units=units, at=self.at)

    def approve(self):
        case = self.one("pending_merchant")
        due = outbound_freight.due(again(case))
        agreed = decisions.approve(case.pk, by=self.people.merchant, at=self.at)
        # What the query says before anybody agreed is what agreeing gives back.
        assert agreed.agreed_amount == agreed.requested_amount + due

    def withdraw(self):
        decisions.withdraw(self.one("pending_merchant").pk, by=self.people.buyer, at=self.at)

    def split(self):
        case = self.one("pending_merchant")
        splits.split(case.pk, {case.lines.first().pk: 1}, by=self.people.agent, at=self.at)

    def reopen(self):
        decisions.reopen(self.one(*OVER).pk, by=self.people.supervisor, at=self.at, why="A mistake.")

    def pay(self):
        refund_worker.send_next(self.at)

    def fail(self):
        sandbox.set_fault("decline", "1x")
        refund_worker.send_next(self.at)

    def retry(self):
        failed = Refund.objects.filter(order=self.order, status="failed").first()
        if failed is None:
            raise Refused("nothing failed")
        retries.retry(failed.pk, by=self.people.finance, at=self.at)

    def check(self):
        order = Order.objects.get(pk=self.order.pk)
        given = sum(case.freight_settled for case in self.cases("refunding", "refund_failed", *OVER))
        on_its_way = sum(case.freight_held for case in self.cases("refunding", "refund_failed"))
        gone = sum(line.units_settled for line in order.lines.all()) + sum(
            line.units_held for case in self.cases("refunding", "refund_failed") for line in case.lines.all()
        )
        is_all = gone == sum(line.quantity for line in order.lines.all())
        assert given + on_its_way == (order.freight_amount if is_all else 0)

    def finish(self):
        for failed in Refund.objects.filter(order=self.order, status="failed"):
            retries.retry(failed.pk, by=self.people.finance, at=self.at + HOUR)
        sandbox.clear_faults()
        for turn in range(20):
            if not refund_worker.send_next(self.at + (2 + turn) * HOUR):
                break
        self.check()


@pytest.mark.parametrize("seed", range(counts.of(sample=24, long=500)))
def test_freight_goes_back_once_and_only_with_everything(seed, shop, order, people):
    Story(seed, shop, order.buyer, people).play()

    assert broken() == []


def test_freight_that_is_due_is_known_before_anybody_agrees(shop, order, people):
    two = sold(merchant=shop, buyer=order.buyer, unshipped=True, lines=[(1, 60), (1, 40)])
    sixty, forty = (
        opened(two, by=people.buyer, type=CaseType.REFUND_ONLY, units={line.pk: 1})
        for line in two.lines.order_by("position")
    )
    assert [outbound_freight.due(again(case)) for case in (sixty, forty)] == [0, 0]

    decisions.approve(forty.pk, by=people.merchant, at=NOON + HOUR)

    # Held by nobody since the other one was decided, and due all the same.
    assert again(sixty).freight_held == 0
    assert outbound_freight.due(again(sixty)) == Decimal(10)
