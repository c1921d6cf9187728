"""How far a case has come and what it is running against: the track of its chain, its deadline in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aftersales.models import Case, Deadline, Policy, Refund
from aftersales.queries.disputes import payment_disputes
from aftersales.queries.returns import arrivals
from aftersales.rules.cases import chains
from aftersales.rules.console import zones
from aftersales.rules.console.moments import moment
from aftersales.rules.disputes import burden_of_proof
from aftersales.rules.policies.clock_record import Variant
from aftersales.rules.policies.clocks import CLOCKS, counted
from aftersales.rules.vocabulary import DeadlineKind, DeadlineStatus, GoodsState, RefundStatus, Status

S, K = Status, DeadlineKind

APPLIED, ANSWER, STOP, SENT_BACK, INSPECTION, REPAIR, DISPATCH, RECEIPT, REFUND, DONE = range(10)
STEPS: dict[int, Promise | str] = {
    APPLIED: gettext_lazy("Applied"),
    ANSWER: gettext_lazy("Merchant answers"),
    STOP: gettext_lazy("Parcel stopped"),
    SENT_BACK: gettext_lazy("Sent back"),
    INSPECTION: gettext_lazy("Received, inspected"),
    REPAIR: gettext_lazy("Repair"),
    DISPATCH: gettext_lazy("Dispatch"),
    RECEIPT: gettext_lazy("Received by the buyer"),
    REFUND: gettext_lazy("Refund"),
    DONE: gettext_lazy("Done"),
}
STANDS_AT: dict[str, int] = {
    S.INTERCEPTING: STOP,
    S.AWAITING_RETURN: SENT_BACK,
    S.RETURN_IN_TRANSIT: SENT_BACK,
    S.INSPECTING: INSPECTION,
    S.REPAIRING: REPAIR,
    S.AWAITING_DISPATCH: DISPATCH,
    S.AWAITING_RECEIPT: RECEIPT,
    S.REFUNDING: REFUND,
    S.REFUND_FAILED: REFUND,
    S.COMPLETED: DONE,
}
TONES: dict[str, str] = {
    S.REJECTED: "now warn",
    S.SUSPENDED: "now warn",
    S.ARBITRATION: "now bad",
    S.REFUND_FAILED: "now bad",
}
FIRST_REPLY_SAYS = gettext_lazy("The buyer is to get a first reply by %(due)s.")
# States beside the chain: the step that the case stands at is named after the state, the others keep their names.
OFF_THE_CHAIN = (S.PENDING_BUYER, S.REJECTED, S.ARBITRATION, S.SUSPENDED, S.REFUND_FAILED)


@dataclass(frozen=True)
class Step:
    """One step of the chain: its name, whether it is done, present or left out, and when it was reached."""

    label: str
    state: str
    at: str = ""


@dataclass(frozen=True)
class ShownDeadline:
    """A deadline as the page shows it."""

    kind: str
    label: str
    due_at: datetime
    started_at: datetime
    paused: timedelta | None
    says: str
    basis: str
    policy_id: int


def track(case: Case, *, has_arrived: bool) -> list[Step]:
    """The steps of this case's chain; what it will not reach is struck out."""
    chain = _chain(case)
    present = chain.index(_stands_at(case, has_arrived=has_arrived))
    reached = {APPLIED: case.opened_at, ANSWER: case.approved_at, DONE: case.closed_at}
    return [
        Step(_label(case, step, here=index == present), _state(case, index, present), _shown(reached.get(step)))
        for index, step in enumerate(chain)
    ]


def _chain(case: Case) -> list[int]:
    chain = chains.of(case)
    back = [SENT_BACK, INSPECTION] if chain.returns else []
    out = [DISPATCH, RECEIPT] if chain.sends or (chains.changes_address(case) and _was_shipped(case)) else []
    if case.dispatches_first:
        back, out = out, back
    stops = [STOP] if chain.holds_units and not chain.returns and not chain.sends and _was_shipped(case) else []
    pays = [] if out and not _ends_in_money(case) else [REFUND]
    if chains.gives_in_kind(case) or (chains.changes_address(case) and not out):
        pays = []
    return [APPLIED, ANSWER, *stops, *back, *([REPAIR] if chain.repairs else []), *out, *pays, DONE]


def _was_shipped(case: Case) -> bool:
    return case.goods_state == GoodsState.SHIPPED


def _ends_in_money(case: Case) -> bool:
    """Whether a case that sends something pays after all: it can not be sent, or what is sent costs less."""
    return case.replacement_failed_at is not None or case.status in (S.REFUNDING, S.REFUND_FAILED)


def _stands_at(case: Case, *, has_arrived: bool) -> int:
    step = STANDS_AT.get(case.status)
    if step is None:
        came_back = has_arrived and case.goods_must_return
        step = INSPECTION if came_back else SENT_BACK if case.status == S.CLOSED and case.approved_at else ANSWER
    chain = _chain(case)
    return step if step in chain else ANSWER


def _label(case: Case, step: int, *, here: bool) -> str:
    if (here and case.status in OFF_THE_CHAIN) or (step == DONE and case.status == S.CLOSED):
        return str(Status(case.status).label)
    return str(STEPS[step])


