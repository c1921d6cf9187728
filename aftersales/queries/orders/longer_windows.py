"""What lets buyers ask after the time of the policy is over, for orders; read when it is asked for, once for all."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from aftersales.models import OpenedWindow, Reason
from aftersales.queries.orders import repair_times
from aftersales.rules.policies import shop_day


class LongerWindows:
    """Facts about some orders: nothing is read before somebody is too late by the policy.

    What is still being repaired counts up to the moment `at`, where one is given.
    """

    def __init__(self, orders: Collection[int], at: datetime | None = None) -> None:
        self.orders, self.at = orders, at

    @cached_property
    def opened(self) -> dict[tuple[int, int], OpenedWindow]:
        """By order and reason what a supervisor has opened last."""
        rows = OpenedWindow.objects.filter(order__in=self.orders).select_related("reason", "opened_by").order_by("pk")
        return {(row.order_id, row.reason_id): row for row in rows}

    @cached_property
    def days_in_repair(self) -> dict[int, int]:
        """By order line the days on which units of it were away to be repaired, each once."""
        away: dict[int, set[date]] = {}
        for line_id, began_at, ended_at in repair_times.of(self.orders):
            began, ended = shop_day.of(began_at), shop_day.of(ended_at or self.at or began_at)
            away.setdefault(line_id, set()).update(began + timedelta(days=day) for day in range((ended - began).days))
        return {line_id: len(days) for line_id, days in away.items()}

    def of(self, order_id: int, line_id: int) -> "OfItem":
        """The facts for an item of an order."""
        return OfItem(self, order_id, line_id)


@dataclass(frozen=True)
class OfItem:
    """The facts that `rules.cases.longer_windows.Longer` asks for."""

    windows: LongerWindows
    order_id: int
    line_id: int

    def opened_until(self, reason: Reason) -> datetime | None:
        """The newest of them counts."""
        row = self.windows.opened.get((self.order_id, reason.pk))
        return row.until if row else None

    def days_in_repair(self) -> int:
        """Of all units of the item: which of them it is that is asked for, nobody knows yet."""
        return self.windows.days_in_repair.get(self.line_id, 0)


def of_order(order_id: int, at: datetime | None = None) -> LongerWindows:
    """What is longer for the items of one order."""
    return LongerWindows((order_id,), at)
