"""The play: hour by hour the clock acts, then people do, each case at its own moments."""

import heapq
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from django.conf import settings

from aftersales import sweeps
from aftersales.actions import clock
from aftersales.actions.cases import decisions, extensions
from aftersales.actions.parties import notices
from aftersales.actions.refunds import gateway_notices
from aftersales.models import Case
from aftersales.rules.actor import buyer
from aftersales.rules.vocabulary import ENDED, Role, Status
from aftersales.simulation import actors, applications, behaviours, inspecting, paying, replacing
from aftersales.simulation.behaviours import Behaviour, Situation
from aftersales.simulation.tally import Ear, Stopped, Tally, listening
from aftersales.simulation.world import DAY, World
from orders import receipt
from orders.gateways import sandbox

HOUR = timedelta(hours=1)
ODDS: dict[str, dict[Behaviour, int]] = {
    **behaviours.ODDS,
    Status.INSPECTING: {**behaviours.ODDS[Status.INSPECTING], inspecting.passes: 46, inspecting.fails: 14},
    Status.REPAIRING: {
        replacing.diagnose: 26, replacing.quote: 8, replacing.send_out: 8, replacing.take_back: 14,
        replacing.finish: 22, replacing.fail: 12, replacing.choose: 5, behaviours.withdraw: 2,
    },
    Status.AWAITING_DISPATCH: {replacing.dispatch: 60, replacing.give_money: 6, behaviours.withdraw: 2},
    Status.AWAITING_RECEIPT: {replacing.deliver: 34, replacing.confirm: 30, replacing.lose: 6},
    Status.REFUNDING: {
        **behaviours.ODDS[Status.REFUNDING], paying.release: 40, paying.retry: 8, paying.settle_by_hand: 5,
    },
    Status.REFUND_FAILED: {
        **behaviours.ODDS[Status.REFUND_FAILED], paying.retry: 45, paying.settle_by_hand: 24,
    },
    Status.COMPLETED: {**behaviours.ODDS[Status.COMPLETED], paying.take_back: 8},
}  # fmt: skip


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
    ear: Ear
    agenda: list[tuple[datetime, int, int]] = field(default_factory=list)
    count: int = 0
    outage_until: datetime | None = None

    def run(self) -> None:
        """Play every hour to the end."""
        for hour in range(self.days * 24):
            at = self.start + hour * HOUR
            if hour % 24 == 0:
                self._new_day(at)
            if self.outage_until and at < self.outage_until:
                continue
            self._clock(at)
            self._people(at, at + HOUR)
        self._clock(self.start + self.days * DAY)
        sweeps.fold_board()

    def _new_day(self, at: datetime) -> None:
        paying.roll_faults(self.situation)
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
            extensions.declare_outage(
                started_at=at, ended_at=until, reason="as simulated", user_id=who.user_id, at=until
            )

    def _clock(self, at: datetime) -> None:
        self.tally.clock["outages"] += sweeps.apply_outages(at)
        self.tally.clock.update(clock.fire_deadlines(at))
        self.tally.clock["refunds sent"] += sweeps.send_refunds(at)
        self.tally.clock["told by the gateway"] += gateway_notices.apply_notices(at)
        self.tally.clock["receipts"] += receipt.confirm_due(at)
        self.ear.judge(at)

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
        chance = self.random.random()
        by = buyer(order.buyer_id) if chance < 0.8 else self.situation.actors.one(Role.AGENT)
        with self.tally.attempt("apply", order.number, at):
            case = decisions.apply(asked, by=by, at=at)
            self._attend_later(case.pk, at)

    def _attend_later(self, case_id: int, at: datetime, *, silent: bool = False) -> None:
        """Somebody looks again some hours later; after a silence, days later."""
        self.count += 1
        wait = self.random.uniform(40, 300) if silent else self.random.expovariate(1 / 9)
        heapq.heappush(self.agenda, (at + wait * HOUR, self.count, case_id))

    def _attend(self, case_id: int, at: datetime) -> None:
        case = Case.objects.select_related("order", "order__buyer", "order__merchant").get(pk=case_id)
        odds = ODDS[case.status] if case.status in ENDED else {**behaviours.ALWAYS, **ODDS[case.status]}
        behaviour = self.random.choices(list(odds), weights=list(odds.values()))[0]
        if self.random.random() < 0.05:
            behaviour = self._anything()
        with self.tally.attempt(behaviour.__name__, f"{case.number} ({case.status})", at):
            behaviour(self.situation, case, at)
        if case.status not in ENDED or self.random.random() < 0.7:
            self._attend_later(case_id, at, silent=behaviour is behaviours.silence)

    def _anything(self) -> Behaviour:
        """A behaviour of any state: most are refused, none may break."""
        everything = [behaviour for odds in ODDS.values() for behaviour in odds]
        return self.random.choice(everything)


def play(*, start: datetime, days: int, rate: float, seed: int, keep_going: bool = False) -> Tally:
    """Play the days on the orders in the database; ends early at the first bug unless told to keep going."""
    random, tally = Random(seed), Tally(keep_going)  # noqa: S311 -- a play, not a secret
    applications.forget()
    with listening(tally) as ear, _letters_go_nowhere():
        world = World.of(start, days, random)
        situation = Situation(actors.gather(random), random)
        sandbox.clear_faults()
        try:
            Play(start, days, rate, random, tally, world, situation, ear).run()
        except Stopped:
            pass
        finally:
            sandbox.clear_faults()
    return tally


@contextmanager
def _letters_go_nowhere() -> Iterator[None]:
    """Nobody is written to about what did not happen."""
    before = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    try:
        yield
    finally:
        settings.EMAIL_BACKEND = before
