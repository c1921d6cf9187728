"""Which reasons can be given for the items of an order now, each item judged by its own policy."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import cached_property

from django.utils.translation import gettext as _

from aftersales.models import OpenedWindow, Policy, Reason
from aftersales.queries.orders import longer_windows
from aftersales.queries.orders.longer_windows import LongerWindows
from aftersales.queries.policies import policy_choice
from aftersales.queries.replacements import replaced
from aftersales.rules.cases import item_eligibility, return_window
from aftersales.rules.console import zones
from aftersales.rules.console.moments import moment
from aftersales.rules.policies.calendar import Calendar
from aftersales.rules.vocabulary import CaseType
from orders.models import Order, OrderLine


@dataclass(frozen=True)
class ReasonOffer:
    """A reason that fits now, for some items at least, and until when it will for the last of them.

    `against` says by order line why it does not fit the others, `opened` by whom the window was opened once more,
    `days_in_repair` how much later the warranty ends for time in repair.
    """

    reason: Reason
    policies: dict[int, Policy]
    closes_at: datetime | None
    against: dict[int, str] = field(default_factory=dict)
    lines: Sequence[OrderLine] = ()
    opened: OpenedWindow | None = None
    days_in_repair: int = 0
    zone: tzinfo = UTC

    @property
    def closes(self) -> str:
        """The moment when it closes by the reader's clock, and by the shop's where it shows another time."""
        return zones.by_both(self.closes_at, self.zone, moment) if self.closes_at else ""

    @property
    def policy(self) -> Policy:
        """The policy by which the first item that it fits is judged."""
        return next(policy for pk, policy in self.policies.items() if pk not in self.against)

    @property
    def excepted(self) -> list[tuple[str, str]]:
        """The items that it does not fit, each with the sentence against it."""
        return [(line.title, self.against[line.pk]) for line in self.lines if line.pk in self.against]

    def refusal(self, chosen: Collection[int]) -> str:
        """What stands against it for these items together; nothing when nothing does."""
        titles = {line.pk: line.title for line in self.lines}
        return item_eligibility.sentence(titles, {pk: self.against.get(pk) for pk in chosen})


@dataclass(frozen=True)
class Judge:
    """An order, the policies in force for it at a moment, and the calendar of its shop.

    The window is open if it was at `asked_at`.
    """

    order: Order
    policies: Iterable[Policy]
    calendar: Calendar
    at: datetime
    asked_at: datetime | None = None

    @cached_property
    def longer(self) -> LongerWindows:
        """What lets its items be asked for after the time of their policy."""
        return longer_windows.of_order(self.order.pk)

    @cached_property
    def replaced(self) -> dict[int, datetime]:
        """By order line when the last replacement of it arrived."""
        lines = self.order.lines.values_list("pk", flat=True)
        return {pk: arrived[0].at for pk, arrived in replaced.arrivals(lines).items()}

    def fits_some(self, kind: CaseType, reason: Reason, lines: Iterable[OrderLine]) -> bool:
        """Whether a reason can be given for at least one item."""
        return any(self._against(line, kind, reason)[1] is None for line in lines)

    def offer(self, kind: CaseType, reason: Reason, lines: Sequence[OrderLine]) -> ReasonOffer | tuple[Reason, str]:
        """A reason as it is offered, or with the sentence against it."""
        judged = {line.pk: self._against(line, kind, reason) for line in lines}
        policies = {pk: policy for pk, (policy, _said) in judged.items() if policy}
        against = {pk: said for pk, (_policy, said) in judged.items() if said is not None}
        if not policies.keys() - against.keys():
            titles = {line.pk: line.title for line in lines}
            return reason, item_eligibility.sentence(titles, against) or _("This order has no items.")
        fitting = {pk: policy for pk, policy in policies.items() if pk not in against}
        ends = {pk: self._closes_at(kind, reason, pk, policy) for pk, policy in fitting.items()}
        closes_at = max((end for end in ends.values() if end is not None), default=None)
        days = max((self._days_in_repair(kind, pk) for pk, end in ends.items() if end == closes_at), default=0)
        opened = self._opened(reason, closes_at)
        return ReasonOffer(reason, policies, closes_at, against, lines, opened, days, self.calendar.tz)

    def _closes_at(self, kind: CaseType, reason: Reason, pk: int, policy: Policy) -> datetime | None:
        longer = self.longer.of(self.order.pk, pk)
        return return_window.closes_at(self.order, reason, policy, kind, self.calendar, longer, self.replaced.get(pk))

    def _days_in_repair(self, kind: CaseType, pk: int) -> int:
        return self.longer.of(self.order.pk, pk).days_in_repair() if return_window.is_warranty(kind) else 0

    def _opened(self, reason: Reason, closes_at: datetime | None) -> OpenedWindow | None:
        """What was opened for a reason, where it is that which ends last."""
        opened = self.longer.opened.get((self.order.pk, reason.pk))
        return opened if opened is not None and opened.until == closes_at else None

    def _against(self, line: OrderLine, kind: CaseType, reason: Reason) -> tuple[Policy | None, str | None]:
        """The policy of an item, and what it says against a reason; nothing when the item can be asked for."""
        try:
            policy = policy_choice.of_item(self.policies, policy_choice.Request(self.order, kind, reason), line)
        except policy_choice.NoPolicy:
            return None, _("No policy is in force for this.")
        said = return_window.refusal(
            self.order,
            reason,
            policy,
            kind,
            self.at,
            calendar=self.calendar,
            asked_at=self.asked_at,
            categories={line.category},
            longer=self.longer.of(self.order.pk, line.pk),
            replaced_at=self.replaced.get(line.pk),
        )
        return policy, said
