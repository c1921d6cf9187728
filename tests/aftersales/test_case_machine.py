"""Hypothesis plays a case's people in any order against PostgreSQL, beside a model that knows only sums.

The model keeps, in fen and units, what each case holds and what was given back; after every step the lines of the
orders must say the same. HYPOTHESIS_PROFILE=thorough plays 2,000 sequences of 50 steps.
"""

import os
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from aftersales import sweeps
from aftersales.actions import arbitration, cases, holdings, negotiation, payout, refunds, returns
from aftersales.models import Case, Refund
from aftersales.queries import invariants
from aftersales.rules.vocabulary import CaseType, Fault
from orders.gateways import sandbox
from orders.models import Order, OrderLine, Payment, Posting
from orders.refusals import Refused
from tests.aftersales.stages import found, refusal
from tests.aftersales.test_state_chart import MOVES
from tests.factories import NOON, asks, opened, sold

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
STEPS = settings(
    max_examples=2000 if THOROUGH else 30,
    stateful_step_count=50 if THOROUGH else 30,
    deadline=None,
    derandomize=not THOROUGH,
    database=None,
    suppress_health_check=list(HealthCheck),
)


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


class CaseMachine(RuleBasedStateMachine):
    """Two orders, any number of cases, everybody acts whenever they like."""

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

    @rule(number=st.integers(0, 1), units=st.integers(1, 3), back=st.booleans(), part=st.sampled_from([None, 1, 33]))
    def apply(self, number, units, back, part):
        order = self.orders[number]
        line = OrderLine.objects.get(order=order)
        kind = CaseType.RETURN_REFUND if back else CaseType.REFUND_ONLY
        amount = None if part is None else Decimal(part) / 100
        case = self.attempt(
            lambda: opened(
                order, by=self.buyer, at=self.at, type=kind, reason="agreed", units={line.pk: units}, amount=amount
            )
        )
        if case is None:
            return
        left = line.units_left
        most = fen(line.amount_left) if units == left else fen(line.paid_amount) * units // line.quantity
        most = min(most, fen(line.amount_left))
        money = most if part is None else part
        assert units <= left
        assert money <= fen(line.amount_left)
        self.held[case.pk] = Held(case.pk, line.pk, units, money, kind, not back and number == 0, most)

    @precondition(lambda self: self.stands("pending_merchant"))
    @rule(number=st.integers(0, 9), who=st.sampled_from(["merchant", "agent", "clock"]))
    def approve(self, number, who):
        case = self.case(number, "pending_merchant")
        if case is None:
            return
        now = self.moved(case, "approve", lambda: cases.approve(case.pk, by=getattr(self.people, who), at=self.at))
        if now is not None and case.type == CaseType.REFUND_ONLY:
            model = self.held[case.pk]
            if now.status != "completed":
                self.narrowed(now, model.units, model.money)

    @precondition(lambda self: self.stands("pending_merchant"))
    @rule(number=st.integers(0, 9))
    def reject(self, number):
        case = self.case(number, "pending_merchant")
        if case:
            self.moved(
                case, "reject", lambda: cases.reject(case.pk, by=self.people.merchant, at=self.at, reason=refusal())
            )

    @precondition(lambda self: self.stands("pending_merchant"))
    @rule(number=st.integers(0, 9), percent=st.integers(0, 100), answer=st.sampled_from(["accept", "decline", "none"]))
    def negotiate(self, number, percent, answer):
        case = self.case(number, "pending_merchant")
        if case is None:
            return
        amount = (case.requested_amount * percent / 100).quantize(Decimal("0.01"))
        offer = self.moved(
            case, "offer", lambda: negotiation.offer(case.pk, by=self.people.merchant, at=self.at, amount=amount)
        )
        if offer is None or answer == "none":
            return
        if answer == "decline":
            self.moved(offer, "decline_offer", lambda: negotiation.decline(case.pk, by=self.buyer, at=self.at))
            return
        agreed = self.moved(offer, "accept_offer", lambda: negotiation.accept(case.pk, by=self.buyer, at=self.at))
        if agreed is not None and case.type == CaseType.REFUND_ONLY:
            self.narrowed_anew(agreed, fen(amount))

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
        return case.lines.get().units

    @precondition(
        lambda self: self.stands(
            "pending_merchant", "pending_buyer", "rejected", "awaiting_return", "return_in_transit"
        )
    )
    @rule(number=st.integers(0, 9))
    def withdraw(self, number):
        case = self.case(
            number, "pending_merchant", "pending_buyer", "rejected", "awaiting_return", "return_in_transit"
        )
        if case:
            self.moved(case, "withdraw", lambda: cases.withdraw(case.pk, by=self.buyer, at=self.at))

    @precondition(lambda self: self.stands("rejected"))
    @rule(number=st.integers(0, 9), units=st.integers(1, 3))
    def reapply(self, number, units):
        case = self.case(number, "rejected")
        if case is None:
            return
        model = self.held[case.pk]
        order = self.lines[model.line]
        application = asks(order, type=case.type, reason="agreed", units={model.line: units})
        now = self.moved(case, "reapply", lambda: cases.reapply(case.pk, application, by=self.buyer, at=self.at))
        if now is not None:
            line = OrderLine.objects.get(pk=model.line)
            model.units = units
            others = [one for one in self.held.values() if one.line == model.line and one is not model]
            gone_units = sum(one.units + one.given["units"] for one in others)
            gone = sum(one.money + one.given["money"] for one in others)
            free = fen(line.paid_amount) - gone
            whole = units == line.quantity - gone_units
            model.money = free if whole else min(fen(line.paid_amount) * units // line.quantity, free)
            model.most = model.money

    @precondition(lambda self: self.stands("awaiting_return", "return_in_transit"))
    @rule(number=st.integers(0, 9), accepted=st.integers(0, 3), arrived=st.integers(1, 3), announced=st.booleans())
    def bring_back(self, number, accepted, arrived, announced):
        case = self.case(number, "awaiting_return")
        if case is None:
            return
        if announced:
            case = self.moved(
                case,
                "ship_return",
                lambda: returns.ship(
                    case.pk, by=self.buyer, at=self.at, carrier="SF", waybill=f"W{case.pk}-{case.version}"
                ),
            )
            if case is None:
                return
        line = case.lines.get()
        arrived = min(arrived, line.units)
        case = self.moved(
            case,
            "receive",
            lambda: returns.receive(
                case.pk,
                by=self.people.warehouse,
                at=self.at,
                units={line.pk: arrived},
                waybill=f"U{case.pk}-{case.version}",
            ),
        )
        if case is None:
            return
        good = min(accepted, arrived)
        seen = found(line, good) + found(line, arrived - good, accepted=False)
        if not good:
            self.moved(
                case,
                "fail_inspection",
                lambda: returns.fail_inspection(case.pk, seen, by=self.people.warehouse, at=self.at, reason=refusal()),
            )
            return
        model = self.held[case.pk]
        share = model.money if good == model.units else model.money * good // model.units
        agreed = case.agreed_amount
        now = self.moved(
            case,
            "pass_inspection",
            lambda: returns.pass_inspection(case.pk, seen, by=self.people.warehouse, at=self.at),
        )
        if now is None:
            return
        if agreed is not None:
            share = (
                int((Decimal(fen(agreed)) * share / model.money).to_integral_value("ROUND_HALF_UP"))
                if model.money
                else 0
            )
        if now.status == "completed":
            model.given = {"units": good, "money": share}
            model.units = model.money = 0
        else:
            model.units, model.money = good, share

    @precondition(lambda self: self.stands("rejected", "arbitration"))
    @rule(number=st.integers(0, 9), ending=st.sampled_from(["buyer", "merchant", "suspend", "wait"]))
    def dispute(self, number, ending):
        case = self.case(number, "rejected", "arbitration")
        if case is None:
            return
        if case.status == "rejected":
            case = self.moved(case, "escalate", lambda: arbitration.escalate(case.pk, by=self.buyer, at=self.at))
        if case is None or ending == "wait":
            return
        by = self.people.supervisor
        if ending == "merchant":
            self.moved(
                case,
                "rule_for_merchant",
                lambda: arbitration.rule_for_merchant(case.pk, by=by, at=self.at, ruling="Fine."),
            )
        elif ending == "suspend":
            case = self.moved(case, "suspend", lambda: arbitration.suspend(case.pk, by=by, at=self.at, why="Court."))
            self.moved(case, "resume", lambda: arbitration.resume(case.pk, by=by, at=self.at))
        elif case.type == CaseType.RETURN_REFUND and case.goods_are_here:
            return
        else:
            now = self.moved(
                case,
                "rule_for_buyer",
                lambda: arbitration.rule_for_buyer(case.pk, by=by, at=self.at, ruling="So.", liable=Fault.MERCHANT),
            )
            if now is not None and case.type == CaseType.REFUND_ONLY and now.status != "completed":
                self.narrowed(now, self.held[case.pk].units, self.held[case.pk].money)

    @precondition(lambda self: Refund.objects.exclude(status="succeeded").exists())
    @rule(
        fault=st.sampled_from(
            [None, None, "decline", "decline", "timeout_after_success", "error_500", "accepted_then_later"]
        )
    )
    def work(self, fault):
        if fault:
            sandbox.set_fault(fault, "1x:1" if fault == "accepted_then_later" else "1x")
        open_before = set(
            Case.objects.filter(pk__in=self.held).exclude(closed_at__isnull=False).values_list("pk", flat=True)
        )
        self.at += timedelta(minutes=1)
        while payout.send_next(self.at):
            pass
        sandbox.clear_faults()
        for case in Case.objects.filter(pk__in=open_before):
            REACHED[case.status] += 1
            if case.status == "completed":
                self.free_or_settle(case)

    @precondition(lambda self: Refund.objects.filter(status="failed").exists())
    @rule()
    def retry(self):
        refund = Refund.objects.filter(status="failed").order_by("pk").first()
        self.attempt(lambda: refunds.retry(refund.pk, by=self.people.finance, at=self.at))

    @rule(hours=st.sampled_from([1, 5, 13]))
    def time_passes(self, hours):
        """Not so long that a promise to decide is due: what the clock does then has its own tests."""
        soonest = Case.objects.filter(pk__in=self.held, due_at__isnull=False).order_by("due_at").first()
        later = self.at + timedelta(hours=hours)
        if soonest is None or later < soonest.due_at:
            self.at = later
            sweeps.miss_first_replies(self.at)

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


# How often each state was reached: a machine that stands still proves nothing.
REACHED = Counter()
# Actions that lead elsewhere than the chart of a return says, when nothing has to come back.
VARIES = {"approve", "accept_offer", "rule_for_buyer", "pass_inspection"}


def test_any_order_of_steps_keeps_the_books(people, shop):
    CaseMachine.people, CaseMachine.shop = people, shop

    run_state_machine_as_test(CaseMachine, settings=STEPS)

    assert set(REACHED) >= set(MOVES) - {"intercepting"}
    assert REACHED["completed"] >= STEPS.max_examples // 4


def test_control_a_consumption_that_is_lost_is_noticed(people, shop, monkeypatch):
    CaseMachine.people, CaseMachine.shop = people, shop
    monkeypatch.setattr(holdings.entitlement, "consume", holdings.entitlement.release)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(CaseMachine, settings=settings(STEPS, phases=[Phase.generate]))
