"""A desk of two orders where drawn acts are done: which case they are about and how much, two numbers say."""

import contextlib
from datetime import timedelta
from decimal import Decimal

from aftersales.actions.cases import decisions, negotiation
from aftersales.actions.cases.reshaping import conversions, merges, splits
from aftersales.actions.disputes import arbitration
from aftersales.actions.refunds import intents
from aftersales.actions.replacements import dispatches, repairs
from aftersales.actions.returns import inspections, receipts, shipments
from aftersales.models import Case, Coupon, Offer, Receivable, Refund
from aftersales.rules.actor import buyer
from aftersales.rules.vocabulary import GivenAs, Status
from orders.refusals import Refused
from tests.aftersales.stages import found, refusal
from tests.factories import NOON, asks, sold

KINDS = ("return_refund", "exchange", "repair", "refund_only", "compensation")
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


def acts_of(desk):
    """Names of what is done at a kind of desk."""
    names = (name for kind in reversed(desk.__mro__) for name, verb in vars(kind).items() if callable(verb))
    return tuple(name for name in names if name not in ("__class__", "__init__", "case", "do") and name[0] != "_")


def two_orders(shop):
    """One that has arrived, one that has not left."""
    goods = sold(merchant=shop, lines=[(3, 150)], freight_amount=0)
    return [goods, sold(merchant=shop, lines=[(3, 165)], freight_amount=6, unshipped=True)]


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
