"""What a case holds and has given back, kept beside PostgreSQL by sums alone; and what must agree after every step."""

from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction
from hypothesis.stateful import RuleBasedStateMachine, invariant

from aftersales.models import Case, Refund
from aftersales.queries.oversight import invariants
from aftersales.rules.cases import case_types
from orders.gateways import sandbox
from orders.models import Order, OrderLine, Payment, Posting
from orders.refusals import Refused
from tests.aftersales.moves.chart_table import MOVES
from tests.factories import NOON, sold

# How often each state was reached: a machine that stands still proves nothing.
REACHED = Counter()
# Actions that lead elsewhere than the chart of a return says, when nothing has to come back.
VARIES = {"approve", "accept_offer", "rule_for_buyer", "pass_inspection"}


def fen(amount):
    return int(amount * 100)


@dataclass
class Held:
    """What the model believes of one case: its line, units and fen held, units and fen given back."""

    pk: int
    line: int
    units: int
    money: int
    type: str
    kept: bool
    most: int
    given: dict = field(default_factory=lambda: {"units": 0, "money": 0})


class Bookkeeping(RuleBasedStateMachine):
    """Two orders and the model of their cases; the steps are the machine's."""

    people = None
    shop = None

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        sandbox.reset()
        self.at = NOON
        self.held = {}
        signed = sold(merchant=self.shop, lines=[(3, 100)], payments=[("card", 60), ("balance", 50)])
        fresh = sold(merchant=self.shop, buyer=signed.buyer, lines=[(2, "7.77")], unshipped=True, freight_amount=0)
        self.orders = [signed, fresh]
        self.lines = {order.lines.get().pk: order for order in self.orders}
        self.buyer = type(self).people.buyer.__class__(self.people.buyer.roles, buyer_id=signed.buyer_id)

    def teardown(self):
        broken = [verdict for one in invariants.INVARIANTS if (verdict := invariants.check(one)).count]
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)
        assert broken == []

    def attempt(self, work):
        """Do it in a savepoint; a refusal is an answer too, anything else is a bug."""
        try:
            with transaction.atomic():
                return work()
        except Refused as refused:
            assert refused.sentence
            return None

    def case(self, number, *states):
        """One of the cases, of those in the states if there are any."""
        found_there = Case.objects.filter(pk__in=self.held, status__in=states).order_by("pk")
        return found_there[number % len(found_there)] if found_there else None

    def stands(self, *states):
        """Whether a case is in one of the states."""
        return Case.objects.filter(pk__in=self.held, status__in=states).exists()

    def moved(self, case, action, work):
        """The chart by hand says where it leads; a refusal leaves everything as it was."""
        before = case.status
        done = self.attempt(work)
        now = Case.objects.get(pk=case.pk)
        if done is None:
            assert (now.status, now.version) == (before, case.version)
            return None
        REACHED[now.status] += 1
        listed = MOVES[before][action]
        assert now.status == listed or action in VARIES, f"{action}: {before} → {now.status}, listed {listed}"
        self.free_or_settle(now)
        return now

    def free_or_settle(self, case):
        """What the end of a case does to the model."""
        model = self.held[case.pk]
        if case.status == "closed":
            model.units = model.money = 0
        elif case.status == "completed":
            model.given["units"] += model.units
            model.given["money"] += model.money
            model.units = model.money = 0

    def narrowed(self, case, units, money):
        """A refund begins: so much is held from now on. Nothing to pay completes at once."""
        model = self.held[case.pk]
        if model.kept and money < model.most:
            units = 0
        model.units, model.money = units, money
        if not money:
            self.free_or_settle(case)

    def narrowed_anew(self, case, money):
        """An agreed sum, whatever was held before."""
        model = self.held[case.pk]
        units = 0 if model.kept and money < model.most else self.asked_units(case)
        if case.status == "completed":
            model.given = {"units": units, "money": money}
            model.units = model.money = 0
        else:
            model.units, model.money = units, money

    def asked_units(self, case):
        return case.lines.get().units if case_types.of(case.type).holds_units else 0

    @invariant()
    def lines_say_what_the_model_says(self):
        for pk in self.lines:
            line = OrderLine.objects.get(pk=pk)
            mine = [model for model in self.held.values() if model.line == pk]
            assert (
                line.units_reserved,
                fen(line.amount_reserved),
                line.units_settled,
                fen(line.amount_settled),
            ) == (
                sum(model.units for model in mine),
                sum(model.money for model in mine),
                sum(model.given["units"] for model in mine),
                sum(model.given["money"] for model in mine),
            )

    @invariant()
    def money_is_where_the_books_say(self):
        order_ids = [order.pk for order in self.orders]
        payments = Payment.objects.filter(order__in=order_ids)
        settled = sum(payment.settled for payment in payments)
        paid = sum(refund.amount for refund in Refund.objects.filter(order__in=order_ids, status="succeeded"))
        assert settled == paid
        assert sandbox.ledger_total() >= settled
        assert all(payment.left >= 0 for payment in payments)
        assert sum(row.amount for row in Posting.objects.all()) == 0
        assert all(order.freight_left >= 0 for order in Order.objects.filter(pk__in=order_ids))
