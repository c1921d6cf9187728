"""Random applications, conversions, splits and merges on one order: what is held is conserved at each step.

`make long` plays 1,000 sequences, `make test` 24.
"""

import random
from collections import Counter

import pytest
from django.db import transaction

from aftersales.actions.cases import decisions, holdings
from aftersales.actions.cases.applications import Application, Wanted
from aftersales.actions.cases.reshaping import conversions, merges, splits
from aftersales.models import Case, Reason
from aftersales.rules.vocabulary import CaseType
from orders.models import Order, OrderLine
from orders.refusals import Refused
from tests import counts
from tests.aftersales.reshaped import whole
from tests.aftersales.stages import MINUTE, refusal
from tests.factories import NOON, opened, sold

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SEQUENCES = counts.of(sample=24, long=1000)
STEPS = 12
TYPES = ("refund_only", "return_refund", "exchange", "repair", "reship", "compensation")
VERBS = ["apply", "convert", "split", "merge"] * 2 + ["split", "merge", "withdraw", "reject", "approve"]
UNDECIDED = ("pending_merchant", "rejected")


class Play:
    """One order and whoever does what with its cases, in an order that the seed decides."""

    def __init__(self, seed, shop, by, reasons):
        self.rng, self.by, self.at, self.reasons = random.Random(seed), by, NOON, reasons
        self.order = sold(
            merchant=shop,
            lines=[(self.rng.randint(2, 5), self.rng.randint(1, 99999) / 100) for _line in range(2)],
            payments=[("wallet", 5000)],
            unshipped=self.rng.random() < 0.3,
        )
        self.done = Counter()

    def step(self):
        self.at += MINUTE
        verb = self.rng.choice(VERBS if self.a_case() else ["apply"])
        try:
            with transaction.atomic():
                done = getattr(self, verb)()
        except Refused as refused:
            assert refused.sentence
            self.done["refused"] += 1
        else:
            self.done[verb] += bool(done)

    def a_case(self, *states):
        found = list(Case.objects.filter(order=self.order, status__in=states or UNDECIDED).order_by("pk"))
        return self.rng.choice(found) if found else None

    def apply(self):
        units = {
            line.pk: self.rng.randint(1, line.quantity)
            for line in OrderLine.objects.filter(order=self.order)
            if self.rng.random() < 0.6
        }
        return opened(self.order, by=self.by, at=self.at, type=self.rng.choice(TYPES[:3]), reason="agreed", units=units)

    def convert(self):
        case = self.a_case()
        if case is None:
            return None
        kind = CaseType(self.rng.choice(TYPES))
        lines = {}
        if kind == CaseType.COMPENSATION:
            lines = {
                line.order_line_id: Wanted(line.units, line.amount_held or line.amount) for line in case.lines.all()
            }
        asked = Application(self.order.pk, kind, self.reasons[kind], lines)
        return conversions.convert(case.pk, asked, by=self.by, at=self.at, why="Seed.")

    def split(self):
        case = self.a_case()
        if case is None:
            return None
        units = {line.pk: self.rng.randint(0, line.units) for line in case.lines.all()}
        return splits.split(case.pk, units, by=self.by, at=self.at)

    def merge(self):
        """Two that are alike, where there are any; now and then two that are not."""
        found = list(Case.objects.filter(order=self.order, status__in=UNDECIDED).order_by("pk"))
        pairs = [(one, two) for one in found for two in found if one.pk != two.pk]
        alike = [(one, two) for one, two in pairs if (one.type, one.status) == (two.type, two.status)]
        one, two = self.rng.choice(alike or pairs) if pairs else (None, None)
        return one and merges.merge(one.pk, two.pk, by=self.by, at=self.at)

    def withdraw(self):
        case = self.a_case()
        return case and self.rng.random() < 0.3 and decisions.withdraw(case.pk, by=self.by, at=self.at)

    def reject(self):
        case = self.a_case("pending_merchant")
        return case and decisions.reject(case.pk, by=self.by, at=self.at, reason=refusal())

    def approve(self):
        case = self.a_case("pending_merchant")
        return case and decisions.approve(case.pk, by=self.by, at=self.at)

    def conserved(self):
        """What the lines hold is what open cases hold, in sum and never more than sold; so for the freight."""
        live = Case.objects.filter(order=self.order, closed_at__isnull=True)
        for line in OrderLine.objects.filter(order=self.order):
            mine = [each for case in live for each in case.lines.all() if each.order_line_id == line.pk]
            assert line.units_reserved == sum(each.units_held for each in mine)
            assert line.amount_reserved == sum(each.amount_held for each in mine)
            assert line.units_left >= 0
            assert line.amount_left >= 0
        order = Order.objects.get(pk=self.order.pk)
        assert order.freight_reserved == sum(case.freight_held for case in live)
        assert order.freight_left >= 0


@pytest.fixture
def reasons():
    agreed = Reason.objects.get(code="agreed")
    return dict.fromkeys(CaseType, agreed)


def played(seeds, shop, by, reasons):
    """Play sequences, each undone when it is over; answers how often what was done."""
    done = Counter()
    for seed in seeds:
        with transaction.atomic():
            play = Play(seed, shop, by, reasons)
            for _step in range(STEPS):
                play.step()
                play.conserved()
            assert whole() == []
            done += play.done
            transaction.set_rollback(True)
    return done


def test_hundreds_of_sequences_conserve_what_is_held(shop, supervisor, reasons):
    done = played(range(SEQUENCES), shop, supervisor, reasons)

    assert min(done[verb] for verb in ("apply", "convert", "split", "merge", "withdraw", "approve")) >= SEQUENCES // 20


def test_control_a_surplus_that_is_not_let_go_is_noticed(shop, supervisor, reasons, monkeypatch):
    monkeypatch.setattr(holdings.entitlement, "release", lambda *args, **fields: None)

    with pytest.raises(AssertionError):
        played(range(20), shop, supervisor, reasons)
