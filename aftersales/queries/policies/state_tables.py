"""The rules as tables to read, built from the chart, the rights, the guards and the clocks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django_fsm import Transition

from aftersales.models import Policy, Refund
from aftersales.moves import CHART, MOVES, acts
from aftersales.moves.record import Act, Move
from aftersales.queries.policies import policy_fields
from aftersales.rules.policies import clock_lines
from aftersales.rules.policies.clocks import CLOCKS, paused_in, started_in
from aftersales.rules.vocabulary import OPEN, WAITS_FOR, DeadlineKind, RefundStatus, Role, Status
from logistics.models import Parcel
from logistics.models.parcel import ParcelStatus

Text = str | Promise

CUT_OFF_NOTE = _("Before the deadline has passed.")


@dataclass(frozen=True)
class Length:
    """How long a clock runs under a policy; `others` are lengths of some cases, each with its name."""

    kind: DeadlineKind
    text: Text
    action: Text
    others: tuple[Text, ...] = ()


@dataclass(frozen=True)
class StateRow:
    """A state of the case as the page of the rules shows it."""

    status: Status
    waits_for: Text
    starts: tuple[Length, ...]
    pauses: tuple[DeadlineKind, ...]
    is_open: bool


@dataclass(frozen=True)
class MoveRow:
    """One line of the transition table."""

    action: str
    label: Text
    who: tuple[Role, ...]
    sources: tuple[Status, ...]
    conditions: tuple[Text, ...]
    targets: tuple[Status, ...]
    starts: tuple[Length, ...]


@dataclass(frozen=True)
class LifeRow:
    """One step in the life of a refund or a parcel."""

    name: str
    label: str
    sources: tuple[Text, ...]
    target: Text


def length(kind: DeadlineKind, policy: Policy) -> Length:
    """How long the policy gives, and what the clock does when it passes."""
    clock = CLOCKS[kind]
    move = CHART[clock.action]
    usual = counted(getattr(policy, clock.field), clock.unit)
    others = tuple(
        format_lazy("{label}: {number}", label=other.label, number=counted(getattr(policy, other.field), other.unit))
        for other in clock.variants
    )
    return Length(kind, usual, move.label_of_clock or move.label, others)


def counted(number: int, unit: str) -> Text:
    """A number of hours, days, business days or months in words."""
    words: dict[str, Text] = {
        "hours": ngettext_lazy("%(number)d hour", "%(number)d hours", "number"),
        "days": ngettext_lazy("%(number)d day", "%(number)d days", "number"),
        "service_hours": ngettext_lazy("%(number)d hour of service", "%(number)d hours of service", "number"),
        "months": ngettext_lazy("%(number)d month", "%(number)d months", "number"),
        "business_days": ngettext_lazy("%(number)d business day", "%(number)d business days", "number"),
    }
    text: Text = words[unit] % {"number": number}
    return text


def states(policy: Policy) -> list[StateRow]:
    """Every state, who is waited for, which clocks run and rest."""
    return [
        StateRow(
            status,
            WAITS_FOR[status].label if status in WAITS_FOR else "",
            tuple(length(kind, policy) for kind in started_in(status)),
            tuple(paused_in(status)),
            status in OPEN,
        )
        for status in Status
    ]


def moves(policy: Policy) -> list[MoveRow]:
    """The transition table: who, from where, on what condition, to where, which clock starts."""
    return [_row(acts.APPLY, (), (Status.PENDING_MERCHANT,), policy), *(_move(move, policy) for move in MOVES)]


def _move(move: Move, policy: Policy) -> MoveRow:
    return _row(move, move.sources, move.targets, policy)


def _row(act: Act, sources: tuple[Status, ...], targets: tuple[Status, ...], policy: Policy) -> MoveRow:
    who = tuple(role for role in Role if role in act.who)
    starts = _starting(act, sources, targets, policy)
    return MoveRow(act.name, act.label, who, sources, tuple(conditions(act)), targets, starts)


def conditions(act: Act) -> Iterator[Text]:
    """What has to hold: what the guards ask, what the verb asks, and whether it may come too late."""
    yield from (guard.condition for guard in act.guards)
    yield from act.needs
    if isinstance(act, Move) and act.is_cut_off:
        yield CUT_OFF_NOTE


def _starting(act: Act, sources: Sequence[Status], targets: Sequence[Status], policy: Policy) -> tuple[Length, ...]:
    """Clocks that start with a move; one that ran before goes on unmentioned, one that rested keeps what was left."""
    following = dict.fromkeys(clock.then for clock in CLOCKS.values() if clock.then and clock.action == act.name)
    begun = [*following, *(kind for kind, clock in CLOCKS.items() if act.name in clock.started_by)]
    if begun:
        return tuple(length(kind, policy) for kind in begun)
    kinds = dict.fromkeys(kind for status in targets for kind in clock_lines.first_in(status))
    # A move that stays among the states of a clock does not start it again.
    fresh = [kind for kind in kinds if not sources or not all(status in CLOCKS[kind].states for status in sources)]
    return tuple(
        _resumed(kind, policy)
        if sources and all(status in CLOCKS[kind].paused_in for status in sources)
        else length(kind, policy)
        for kind in fresh
    )


def _resumed(kind: DeadlineKind, policy: Policy) -> Length:
    floor = CLOCKS[kind].floor
    least = counted(getattr(policy, floor), "hours") if floor else ""
    text = format_lazy(_("what was left, at least {least}"), least=least) if floor else _("what was left")
    return Length(kind, text, length(kind, policy).action)


def refund_life() -> list[LifeRow]:
    """The steps of a refund, each from where to where."""
    return list(_life(Refund, RefundStatus))


def parcel_life() -> list[LifeRow]:
    """The steps of a parcel, each from where to where."""
    return list(_life(Parcel, ParcelStatus))


def _life(model: type[Model], words: type[RefundStatus] | type[ParcelStatus]) -> Iterator[LifeRow]:
    steps: list[Transition] = list(model().get_all_status_transitions())  # type: ignore[attr-defined]
    by_name: dict[str, list[Transition]] = {}
    for step in steps:
        by_name.setdefault(step.name, []).append(step)
    order = [str(word) for word in words]
    for name, group in by_name.items():
        sources = sorted({str(step.source) for step in group}, key=order.index)
        doc = (getattr(model, name).__doc__ or "").strip()
        yield LifeRow(name, doc, tuple(words(source).label for source in sources), words(str(group[0].target)).label)


def policy_numbers(policy: Policy) -> list[tuple[Text, Text]]:
    """Every rule of a policy with its name, in the groups of the admin."""
    return [number for _group, found in policy_groups(policy) for number in found]


def policy_groups(policy: Policy) -> list[tuple[Text, list[tuple[Text, Text]]]]:
    """Every rule that a policy decides, group by group."""
    return [(group.label, numbers(policy, names)) for group, names in policy_fields.grouped(policy)]


def numbers(policy: Policy, names: Iterable[str]) -> list[tuple[Text, Text]]:
    """These numbers of a policy with their names."""
    return policy_fields.numbers(policy, names)
