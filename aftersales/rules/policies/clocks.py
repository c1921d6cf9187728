"""Which state starts which deadline, and which move the clock makes when it passes. The only copy.

Who does a move is looked up by its name in `actions.clock.VERBS`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy

from aftersales.rules.policies.calendar import Kind
from aftersales.rules.policies.clock_record import Clock, Variant
from aftersales.rules.vocabulary import DeadlineKind, Status, SuspensionCause

if TYPE_CHECKING:
    from aftersales.models import Case, Policy

S, K = Status, DeadlineKind
DISPUTE: Final = "dispute"


def _is_ruled(case: Case) -> bool:
    return bool(case.ruling)


# What the platform has ruled is carried out sooner than what a merchant agreed to: domain, §3a.
RULED: Final = Variant("execution_hours", "hours", fits=_is_ruled, label=gettext_lazy("after a ruling"))


def _by_cause(cause: SuspensionCause, field: str, unit: str) -> Variant:
    return Variant(field, unit, fits=lambda case: case.suspension_cause == cause, label=cause.label)


CLOCKS: dict[DeadlineKind, Clock] = {
    K.MERCHANT_RESPONSE: Clock(
        (S.PENDING_MERCHANT,),
        "response_hours",
        "hours",
        "approve",
        (S.PENDING_BUYER,),
        "response_floor_hours",
        is_breach=True,
        outcome=gettext_lazy("If nobody has answered by %(due)s, the refund approves itself."),
    ),
    K.OFFER: Clock(
        (S.PENDING_BUYER,),
        "offer_hours",
        "hours",
        "lapse_offer",
        outcome=gettext_lazy("If the buyer has not answered by %(due)s, the offer lapses; the merchant decides again."),
    ),
    K.INTERCEPT: Clock(
        (S.INTERCEPTING,),
        "intercept_hours",
        "hours",
        "miss_interception",
        instead="lose_parcel",
        outcome=gettext_lazy("If the parcel is not stopped by %(due)s, the case becomes a return."),
    ),
    K.SHIP_RETURN: Clock(
        (S.AWAITING_RETURN,),
        "ship_return_days",
        "days",
        "expire",
        (S.RETURN_IN_TRANSIT,),
        outcome=gettext_lazy("If the buyer has not sent the goods by %(due)s, the case closes by itself."),
    ),
    K.RECEIPT: Clock(
        (S.RETURN_IN_TRANSIT,),
        "receipt_days",
        "days",
        "presume_received",
        is_breach=True,
        outcome=gettext_lazy("If nobody has received the return by %(due)s, it counts as good; the refund is made."),
    ),
    K.INSPECTION: Clock(
        (S.INSPECTING,),
        "inspection_hours",
        "hours",
        "pass_inspection",
        is_breach=True,
        instead="refer_inspection",
        outcome=gettext_lazy("If nobody has inspected by %(due)s, the goods pass by themselves; the refund is made."),
    ),
    K.DISPATCH: Clock(
        (S.AWAITING_DISPATCH,),
        "dispatch_hours",
        "hours",
        "give_money_instead",
        is_breach=True,
        variants=(RULED,),
        outcome=gettext_lazy("If nothing is dispatched by %(due)s, the paid price goes back."),
    ),
    K.REPLACEMENT: Clock(
        (S.AWAITING_RECEIPT,),
        "replacement_days",
        "days",
        "confirm_receipt",
        outcome=gettext_lazy(
            "If the buyer has not objected by %(due)s, and the carrier delivered it, it is completed."
        ),
    ),
    K.REPAIR: Clock(
        (S.REPAIRING,),
        "repair_days",
        "days",
        "offer_choice",
        (S.PENDING_BUYER,),
        repeats=True,
        is_breach=True,
        outcome=gettext_lazy("If it is not repaired by %(due)s, the buyer may choose an exchange or the money."),
    ),
    K.REFUND: Clock(
        (S.REFUNDING, S.REFUND_FAILED),
        "refund_business_days",
        "business_days",
        "platform_pays",
        repeats=True,
        is_breach=True,
        variants=(RULED,),
        outcome=gettext_lazy(
            "If the merchant's account has not paid by %(due)s, the platform pays; "
            "then the guarantee account is charged."
        ),
    ),
    K.REJECTED: Clock(
        (S.REJECTED,),
        "rejected_days",
        "days",
        "expire",
        outcome=gettext_lazy("If the buyer has not answered the rejection by %(due)s, the case closes by itself."),
    ),
    # The dispute, in a line: evidence, perhaps a further round, the decision, the next supervisor's, overdue.
    K.EVIDENCE: Clock(
        (S.ARBITRATION,),
        "evidence_hours",
        "hours",
        "close_evidence",
        (S.SUSPENDED,),
        line=DISPUTE,
        then=K.DECISION,
        takes_evidence=True,
        outcome=gettext_lazy("Evidence is taken until %(due)s; after that the platform decides on file."),
    ),
    K.MORE_EVIDENCE: Clock(
        (S.ARBITRATION,),
        "more_evidence_hours",
        "service_hours",
        "close_evidence",
        (S.SUSPENDED,),
        line=DISPUTE,
        then=K.DECISION,
        started_by=("ask_evidence",),
        takes_evidence=True,
        outcome=gettext_lazy("More evidence is taken until %(due)s; after that the platform decides on file."),
    ),
    K.REFERRAL: Clock(
        (S.ARBITRATION,),
        "referral_hours",
        "hours",
        "pass_on_decision",
        (S.SUSPENDED,),
        line=DISPUTE,
        then=K.LAST_DECISION,
        started_by=("refer_inspection",),
        takes_evidence=True,
        outcome=gettext_lazy("If no supervisor has decided about the goods by %(due)s, it goes to the next one."),
    ),
    K.DECISION: Clock(
        (S.ARBITRATION,),
        "decision_hours",
        "hours",
        "pass_on_decision",
        (S.SUSPENDED,),
        line=DISPUTE,
        then=K.LAST_DECISION,
        outcome=gettext_lazy("If the platform has not decided by %(due)s, it goes to the next supervisor."),
    ),
    K.LAST_DECISION: Clock(
        (S.ARBITRATION,),
        "decision_hours",
        "hours",
        "miss_decision",
        (S.SUSPENDED,),
        is_breach=True,
        line=DISPUTE,
        then=K.OVERDUE_DECISION,
        outcome=gettext_lazy("If this supervisor has not decided by %(due)s either, the decision counts as overdue."),
    ),
    K.OVERDUE_DECISION: Clock(
        (S.ARBITRATION,),
        "decision_hours",
        "hours",
        "miss_decision",
        (S.SUSPENDED,),
        repeats=True,
        is_breach=True,
        line=DISPUTE,
        outcome=gettext_lazy("The decision is overdue; if it is not made by %(due)s, it goes to another supervisor."),
    ),
    K.SUSPENSION: Clock(
        (S.SUSPENDED,),
        "suspend_days",
        "days",
        "resume",
        variants=(
            _by_cause(SuspensionCause.JOINT_REQUEST, "suspend_joint_business_days", "business_days"),
            _by_cause(SuspensionCause.POLICE, "suspend_days", "days"),
            _by_cause(SuspensionCause.COURT, "suspend_court_months", "months"),
        ),
        outcome=gettext_lazy("The case is taken up again by itself at %(due)s."),
    ),
}


TAKE_EVIDENCE: Final = frozenset(kind for kind, clock in CLOCKS.items() if clock.takes_evidence)


def counted(kind: DeadlineKind, policy: Policy) -> Kind:
    """What a deadline usually counts: every hour, the shop's working hours, or its business days."""
    unit = CLOCKS[kind].unit if kind in CLOCKS else ""
    if unit == "business_days":
        return "business_days"
    # The answer of a merchant may wait for the shop to open, see the policy; some clocks always do.
    if unit == "service_hours" or (kind == K.MERCHANT_RESPONSE and policy.response_clock == "windowed"):
        return "windowed"
    return "natural"


@lru_cache
def started_in(status: str) -> tuple[DeadlineKind, ...]:
    """Deadlines that may run while a case stands in the state."""
    return tuple(kind for kind, clock in CLOCKS.items() if status in clock.states)


@lru_cache
def paused_in(status: str) -> tuple[DeadlineKind, ...]:
    """Deadlines that keep what is left while a case stands in the state."""
    return tuple(kind for kind, clock in CLOCKS.items() if status in clock.paused_in)


@lru_cache
def is_breach(action: str) -> bool:
    """Whether the clock makes this move because something promised to the buyer did not happen in time."""
    return bool(action) and any(each.is_breach and action in (each.action, each.instead) for each in CLOCKS.values())
