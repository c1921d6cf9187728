"""Hypothesis plays a case's people in any order against PostgreSQL, beside a model that knows only sums.

The model keeps, in fen and units, what each case holds and what was given back; after every step the lines of the
orders must say the same. `make long` plays 2,000 sequences of 50 steps.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from aftersales.actions import clock
from aftersales.actions.cases import decisions, holdings, negotiation
from aftersales.actions.disputes import arbitration
from aftersales.actions.refunds import refund_worker, retries
from aftersales.models import Case, Refund
from aftersales.rules.vocabulary import CaseType, Fault
from orders.gateways import sandbox
from orders.models import OrderLine
from tests import counts
from tests.aftersales.case_model import REACHED, Held, fen
from tests.aftersales.case_returns import ReturningGoods
from tests.aftersales.moves.chart_table import MOVES
from tests.aftersales.stages import refusal
from tests.factories import asks, opened

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
# Nothing comes back for these: an agreement begins the refund.
KEEPING = (CaseType.REFUND_ONLY, CaseType.COMPENSATION)
# Where goods on their way and replacements stand: types that this machine does not play.
ELSEWHERE = {"intercepting", "repairing", "awaiting_dispatch", "awaiting_receipt"}
SMALL = Decimal("0.20")
STEPS = settings(
    max_examples=counts.of(sample=30, long=2000),
    stateful_step_count=counts.of(sample=30, long=50),
    deadline=None,
    derandomize=not counts.LONG,
    database=None,
    suppress_health_check=list(HealthCheck),
)


class CaseMachine(ReturningGoods):
    """Any number of cases, everybody acts whenever they like."""

    @rule(
        number=st.integers(0, 1),
        units=st.integers(1, 3),
        kind=st.sampled_from([*[CaseType.RETURN_REFUND] * 3, CaseType.REFUND_ONLY, CaseType.COMPENSATION]),
        part=st.sampled_from([None, 1, 33]),
    )
    def apply(self, number, units, kind, part):
        order = self.orders[number]
        line = OrderLine.objects.get(order=order)
        part = part or fen(SMALL) if kind == CaseType.COMPENSATION else part
        amount = None if part is None else Decimal(part) / 100
        case = self.attempt(
            lambda: opened(
                order, by=self.buyer, at=self.at, type=kind, reason="agreed", units={line.pk: units}, amount=amount
            )
        )
        if case is None:
            return
        if kind == CaseType.COMPENSATION:
            self.held[case.pk] = Held(case.pk, line.pk, 0, part, kind, True, part)
            return
        left = line.units_left
        most = fen(line.amount_left) if units == left else fen(line.paid_amount) * units // line.quantity
        most = min(most, fen(line.amount_left))
        money = most if part is None else part
        assert units <= left
        assert money <= fen(line.amount_left)
        kept = kind == CaseType.REFUND_ONLY and number == 0
        self.held[case.pk] = Held(case.pk, line.pk, units, money, kind, kept, most)

    @precondition(lambda self: self.stands("pending_merchant"))
    @rule(number=st.integers(0, 9), who=st.sampled_from(["merchant", "agent", "clock"]))
    def approve(self, number, who):
        case = self.case(number, "pending_merchant")
        if case is None:
            return
        now = self.moved(case, "approve", lambda: decisions.approve(case.pk, by=getattr(self.people, who), at=self.at))
        if now is not None and case.type in KEEPING:
            model = self.held[case.pk]
            if now.status != "completed":
                self.narrowed(now, model.units, model.money)

    @precondition(lambda self: self.stands("pending_merchant"))
    @rule(number=st.integers(0, 9))
    def reject(self, number):
        case = self.case(number, "pending_merchant")
        if case:
            self.moved(
                case, "reject", lambda: decisions.reject(case.pk, by=self.people.merchant, at=self.at, reason=refusal())
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
        if agreed is not None and case.type in KEEPING:
            self.narrowed_anew(agreed, fen(amount))

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
            self.moved(case, "withdraw", lambda: decisions.withdraw(case.pk, by=self.buyer, at=self.at))

    @precondition(lambda self: self.stands("rejected"))
    @rule(number=st.integers(0, 9), units=st.integers(1, 3))
    def reapply(self, number, units):
        case = self.case(number, "rejected")
        if case is None:
            return
        model = self.held[case.pk]
        order = self.lines[model.line]
        is_money = case.type == CaseType.COMPENSATION
        amount = SMALL if is_money else None
        application = asks(order, type=case.type, reason="agreed", units={model.line: units}, amount=amount)
        now = self.moved(case, "reapply", lambda: decisions.reapply(case.pk, application, by=self.buyer, at=self.at))
        if now is not None and is_money:
            model.units, model.money, model.most = 0, fen(SMALL), fen(SMALL)
        elif now is not None:
            line = OrderLine.objects.get(pk=model.line)
            model.units = units
            others = [one for one in self.held.values() if one.line == model.line and one is not model]
            gone_units = sum(one.units + one.given["units"] for one in others)
            gone = sum(one.money + one.given["money"] for one in others)
            free = fen(line.paid_amount) - gone
            whole = units == line.quantity - gone_units
            model.money = free if whole else min(fen(line.paid_amount) * units // line.quantity, free)
            model.most = model.money

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
            case = self.moved(
                case, "suspend", lambda: arbitration.suspend(case.pk, by=by, at=self.at, cause="court", why="!")
            )
            self.moved(case, "resume", lambda: arbitration.resume(case.pk, by=by, at=self.at))
        elif case.type == CaseType.RETURN_REFUND and case.goods_are_here:
            return
        else:
            now = self.moved(
                case,
                "rule_for_buyer",
                lambda: arbitration.rule_for_buyer(case.pk, by=by, at=self.at, ruling="So.", liable=Fault.MERCHANT),
            )
            if now is not None and case.type in KEEPING and now.status != "completed":
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
        while refund_worker.send_next(self.at):
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
        self.attempt(lambda: retries.retry(refund.pk, by=self.people.finance, at=self.at))

    @rule(hours=st.sampled_from([1, 5, 13]))
    def time_passes(self, hours):
        """Not so long that a promise to decide is due: what the clock does then has its own tests."""
        soonest = Case.objects.filter(pk__in=self.held, due_at__isnull=False).order_by("due_at").first()
        later = self.at + timedelta(hours=hours)
        if soonest is None or later < soonest.due_at:
            self.at = later
            clock.miss_first_replies(self.at)


def test_any_order_of_steps_keeps_the_books(people, shop):
    CaseMachine.people, CaseMachine.shop = people, shop

    run_state_machine_as_test(CaseMachine, settings=STEPS)

    # Which states thirty games pass through hangs on every line of the steps; the whole count sees all of them.
    here = set(MOVES) - ELSEWHERE
    assert len(here - set(REACHED)) <= counts.of(sample=4, long=0)
    assert REACHED["completed"] >= STEPS.max_examples // counts.of(sample=15, long=4)


def test_control_a_consumption_that_is_lost_is_noticed(people, shop, monkeypatch):
    CaseMachine.people, CaseMachine.shop = people, shop
    monkeypatch.setattr(holdings.entitlement, "consume", holdings.entitlement.release)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(CaseMachine, settings=settings(STEPS, phases=[Phase.generate]))
