"""Hypothesis plays all eight types: anybody does anything, and facts move between any two steps.

Without a model of the sums, which `test_case_machine` has: here only what must hold is looked at. Nothing but a
refusal comes out of an act, every invariant holds after every game. `make long` plays 400 games of 60 steps.
"""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from aftersales.actions.cases import decisions, holdings
from aftersales.models import Case, Policy
from aftersales.rules import actor
from aftersales.rules.vocabulary import ENDED, CaseType, Status
from aftersales.simulation import applications
from aftersales.simulation.behaviours import refunds
from aftersales.simulation.behaviours.conversation import silence
from aftersales.simulation.behaviours.odds import ALWAYS, ODDS
from aftersales.simulation.facts import accounts
from aftersales.simulation.facts.odds import FACTS
from orders.models import Order
from tests import counts
from tests.aftersales.simulation.desk_at_play import PLAYED, DeskAtPlay

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SEED = st.integers(0, 10**6)  # of what a step does: Hypothesis itself would mostly choose the first of everything
ANYTHING = list(
    {behaviour: None for odds in (*ODDS.values(), ALWAYS) for behaviour in odds if behaviour is not silence}
)
STEPS = settings(
    max_examples=counts.of(sample=6, long=400),
    stateful_step_count=counts.of(sample=30, long=60),
    deadline=None,
    derandomize=not counts.LONG,
    database=None,
    suppress_health_check=list(HealthCheck),
)


class DeskMachine(DeskAtPlay):
    """Any open case, anything that anybody may do with it, any fact in between."""

    @initialize(seed=SEED)
    def ask_for_everything(self, seed):
        """A case of each type, on the first order that allows it: the games are about what comes then."""
        random = self.draws(seed)
        for type in random.sample(list(CaseType), len(CaseType)):
            tries = random.sample(range(len(self.orders)), len(self.orders))
            next((number for number in tries if self.apply_for(number, type, random.randrange(10**6))), None)

    @rule(number=st.integers(0, 3), type=st.sampled_from([*CaseType, *CaseType, None]), seed=SEED)
    def apply(self, number, type, seed):
        self.apply_for(number, type, seed)

    def apply_for(self, number, type, seed):
        random, before = self.draws(seed), Case.objects.count()
        order = Order.objects.get(pk=self.orders[number].pk)
        asked = applications.application(order, random, self.at, type=type)
        self.tried("apply", lambda: decisions.apply(asked, by=actor.buyer(order.buyer_id), at=self.at))
        return Case.objects.count() > before

    @precondition(lambda self: Case.objects.exists())
    @rule(seeds=st.lists(SEED, min_size=2, max_size=5))
    def act(self, seeds):
        """What people do in the state of a case, as likely as in the simulation, but that nobody keeps silent."""
        for seed in seeds:
            random = self.draws(seed)
            case = self.any_case(random)
            odds = {behaviour: weight for behaviour, weight in ODDS[case.status].items() if behaviour is not silence}
            self.behave(random.choices(list(odds), weights=list(odds.values()))[0], case)

    @precondition(lambda self: Case.objects.exists())
    @rule(behaviour=st.sampled_from(ANYTHING), seed=SEED)
    def act_anyhow(self, behaviour, seed):
        """What people do in any state, or in another one: then it is mostly refused."""
        self.behave(behaviour, self.any_case(self.draws(seed)))

    def any_case(self, random):
        """Mostly an open one."""
        cases = list(Case.objects.select_related("order__buyer", "order__merchant").order_by("pk"))
        still_open = [case for case in cases if case.status not in ENDED]
        return random.choice(still_open if still_open and random.random() < 0.85 else cases)

    def behave(self, behaviour, case):
        self.tried(behaviour.__name__, lambda: behaviour(self.situation, case, self.at))

    @rule(number=st.integers(0, 3), fact=st.sampled_from(list(FACTS)), seed=SEED)
    def fact(self, number, fact, seed):
        self.draws(seed)
        order = Order.objects.select_related("merchant", "buyer").get(pk=self.orders[number].pk)
        self.tried(fact.__name__, lambda: fact(self.situation, order, self.at))

    @rule(hours=st.sampled_from([1, 5, 25, 50, 100, 200]), seed=SEED)
    def time_passes(self, hours, seed):
        self.draws(seed)
        refunds.roll_faults(self.situation)
        accounts.another_day(self.situation, self.at)
        self.at += timedelta(hours=hours)
        self.swept()


@pytest.fixture(autouse=True)
def rules(db, shop):
    """Small sums go out at once, or without anything back: these ways are the rarest."""
    generous = {
        "instant_buyer_level": 0,
        "risk_case_count": 99,
        "risk_refund_percent": 100,
        "risk_dispute_percent": 100,
    }
    Policy.objects.update(instant_below=60, returnless_below=8, authorise_below=20, **generous)
    DeskMachine.shop = shop


def test_whatever_anybody_does_while_facts_move_everything_holds():
    run_state_machine_as_test(DeskMachine, settings=STEPS)

    assert len(set(CaseType) - set(PLAYED)) <= counts.of(sample=1, long=0)
    assert len({fact.__name__ for fact in FACTS} - set(PLAYED)) <= counts.of(sample=10, long=0)
    assert len(set(Status) - set(PLAYED)) <= counts.of(sample=9, long=0)


def test_control_units_that_are_forgotten_are_noticed(monkeypatch):
    monkeypatch.setattr(holdings.entitlement, "release", lambda *_args: None)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            DeskMachine, settings=settings(STEPS, phases=[Phase.generate], report_multiple_bugs=False)
        )
