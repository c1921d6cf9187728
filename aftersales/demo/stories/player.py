"""Plays the demo's stories in the order of their times; the clock acts between them, as it would have done."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Min

from aftersales import sweeps
from aftersales.actions import clock
from aftersales.actions.parties import notices
from aftersales.demo.stories.requests import Story
from aftersales.models import Deadline, Refund
from aftersales.rules.vocabulary import DeadlineStatus, RefundStatus
from orders import receipt
from orders.gateways import sandbox

# The clock leaves people a moment of grace; before that has passed it would not act.
LATE = clock.GRACE + timedelta(seconds=1)


@dataclass
class Player:
    """Stories waiting for their next moment, up to the present; what lies beyond it has not happened yet."""

    now: datetime
    waiting: list[tuple[datetime, int, Story]] = field(default_factory=list)
    count: int = 0

    def add(self, story: Story) -> None:
        """Start a story: it says when it begins."""
        # The count decides between stories of one moment: generators can not be compared.
        self.count += 1
        self._wait(self.count, story)

    def play(self) -> None:
        """Play everything that happened before now; the clock acts in between, at its own moments."""
        while self.waiting:
            at, number, story = heapq.heappop(self.waiting)
            self._clock_until(at)
            self._wait(number, story)
            _send(at)
        self._clock_until(self.now)

    def _wait(self, number: int, story: Story) -> None:
        at = next(story, None)
        if at is not None and at <= self.now:
            heapq.heappush(self.waiting, (at, number, story))

    def _clock_until(self, at: datetime) -> None:
        """Let the clock act on every deadline that passed before a moment, just after each."""
        while (due := _next_due()) and due + LATE <= at:
            clock.fire_deadlines(due + LATE)
            _send(due + LATE)


def _next_due() -> datetime | None:
    """The next deadline; one that the clock could not keep is not waited for."""
    running = Deadline.objects.filter(status=DeadlineStatus.PENDING, hold_until__isnull=True)
    due: datetime | None = running.aggregate(due=Min("due_at"))["due"]
    return due


def _send(at: datetime) -> None:
    if Refund.objects.filter(status=RefundStatus.QUEUED).exists():
        sweeps.send_refunds(at)


def settle_down(now: datetime) -> None:
    """Leave nothing that the first sweep would flood the console with."""
    sandbox.clear_faults()
    clock.fire_deadlines(now)
    receipt.confirm_due(now)
    while notices.deliver_due(now):
        pass
    sweeps.fold_board()