def _state(case: Case, index: int, present: int) -> str:
    if case.status == S.COMPLETED or index < present:
        return "done"
    if case.status == S.CLOSED:
        return "now" if index == len(_chain(case)) - 1 else "skip"
    return TONES.get(case.status, "now") if index == present else ""


def _shown(at: datetime | None) -> str:
    return moment(at) if at else ""


def shown_deadlines(
    case: Case, deadlines: Sequence[Deadline], refunds: Iterable[Refund]
) -> tuple[ShownDeadline | None, list[ShownDeadline]]:
    """The deadline the case runs against, and the other ones, running or paused."""
    # A late first reply is still counted as missed by the clock, but nobody waits for it any more.
    replied = {K.FIRST_REPLY} if case.first_reply_at else set()
    shown = [_shown_deadline(case, deadline, refunds) for deadline in deadlines if deadline.kind not in replied]
    main = next((one for one in shown if one.kind == case.due_kind and one.paused is None), None)
    return main, [one for one in shown if one is not main]


def _shown_deadline(case: Case, deadline: Deadline, refunds: Iterable[Refund]) -> ShownDeadline:
    kind = DeadlineKind(deadline.kind)
    paused = deadline.left if deadline.status == DeadlineStatus.PAUSED else None
    return ShownDeadline(
        kind,
        str(kind.label),
        deadline.due_at,
        deadline.started_at,
        paused,
        _paused_says(kind) if paused else outcome(case, kind, refunds) % {"due": due_text(case, deadline.due_at)},
        basis(case, kind, deadline),
        deadline.policy_id,
    )


def outcome(case: Case, kind: DeadlineKind, refunds: Iterable[Refund]) -> str:
    """What the clock does when the deadline passes, with a place for the moment; `refunds` are those of the case."""
    if kind == K.FIRST_REPLY:
        return str(FIRST_REPLY_SAYS)
    # Silence releases nothing: a merchant is not charged for the time that the platform takes.
    if kind == K.REFUND and any(refund.status == RefundStatus.AWAITING_RELEASE for refund in refunds):
        return _("Finance has to release the refund first; the merchant's time to pay counts from then.")
    if kind == K.REFUND and payment_disputes.stops(case):
        return _("The buyer's bank has to decide about the payment first; nobody pays or is charged before.")
    if kind == K.MERCHANT_RESPONSE and case.goods_must_return:
        return _("If nobody has answered by %(due)s, the return approves itself.")
    if kind == K.INSPECTION and arrivals.against(case):
        return _("If nobody has inspected by %(due)s, the platform decides: something speaks against the goods.")
    if kind in (K.RECEIPT, K.INSPECTION) and chains.of(case).sends and case.replacement_failed_at is None:
        return _("If nobody has looked by %(due)s, the goods count as good and the case goes on.")
    if kind == K.INTERCEPT and burden_of_proof.concerns(case.reason):
        return _("If the parcel is neither stopped nor signed for by %(due)s, it counts as lost: nothing comes back.")
    return str(CLOCKS[kind].outcome)


def due_text(case: Case, due_at: datetime) -> str:
    """A deadline's moment by the reader's clock, and by that of the shop where it shows another time."""
    return zones.by_both(due_at, ZoneInfo(case.merchant.calendar.time_zone), moment)


def _paused_says(kind: DeadlineKind) -> str:
    return _("%(deadline)s stands still; what is left of it is kept.") % {"deadline": kind.label}


def basis(case: Case, kind: DeadlineKind, deadline: Deadline) -> str:
    """The rule a deadline comes from: its length, the policy's version, extensions, the calendar."""
    said = f"{kind.label}: {length(case, kind, deadline.policy)}"
    parts = [said, _("policy %(policy)s") % {"policy": deadline.policy}]
    if deadline.extension_count:
        times = ngettext("extended %(count)d time", "extended %(count)d times", deadline.extension_count)
        parts.append(times % {"count": deadline.extension_count})
    found = CLOCKS[kind].length_of(case) if kind in CLOCKS else None
    if isinstance(found, Variant):
        parts.insert(1, str(found.label))
    by_shop = counted(kind, deadline.policy) != "natural" or (found is not None and found.unit == "business_days")
    if by_shop and deadline.calendar_version:
        parts.append(_("calendar %(version)s") % {"version": deadline.calendar_version})
    return " · ".join(parts)


def length(case: Case, kind: DeadlineKind, policy: Policy) -> str:
    """How long a deadline of the case is by its policy: 48 h, 7 days, 2 business days."""
    if kind == K.FIRST_REPLY:
        return _("%(count)d min") % {"count": policy.first_reply_minutes}
    found = CLOCKS[kind].length_of(case)
    unit, count = found.unit, getattr(policy, found.field)
    if counted(kind, policy) == "windowed":
        return _("%(count)d h of service hours") % {"count": count}
    if unit == "hours":
        return _("%(count)d h") % {"count": count}
    if unit == "business_days":
        return ngettext("%(count)d business day", "%(count)d business days", count) % {"count": count}
    if unit == "months":
        return ngettext("%(count)d month", "%(count)d months", count) % {"count": count}
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}
