"""The simulated days: hour by hour the clock acts, then people do, each case at its own moments."""

import heapq
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from django.conf import settings

from aftersales import sweeps
from aftersales.actions import clock
from aftersales.actions.cases import decisions
from aftersales.actions.oversight import outages
from aftersales.actions.parties import notices
from aftersales.actions.refunds import gateway_notices
from aftersales.actions.returns import scan_processing
from aftersales.actions.returns.goods import goods_back
from aftersales.models import Case
from aftersales.rules.actor import buyer
from aftersales.rules.vocabulary import ENDED, Role
from aftersales.simulation import actors, applications
from aftersales.simulation.behaviours import conversation, refunds
from aftersales.simulation.behaviours.odds import ALWAYS, ODDS
from aftersales.simulation.behaviours.situation import Behaviour, Situation
from aftersales.simulation.facts import accounts
from aftersales.simulation.facts import odds as facts
from aftersales.simulation.tally import LogWatcher, Stopped, Tally, watching_log
from aftersales.simulation.world import DAY, World
from orders import receipt
from orders.gateways import sandbox
from orders.models import Order

HOUR = timedelta(hours=1)


@dataclass
class Play:
    """One simulation: a seed always plays the same on the same data."""

    start: datetime
    days: int
    rate: float
    random: Random
    tally: Tally
    world: World
    situation: Situation
    log: LogWatcher
    agenda: list[tuple[datetime, int, int]] = field(default_factory=list)
    count: int = 0
    outage_until: datetime | None = None

    def run(self) -> None:
        """Play every hour to the end."""
        for hour in range(self.days * 24):
            at = self.start + hour * HOUR
            if hour % 24 == 0:
                self._new_day(at)
            # Nobody reaches us: neither the clock nor people act, and the deadlines are moved afterwards.
            if self.outage_until and at < self.outage_until:
                continue
            self._clock(at)
            self._people(at, at + HOUR)
        self._clock(self.start + self.days * DAY)
        sweeps.fold_board()

    def _new_day(self, at: datetime) -> None:
        refunds.roll_faults(self.situation)
        accounts.another_day(self.situation, at)
        self.tally.done["parcels move on"] += self.world.move_parcels(at)
        self.tally.clock["notices"] += notices.deliver_due(at, limit=2000)
        sweeps.fold_board()
        if self.random.random() < 0.06:
            self._outage(at)

    def _outage(self, at: datetime) -> None:
        until = at + self.random.randint(2, 9) * HOUR
        self.outage_until = until
        who = self.situation.actors.one(Role.SUPERVISOR)
        with self.tally.attempt("declare_outage", "outage", until):
            outages.declare(started_at=at, ended_at=until, reason="as simulated", user_id=who.user_id, at=until)

    def _clock(self, at: datetime) -> None:
        self.tally.clock["outages"] += sweeps.apply_outages(at)
        self.tally.clock["scans"] += scan_processing.process_due(at)
        self.tally.clock.update(clock.fire_deadlines(at))
        self.tally.clock["goods overdue"] += goods_back.note_overdue(at)
        self.tally.clock["refunds sent"] += sweeps.send_refunds(at)
        self.tally.clock["told by the gateway"] += gateway_notices.apply_notices(at)
        self.tally.clock["receipts"] += receipt.confirm_due(at)
        self.log.count(at)

    def _people(self, since: datetime, until: datetime) -> None:
        arrivals = self.rate / 24
        while arrivals > 0:
            if self.random.random() < arrivals:
                self._apply(since + self.random.random() * HOUR)
            arrivals -= 1
        while self.agenda and self.agenda[0][0] < until:
            at, _count, case_id = heapq.heappop(self.agenda)
            self._attend(case_id, at)

    def _apply(self, at: datetime) -> None:
        order = self.world.recent_order(at)
        asked = applications.application(order, self.random, at) if order else None
        if order is None or asked is None:
            return
        self._fact(order, at)
        chance = self.random.random()
        by = buyer(order.buyer_id) if chance < 0.8 else self.situation.actors.one(Role.AGENT)
        with self.tally.attempt("apply", order.number, at):
            case = decisions.apply(asked, by=by, at=at)
            self._attend_later(case.pk, at)

    def _fact(self, order: Order, at: datetime) -> None:
        """Now and then a fact has moved since somebody looked; mostly about this order, else about any other."""
        if self.random.random() >= facts.SHARE:
            return
        about = order if self.random.random() < 0.85 else self.world.recent_order(at) or order
        fact = facts.any_of(self.situation)
        name = f"{fact.__module__.rpartition('.')[2]}: {fact.__name__}"
        with self.tally.attempt(name, about.number, at):
            fact(self.situation, about, at)

    def _attend_later(self, case_id: int, at: datetime, *, silent: bool = False) -> None:
        """Somebody looks again some hours later; after a silence, days later."""
        # The count keeps the order of cases that come up at one moment, whatever their ids.
        self.count += 1
        wait = self.random.uniform(40, 300) if silent else self.random.expovariate(1 / 9)
        heapq.heappush(self.agenda, (at + wait * HOUR, self.count, case_id))

    def _attend(self, case_id: int, at: datetime) -> None:
        about = Order.objects.select_related("buyer", "merchant").get(cases=case_id)
        self._fact(about, at)
        case = Case.objects.select_related("order", "order__buyer", "order__merchant").get(pk=case_id)
        odds = ODDS[case.status] if case.status in ENDED else {**ALWAYS, **ODDS[case.status]}
        behaviour = self.random.choices(list(odds), weights=list(odds.values()))[0]
        if self.random.random() < 0.05:
            behaviour = self._any_behaviour()
        if behaviour in refunds.BY_FINANCE and self.situation.is_away(Role.FINANCE, at):
            behaviour = conversation.silence
        with self.tally.attempt(behaviour.__name__, f"{case.number} ({case.status})", at):
            behaviour(self.situation, case, at)
        if case.status not in ENDED or self.random.random() < 0.7:
            self._attend_later(case_id, at, silent=behaviour is conversation.silence)

    def _any_behaviour(self) -> Behaviour:
        """A behaviour of any state: most are refused, none may break."""
        everything = [behaviour for odds in ODDS.values() for behaviour in odds]
        return self.random.choice(everything)


def play(*, start: datetime, days: int, rate: float, seed: int, keep_going: bool = False) -> Tally:
    """Play the days on the orders in the database; ends early at the first bug unless told to keep going."""
    random, tally = Random(seed), Tally(keep_going)  # noqa: S311 -- a play, not a secret
    applications.forget_reasons()
    with watching_log(tally) as log, _no_emails(), _no_faults_left():
        world = World.of(start, days, random)
        situation = Situation(actors.gather(random), random)
        with suppress(Stopped):
            try:
                Play(start, days, rate, random, tally, world, situation, log).run()
            finally:
                accounts.fill_again(situation)
    return tally


@contextmanager
def _no_faults_left() -> Iterator[None]:
    """Faults of the sandbox bank outlive the process: none is there before, none afterwards."""
    sandbox.clear_faults()
    try:
        yield
    finally:
        sandbox.clear_faults()


@contextmanager
def _no_emails() -> Iterator[None]:
    """Nobody is written to about what did not happen."""
    before = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    try:
        yield
    finally:
        settings.EMAIL_BACKEND = before
