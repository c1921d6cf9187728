"""The rules as tables to read, built from the chart, the rights, the guards and the clocks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Field, Model
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django_fsm import Transition

from aftersales.models import Policy, Refund
from aftersales.rules.chart import CHART, CUT_OFF, Move
from aftersales.rules.clocks import CLOCKS, paused_in, started_in
from aftersales.rules.permissions import MAY
from aftersales.rules.vocabulary import OPEN, WAITS_FOR, DeadlineKind, RefundStatus, Role, Status
from logistics.models import Parcel
from logistics.models.parcel import ParcelStatus

Text = str | Promise

# What each guard asks, in the reader's language; a test compares it with what the guard says of itself.
CONDITIONS: dict[str, Text] = {
    "within_authority": _("The sum is within what this role decides alone: at one time, of one order, and in one day."),
    "asked_by_another": _("Somebody else asked for it."),
    "none_asked_yet": _("No request is waiting."),
    "return_address_known": _("Goods that must come back need somewhere to go."),
    "applications_left": _("Creating and modifying count; withdrawing does not reset."),
    "nothing_received": _("No unit has arrived yet."),
    "courier_expected": _("A courier is expected."),
    "nothing_collected": _("No courier has collected the goods."),
    "something_received": _(
        "At least one unit is here; the clock asks nobody: an empty parcel that was not judged in time counts as good."
    ),
    "all_refunds_paid": _("Every movement of money has succeeded."),
    "advance_known": _("What became of a refund that was sent before the goods came is known."),
    "nothing_advanced": _("No money was paid before the goods came."),
    "diagnosed": _("What is broken, and who repairs it, is on record."),
    "at_the_repairer": _("The goods were sent to a repairer and are not back."),
    "repair_is_here": _("The goods are not at a repairer."),
    "choice_open": _(
        "The repair took too long, or failed too often: the buyer may take an exchange or the money (三包)."
    ),
    "difference_settled": _("What the buyer owes for the replacement or the repair is paid."),
    "signed_before_the_clock": _("The clock completes only what the carrier has delivered; a person may know better."),
    "more_than_one_unit": _("There is something to divide."),
    "not_gone_on": _("It does not go on as another case."),
    "deadline_running": _("Something is due."),
    "extension_allowed": _("A supervisor may always extend; others the buyer's time, as often as the policy says."),
}
# What the verbs ask beyond the guards.
NEEDS: dict[str, Text] = {
    "offer": _("At most what was asked, within the maker's own limit."),
    "reject": _("A reason from the list; text and proof where it asks for them."),
    "fail_inspection": _(
        "Every received unit is judged, none accepted; a reason from the list, text and proof where it asks."
    ),
    "pass_inspection": _("Every received unit is judged, at least one is accepted; the clock accepts all of them."),
    "reapply": _("The window was open when first asked; units and money still left; the reason's evidence."),
    "rule_for_buyer": _("A written ruling, the liable party, a sum of at most what was asked."),
    "rule_for_merchant": _("A written ruling."),
    "suspend": _("The cause in writing."),
    "extend": _("The reason in writing; at most 30 days."),
    "reopen": _("The reason in writing; something is left to give back, no other open case holds it."),
    "decline_request": _("The answer in writing."),
    "ship_return": _("A waybill."),
    "book_pickup": _("A time that is not over, within the days of the policy; who is at the door."),
    "reschedule_pickup": _("A time that is not over, within the days of the policy."),
    "receive": _("Units per line, no more than belong to the case."),
    "diagnose": _("What is broken, who repairs it, and its price for the buyer."),
    "quote_repair": _("A price; a paid repair needs the buyer's consent."),
    "dispatch": _("A waybill."),
    "finish_repair": _("What was done."),
    "fail_repair": _("Why it failed."),
    "convert": _("A reason that fits the new type; what is held is carried over."),
    "split": _("Some of the units, not all of them; the new case stands where this one does."),
    "merge": _("Another case of the order, of the same type and state."),
    "approve": _("The request as it stands; a small sum is agreed to by the policy at once."),
}
CUT_OFF_NOTE = _("Before the deadline has passed.")
APPLY_NEEDS = (
    _("The window for the reason is open."),
    _("Units, money and freight are still left."),
    _("No other open case of the type holds the item."),
    _("Applications are left for the item."),
    _("The reason's evidence is attached."),
)


@dataclass(frozen=True)
class Length:
    """How long a clock runs under a policy."""

    kind: DeadlineKind
    text: Text
    action: Text


@dataclass(frozen=True)
class StateRow:
    """A state of the case."""

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
    action = _("Accept as good") if clock.action == "pass_inspection" else CHART[clock.action].label
    return Length(kind, counted(getattr(policy, clock.field), clock.unit), action)


def counted(number: int, unit: str) -> Text:
    """A number of hours, days or business days in words."""
    words: dict[str, Text] = {
        "hours": ngettext_lazy("%(number)d hour", "%(number)d hours", "number"),
        "days": ngettext_lazy("%(number)d day", "%(number)d days", "number"),
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
    first = MoveRow(
        "apply",
        _("Apply"),
        _people("apply"),
        (),
        APPLY_NEEDS,
        (Status.PENDING_MERCHANT,),
        _starting((), (Status.PENDING_MERCHANT,), policy),
    )
    return [first, *(_move(action, move, policy) for action, move in CHART.items())]


def _move(action: str, move: Move, policy: Policy) -> MoveRow:
    conditions = [CONDITIONS[name] for name in move.guards]
    if action in NEEDS:
        conditions.append(NEEDS[action])
    if action in CUT_OFF:
        conditions.append(CUT_OFF_NOTE)
    starts = _starting(move.sources, move.targets, policy)
    return MoveRow(action, move.label, _people(action), move.sources, tuple(conditions), move.targets, starts)


def _people(action: str) -> tuple[Role, ...]:
    return tuple(role for role in Role if role in MAY[action])


def _starting(sources: Sequence[Status], targets: Sequence[Status], policy: Policy) -> tuple[Length, ...]:
    """Clocks that start with a move; one that ran before goes on unmentioned, one that rested keeps what was left."""
    kinds = dict.fromkeys(kind for status in targets for kind in started_in(status))
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
    """How one movement of money goes."""
    return list(_life(Refund, RefundStatus))


def parcel_life() -> list[LifeRow]:
    """How a parcel goes."""
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
    """Every number of a policy with its name, as the admin edits it."""
    return numbers(policy, [field.name for field in Policy._meta.fields if field.name in SHOWN])


def numbers(policy: Policy, names: Iterable[str]) -> list[tuple[Text, Text]]:
    """These numbers of a policy with their names."""
    known = {field.name: field for field in Policy._meta.fields}
    return [(known[name].verbose_name, _plainly(_value(policy, known[name]))) for name in names]


def _value(policy: Policy, field: "Field[Any, Any]") -> object:
    """A choice by its label, anything else as it is."""
    value = getattr(policy, field.name)
    return dict(field.flatchoices).get(value, value) if field.choices else value


def _plainly(value: object) -> Text:
    """Yes or no, numbers without idle zeros, limits that are not set."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if value is None:
        return _("no limit")
    return f"{value.normalize():,f}" if isinstance(value, Decimal) else str(value)


SHOWN = frozenset(
    {clock.field for clock in CLOCKS.values()}
    | {
        "response_floor_hours", "receipt_after_signature_hours", "first_reply_minutes", "confirm_days",
        "extension_days", "extension_count", "repair_attempt_count", "freight_claim_days", "warranty_days",
        "price_protection_days", "outbound_freight", "deducts_missing_gifts", "reprices_bundles",
        "restocking_used_percent", "restocking_late_percent", "restocking_late_days",
        "late_dispatch_percent", "late_dispatch_floor", "coupon_days", "points_per_unit", "instant_below",
        "instant_quota", "instant_share_percent", "authorise_below", "no_reason_allowed", "no_reason_days",
        "quality_days", "application_count", "restocking_percent", "returnless_below", "auto_approve_below",
        "authority_agent", "authority_senior", "authority_supervisor", "authority_percent", "authority_agent_day",
        "authority_senior_day", "authority_supervisor_day", "release_above", "has_prepaid_label",
    }
)  # fmt: skip
