"""A whole desk for Hypothesis: some orders, everybody who acts, and what must hold after every step and every game."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from itertools import chain
from random import Random

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from hypothesis.stateful import RuleBasedStateMachine

from aftersales import sweeps
from aftersales.actions import clock
from aftersales.actions.refunds import gateway_notices
from aftersales.actions.returns import scan_processing
from aftersales.actions.returns.goods import goods_back
from aftersales.models import Event, Receivable
from aftersales.queries.oversight import invariants, outside_invariants
from aftersales.simulation import actors, applications
from aftersales.simulation.actors import Actors
from aftersales.simulation.behaviours.situation import Situation
from aftersales.simulation.facts import accounts, parcels
from aftersales.simulation.tally import Tally, watching_log
from orders import receipt
from orders.gateways import sandbox
from orders.models import Order, Payment
from tests.factories import NOON, sold

# What was played: a machine that stands still, or plays one type only, proves nothing.
PLAYED = Counter()
HOUR = timedelta(hours=1)


class Anybody(Actors):
    """Mostly who should act; now and then somebody else, who is refused."""

    def _or_anybody(self, who):
        if self.random.random() > 0.1:
            return who
        return self.random.choice([one for staff in self.staff.values() for one in staff])

    def one(self, role):
        return self._or_anybody(super().one(role))

    def merchant(self, case):
        return self._or_anybody(super().merchant(case))

    def buyer(self, case):
        return self._or_anybody(super().buyer(case))


class DeskAtPlay(RuleBasedStateMachine):
    """Orders in every state of delivery, several payments, nobody asked for anything yet."""

    shop = None

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        sandbox.reset()
        applications.forget_reasons()
        self.at, self.tally, self.drawn = NOON, Tally(), 0
        self.situation = Situation(None, Random(0))
        staff = actors.gather(Random(0)).staff
        self.situation.actors = Anybody(staff, Random(0))
        signed = sold(merchant=self.shop, lines=[(3, 100), (1, "33.33")], payments=[("card", 60), ("balance", "83.33")])
        self.orders = [
            signed,
            sold(merchant=self.shop, buyer=signed.buyer, lines=[(2, "7.77")], unshipped=True),
            self.on_its_way(sold(merchant=self.shop, buyer=signed.buyer, lines=[(2, 50), (2, 20)], unshipped=True)),
            self.on_its_way(sold(merchant=self.shop, lines=[(1, 300)], unshipped=True)),
        ]

    def on_its_way(self, order):
        """As a carrier's first scan has it."""
        parcels.depart(order, self.at - 24 * HOUR)
        scan_processing.process_due(self.at - 24 * HOUR)
        return Order.objects.get(pk=order.pk)

    def draws(self, seed):
        """Chance for one step: another one each time, since Hypothesis likes to give the same seed again."""
        self.drawn += 1
        random = Random(seed + 1_000_003 * self.drawn)
        self.situation.random = self.situation.actors.random = random
        return random

    def tried(self, name, work):
        """Do it in a savepoint. Refused is an answer; anything else ends the game as a bug."""
        with self.tally.attempt(name, "", self.at), transaction.atomic():
            work()
        self.at += timedelta(minutes=7)

    def swept(self):
        """Everything that is due, in the order of `sweeps.run`."""
        with watching_log(self.tally) as log:
            sweeps.apply_outages(self.at)
            scan_processing.process_due(self.at)
            clock.fire_deadlines(self.at)
            goods_back.note_overdue(self.at)
            sweeps.send_refunds(self.at)
            gateway_notices.apply_notices(self.at)
            receipt.confirm_due(self.at)
            log.count(self.at)

    def paid_twice(self):
        """Orders whose buyer has more than was captured, whatever way it went back."""
        given = Coalesce(Sum("refunds__amount", filter=Q(refunds__status="succeeded")), Decimal(0))
        repaid = Receivable.objects.filter(case__order=OuterRef("pk"), kind="clawback", status="settled")
        repaid = repaid.values("case__order").values(sum=Sum("amount"))
        captured = Payment.objects.filter(order=OuterRef("pk")).values("order").values(sum=Sum("captured"))
        found = Order.objects.annotate(given=given, repaid=Coalesce(Subquery(repaid), Decimal(0)))
        return list(found.filter(given__gt=Subquery(captured) + F("repaid")))

    def teardown(self):
        accounts.fill_again(self.situation)
        twice = self.paid_twice()
        broken = [verdict for verdict in [*invariants.check_all(), *outside_invariants.verdicts()] if verdict.count]
        for word in chain(*Event.objects.values_list("case__type", "to_status").distinct()):
            PLAYED[word] += 1
        for name, number in self.tally.done.items():
            PLAYED[name] += number
        sandbox.clear_faults()
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)
        assert (broken, twice) == ([], [])
