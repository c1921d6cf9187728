"""What happens to the promises of a case when it moves: closed, paused, resumed, started. No writes here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aftersales.models import Case, Deadline, Policy
from aftersales.rules.policies import calendar as working_time
from aftersales.rules.policies import clock_lines
from aftersales.rules.policies.calendar import Calendar
from aftersales.rules.policies.clocks import CLOCKS, is_breach, paused_in
from aftersales.rules.policies.clocks import counted as counted_by
from aftersales.rules.vocabulary import DeadlineKind, DeadlineStatus


@dataclass
class Started:
    """A promise that begins: the columns of its row."""

    case_id: int
    kind: str
    started_at: datetime
    due_at: datetime
    policy_id: int
    calendar_version: str


@dataclass
class Plan:
    """Deadlines to write after a move, and the one the case then shows."""

    changed: list[Deadline] = field(default_factory=list)
    started: list[Started] = field(default_factory=list)
    running: list[Deadline | Started] = field(default_factory=list)

    @property
    def next_due(self) -> Deadline | Started | None:
        """The running deadline that comes first."""
        moving = [deadline for deadline in self.running if deadline.kind in CLOCKS]
        return min(moving, key=lambda deadline: deadline.due_at, default=None)


def plan(
    case: Case,
    live: Sequence[Deadline],
    *,
    at: datetime,
    calendar: Calendar,
    fired: str = "",
    came_from: str = "",
    action: str = "",
) -> Plan:
    """Work out the deadlines of the state the case has just entered by the move `action`.

    1. A deadline whose move the clock has just made (`fired`) is used up, or dated anew where it repeats.
    2. Which ones run now is asked of the table of clocks; other `live` ones wait or end, as the state wants it.
    3. What runs and is not there yet begins.
    """
    over = {each.kind for each in live if _is_used_up(each, fired)}
    there = {each.kind for each in live}
    kinds = clock_lines.wanted(case.status, action=action, came_from=came_from, live=there, over=over)
    changed = [each for each in live if _is_changed(each, case, kinds, fired, at=at, calendar=calendar)]
    running = [each for each in live if each.status == DeadlineStatus.PENDING]
    started = [start(case, kind, at=at, calendar=calendar) for kind in kinds if kind not in there]
    return Plan(changed, started, [*running, *started])


def _is_changed(
    deadline: Deadline, case: Case, kinds: Collection[str], fired: str, *, at: datetime, calendar: Calendar
) -> bool:
    """Use a deadline up or carry it over; answers whether its row has to be written."""
    if _is_used_up(deadline, fired):
        _fire(deadline, case, kinds, at=at, calendar=calendar)
        return True
    return _carry_over(deadline, case, kinds, at=at, calendar=calendar)


def _is_used_up(deadline: Deadline, fired: str) -> bool:
    """Whether the clock has just done what it does when this deadline passes."""
    clock = CLOCKS.get(DeadlineKind(deadline.kind))
    return (
        bool(fired)
        and clock is not None
        and fired in (clock.action, clock.instead)
        and deadline.status == DeadlineStatus.PENDING
    )


def _carry_over(deadline: Deadline, case: Case, kinds: Collection[str], *, at: datetime, calendar: Calendar) -> bool:
    """Resume, pause or end a deadline as the state of the case wants it; answers whether that changed anything."""
    # A deadline of the state that goes on, say after a move that stays in it, keeps its date.
    if _is_wanted(deadline, case, kinds):
        if deadline.status == DeadlineStatus.PENDING:
            return False
        _resume(deadline, case.policy, at=at, calendar=calendar)
    elif deadline.kind in paused_in(case.status):
        if deadline.status == DeadlineStatus.PAUSED:
            return False
        _pause(deadline, case.policy, at=at, calendar=calendar)
    else:
        _end(deadline, _kept(deadline, at), at)
    return True


def _is_wanted(deadline: Deadline, case: Case, kinds: Collection[str]) -> bool:
    if deadline.kind == DeadlineKind.FIRST_REPLY:
        return case.is_open and case.first_reply_at is None
    return deadline.kind in kinds


def refresh_due(case: Case, planned: Plan, *, at: datetime, fired: str = "") -> None:
    """Show on the case what is due next, and since when a promise to the buyer is broken.

    `fired` is the move that the clock has just made, where it made one.
    """
    due = planned.next_due
    case.due_at = due.due_at if due else None
    case.due_kind = due.kind if due else ""
    is_missed = any(ended.status == DeadlineStatus.MISSED for ended in planned.changed)
    if is_missed or is_breach(fired):
        case.breached_at = case.breached_at or at


def handed_on(deadline: Deadline, case: Case, *, at: datetime, calendar: Calendar) -> Started:
    """The same promise for a case that goes on with another: what is left of it, at least the floor."""
    kind = DeadlineKind(deadline.kind)
    counted, floor = counted_by(kind, case.policy), CLOCKS[kind].floor
    least = timedelta(hours=getattr(case.policy, floor)) if floor else timedelta()
    due_at, version = deadline.due_at, deadline.calendar_version
    # Paused at the old case, or nearly over: whoever has to answer gets the floor of the policy at least.
    if deadline.status == DeadlineStatus.PAUSED or working_time.remaining(at, due_at, counted, calendar) < least:
        due_at = working_time.due(at, max(deadline.left or timedelta(), least), counted, calendar)
        version = calendar.version
    return Started(case.pk, kind, deadline.started_at, due_at, deadline.policy_id, version)


def start(case: Case, kind: DeadlineKind, *, at: datetime, calendar: Calendar) -> Started:
    """A new promise, dated by the policy the case keeps."""
    return Started(case.pk, kind, at, due(case, kind, since=at, calendar=calendar), case.policy.pk, calendar.version)


def due(case: Case, kind: DeadlineKind, *, since: datetime, calendar: Calendar) -> datetime:
    """When a deadline of the kind is over that starts then: as long as the policy says for such a case."""
    policy = case.policy
    if kind == DeadlineKind.FIRST_REPLY:
        return since + timedelta(minutes=policy.first_reply_minutes)
    length = CLOCKS[kind].length_of(case)
    number: int = getattr(policy, length.field)
    if length.unit == "months":
        return working_time.months_later(since, number, calendar)
    if length.unit == "business_days":
        return working_time.due(since, number, "business_days", calendar)
    amount = timedelta(days=number) if length.unit == "days" else timedelta(hours=number)
    return working_time.due(since, amount, counted_by(kind, policy), calendar)


def _pause(deadline: Deadline, policy: Policy, *, at: datetime, calendar: Calendar) -> None:
    counted = counted_by(DeadlineKind(deadline.kind), policy)
    # Counted as the deadline is: a pause at night costs a deadline of service hours nothing.
    deadline.left = max(working_time.remaining(at, deadline.due_at, counted, calendar), timedelta())
    deadline.status = DeadlineStatus.PAUSED
    deadline.pause_count += 1


def _resume(deadline: Deadline, policy: Policy, *, at: datetime, calendar: Calendar) -> None:
    # An offer that is declined in the last minute must leave the merchant time to decide.
    floor = CLOCKS[DeadlineKind(deadline.kind)].floor
    least = timedelta(hours=getattr(policy, floor)) if floor else timedelta()
    left = max(deadline.left or timedelta(), least)
    deadline.due_at = working_time.due(at, left, counted_by(DeadlineKind(deadline.kind), policy), calendar)
    deadline.calendar_version = calendar.version
    deadline.left = None
    deadline.status = DeadlineStatus.PENDING


def _kept(deadline: Deadline, at: datetime) -> str:
    """A first reply that comes late is missed; of other promises the cut-off has already judged."""
    late = deadline.kind == DeadlineKind.FIRST_REPLY and at > deadline.due_at
    return DeadlineStatus.MISSED if late else DeadlineStatus.MET


def _fire(deadline: Deadline, case: Case, kinds: Collection[str], *, at: datetime, calendar: Calendar) -> None:
    """The clock has acted: the promise is used up, or it is made anew where the case still stands and it repeats."""
    kind = DeadlineKind(deadline.kind)
    if kind in kinds:
        deadline.due_at = due(case, kind, since=at, calendar=calendar)
        deadline.calendar_version = calendar.version
        return
    _end(deadline, DeadlineStatus.FIRED, at)


def _end(deadline: Deadline, outcome: str, at: datetime) -> None:
    deadline.status = outcome
    deadline.left = None
    deadline.ended_at = at
