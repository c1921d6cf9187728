"""Whatever one person does, in whatever order: what an order and a day give stays within their limits.

Hypothesis draws what an agent does, with buyers who ask and accept, and a merchant who handles goods and decides
nothing. What was given or promised is counted from refunds, coupons, receivables and the cases themselves, not from
what the product wrote down for its limits.
"""

import contextlib
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftersales import moves
from aftersales.actions.cases import decisions, negotiation
from aftersales.actions.cases.reshaping import conversions, merges, splits
from aftersales.actions.disputes import arbitration
from aftersales.actions.refunds import intents
from aftersales.actions.replacements import dispatches, repairs
from aftersales.actions.returns import inspections, receipts, shipments
from aftersales.models import Case, Coupon, Offer, Policy, Receivable, Refund
from aftersales.rules.actor import buyer
from aftersales.rules.refunds import authority
from aftersales.rules.vocabulary import GivenAs, Status
from orders.refusals import Refused
from tests import counts, shared_world
from tests.aftersales.stages import broken, found, refusal
from tests.factories import NOON, asks, sold

pytestmark = pytest.mark.django_db
OF_ORDER, OF_DAY = Decimal(100), Decimal(150)
KINDS = ("return_refund", "exchange", "repair", "refund_only", "compensation")
SETTINGS = settings(
    max_examples=counts.of(sample=40, long=2000),
    deadline=None,
    derandomize=not counts.LONG,
    database=None,
    suppress_health_check=list(HealthCheck),
)
PROMISED = (
    "intercepting", "awaiting_return", "return_in_transit", "inspecting", "repairing", "awaiting_dispatch",
    "awaiting_receipt",
)  # fmt: skip


