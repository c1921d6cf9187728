"""Plays the demo's stories in the order of their times, with the clock ticking between them."""

from __future__ import annotations

import heapq
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aftersales import sweeps
from aftersales.actions import notices
from orders import receipt
from orders.gateways import sandbox

# A story says when it goes on; it remembers the moment itself.
Story = Generator[datetime, None, None]
TICK = timedelta(hours=1)


@dataclass
class Stage:
    """Stories waiting for their next moment, up to the present; what lies beyond it has not happened yet."""

    now: datetime
    waiting: list[tuple[datetime, int, Story]] = field(default_factory=list)
    count: int = 0

    def enter(self, story: Story) -> None:
        """Start a story: it says when it begins."""
        self.count += 1
        self._wait(self.count, story)

    def play(self) -> None:
        """Play everything that happened before now; the clock acts in between, as it would have."""
        tick = self.waiting[0][0] if self.waiting else self.now
        while self.waiting:
            at, number, story = heapq.heappop(self.waiting)
            while tick < at:
                self._tick(tick)
                tick += TICK
            self._wait(number, story)
            sweeps.send_refunds(at)
        while tick < self.now:
            self._tick(tick)
            tick += TICK
        self._tick(self.now)

    def _wait(self, number: int, story: Story) -> None:
        at = next(story, None)
        if at is not None and at <= self.now:
            heapq.heappush(self.waiting, (at, number, story))

    def _tick(self, at: datetime) -> None:
        if sweeps.due(at, limit=1):
            sweeps.fire_deadlines(at)
            sweeps.send_refunds(at)


def settle_down(now: datetime) -> None:
    """Leave nothing that the first sweep would flood the console with."""
    sandbox.clear_faults()
    sweeps.fire_deadlines(now)
    receipt.confirm_due(now)
    while notices.deliver_due(now):
        pass
    sweeps.fold_board()