class Desk:
    """Two orders, and the acts that are drawn; a number says which case, another how many or how much."""

    def __init__(self, orders, people):
        self.orders, self.people, self.at = orders, people, NOON
        self.agent = people.agent

    def case(self, number):
        cases = list(Case.objects.order_by("pk"))
        return cases[number % len(cases)] if cases else None

    def ask(self, number, size):
        order = self.orders[number % 2]
        kind = KINDS[number // 2 % len(KINDS)]
        line = order.lines.get()
        in_kind = {"given_as": (GivenAs.MONEY, GivenAs.COUPON)[size % 2]} if kind == "compensation" else {}
        amount = Decimal(17 * size) if kind == "compensation" else None
        wanted = asks(order, type=kind, reason="agreed", units={line.pk: min(size, 2)}, amount=amount, **in_kind)
        decisions.apply(wanted, by=buyer(order.buyer_id), at=self.at)

    def approve(self, case, size):
        decisions.approve(case.pk, by=self.agent, at=self.at)

    def offer(self, case, size):
        negotiation.offer(case.pk, by=self.agent, at=self.at, amount=Decimal(30 * size))

    def take_for_buyer(self, case, size):
        negotiation.accept(case.pk, by=self.agent, at=self.at)

    def take(self, case, size):
        negotiation.accept(case.pk, by=buyer(case.buyer_id), at=self.at)

    def decline(self, case, size):
        negotiation.decline(case.pk, by=buyer(case.buyer_id), at=self.at)

    def split(self, case, size):
        splits.split(case.pk, {case.lines.first().pk: 1}, by=self.agent, at=self.at)

    def merge(self, case, size):
        other = Case.objects.filter(order=case.order_id).exclude(pk=case.pk).order_by("pk").first()
        merges.merge(case.pk, other.pk if other else case.pk, by=self.agent, at=self.at)

    def convert(self, case, size):
        wanted = asks(case.order, type=KINDS[size % 3], reason="agreed", units={})
        conversions.convert(case.pk, wanted, by=self.agent, at=self.at)

    def reject(self, case, size):
        decisions.reject(case.pk, by=self.agent, at=self.at, reason=refusal())

    def ask_again(self, case, size):
        decisions.reapply(case.pk, asks(case.order, type=case.type, reason="agreed"), by=self.agent, at=self.at)

    def withdraw(self, case, size):
        decisions.withdraw(case.pk, by=self.agent, at=self.at)

    def give_money(self, case, size):
        dispatches.give_money(case.pk, by=self.agent, at=self.at)

    def choose(self, case, size):
        Case.objects.filter(pk=case.pk, status="repairing").update(choice_offered_at=NOON)
        verb = repairs.choose_refund if size % 2 else repairs.choose_exchange
        verb(case.pk, by=self.agent, at=self.at)

    def reopen(self, case, size):
        decisions.reopen(case.pk, by=self.people.supervisor, at=self.at, why="The buyer showed more.")

    def goods_come_back(self, case, size):
        shipments.ship(case.pk, by=buyer(case.buyer_id), at=self.at, carrier="SF", waybill=f"SF{case.pk}{self.at:%H%M}")
        merchant, lines = self.people.merchant, {line.pk: line.units for line in case.lines.all()}
        receipts.receive(case.pk, by=merchant, at=self.at, units=lines)
        seen = [one for line in case.lines.all() for one in found(line, line.units_received)]
        inspections.pass_inspection(case.pk, seen, by=merchant, at=self.at)

    def pay(self, case, size):
        for refund in case.refunds.filter(status="queued"):
            intents.paid(refund, at=self.at)
        intents.settle(case.pk, by=self.people.gateway, at=self.at)

    def escalate(self, case, size):
        arbitration.escalate(case.pk, by=self.agent, at=self.at)

    def do(self, act, number, size):
        self.at += timedelta(minutes=1)
        case = None if act == "ask" else self.case(number)
        if act != "ask" and case is None:
            return
        with contextlib.suppress(Refused):
            getattr(self, act)(number if act == "ask" else case, size)


ACTS = tuple(name for name, verb in vars(Desk).items() if callable(verb) and name not in ("__init__", "case", "do"))


def worth(case):
    """What a case has given, or what somebody has promised by it."""
    refunds = sum((each.amount for each in Refund.objects.filter(case=case).exclude(status="cancelled")), Decimal(0))
    coupons = sum((each.amount for each in Coupon.objects.filter(case=case)), Decimal(0))
    freight = sum((each.amount for each in Receivable.objects.filter(case=case, creditor="buyer")), Decimal(0))
    given = refunds + coupons + freight
    if case.status == Status.PENDING_BUYER:
        return max(given, Offer.objects.get(case=case, status="open", is_quote=False).amount)
    has_goods = case.status == Status.COMPLETED and case.type in ("exchange", "repair")
    if case.status in PROMISED or has_goods:
        return max(given, case.requested_amount if case.agreed_amount is None else case.agreed_amount)
    return given


def stay_within_limits(desk, steps):
    for step in steps:
        desk.do(*step)
        of_orders = [sum(map(worth, Case.objects.filter(order=order)), Decimal(0)) for order in desk.orders]
        assert max(of_orders) <= OF_ORDER, step
        assert sum(of_orders) <= OF_DAY, step


@pytest.fixture
def desk(shop, people):
    Policy.objects.update(
        authority_agent=OF_ORDER, authority_agent_day=OF_DAY, authority_own_offer=OF_ORDER, release_above=1000
    )
    goods = sold(merchant=shop, lines=[(3, 150)], freight_amount=0)
    fresh = sold(merchant=shop, lines=[(3, 165)], freight_amount=6, unshipped=True)
    return Desk([goods, fresh], people)


@SETTINGS
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 9), st.integers(1, 3)), max_size=30))
def test_no_sequence_of_acts_of_one_person_gives_more_than_their_limits(desk, steps):
    with shared_world.undone():
        desk.at = NOON
        stay_within_limits(desk, [("ask", 0, 2), ("ask", 7, 1), ("ask", 4, 1), *steps])
        assert broken() == []


# Each is a way around a limit that somebody has gone: with the question off it must give too much.
WAYS_AROUND = {
    "in two cases": [("ask", 0, 2), ("ask", 2, 1), ("approve", 0, 1), ("approve", 1, 1)],
    "in parts": [("ask", 0, 2), ("split", 0, 1), ("ask", 2, 1), *(("approve", number, 1) for number in range(3))],
    "by offers": [("ask", 0, 2), ("offer", 0, 3), ("take", 0, 1), ("ask", 2, 1), ("offer", 1, 1), ("take", 1, 1)],
    "in a day": [("ask", 0, 2), ("approve", 0, 1), ("ask", 7, 1), ("approve", 1, 1)],
}


@pytest.mark.parametrize("way", WAYS_AROUND)
def test_a_way_around_gives_too_much_only_where_nobody_asks(way, desk, monkeypatch):
    with shared_world.undone():
        stay_within_limits(desk, WAYS_AROUND[way])
    monkeypatch.setattr(authority, "above", lambda *_asked: None)

    with pytest.raises(AssertionError):
        stay_within_limits(desk, WAYS_AROUND[way])


def test_every_act_of_an_agent_that_leads_to_money_is_drawn():
    drawn = {"approve", "offer", "accept_offer", "give_money_instead", "choose_refund", "choose_exchange"}
    of_agents = {move.name for move in moves.DECIDING if "agent" in move.who}

    assert of_agents == drawn
