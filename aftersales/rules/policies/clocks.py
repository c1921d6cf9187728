"""Which state starts which deadline, and which move the clock makes when it passes. The only copy.

Who does a move is looked up by its name in `actions.clock.VERBS`.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from aftersales.rules.policies.calendar import Kind
from aftersales.rules.vocabulary import DeadlineKind, Status

if TYPE_CHECKING:
    from aftersales.models import Policy

S, K = Status, DeadlineKind


@dataclass(frozen=True)
class Clock:
    """A deadline of a state: how long (a policy field and its unit), the move it makes, where it waits.

    One that `repeats` is dated anew when it has passed and the case still stands where it did. One that `is_breach`
    was promised to the buyer: once it has passed, the case counts as late for ever. `instead` is what the clock does
    where the facts forbid the move. `outcome` is what the page says of it, with a place for the moment.
    """

    states: tuple[Status, ...]
    field: str
    unit: str
    action: str
    paused_in: tuple[Status, ...] = ()
    floor: str = ""
    repeats: bool = False
    is_breach: bool = False
    instead: str = ""
    _: KW_ONLY
    outcome: Promise


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
    K.EVIDENCE: Clock(
        (S.ARBITRATION,),
        "evidence_hours",
        "hours",
        "close_evidence",
        (S.SUSPENDED,),
        outcome=gettext_lazy("Evidence is taken until %(due)s; after that the platform decides on file."),
    ),
    K.SUSPENSION: Clock(
        (S.SUSPENDED,),
        "suspend_days",
        "days",
        "resume",
        outcome=gettext_lazy("The case is taken up again by itself at %(due)s."),
    ),
}


def counted(kind: DeadlineKind, policy: Policy) -> Kind:
    """What a deadline counts: every hour, the shop's working hours, or its business days."""
    if kind in CLOCKS and CLOCKS[kind].unit == "business_days":
        return "business_days"
    # Only the answer of a merchant may wait for the shop to open; see the policy.
    if kind == K.MERCHANT_RESPONSE and policy.response_clock == "windowed":
        return "windowed"
    return "natural"


@lru_cache
def started_in(status: str) -> tuple[DeadlineKind, ...]:
    """Deadlines that run while a case stands in the state."""
    return tuple(kind for kind, clock in CLOCKS.items() if status in clock.states)


@lru_cache
def paused_in(status: str) -> tuple[DeadlineKind, ...]:
    """Deadlines that keep what is left while a case stands in the state."""
    return tuple(kind for kind, clock in CLOCKS.items() if status in clock.paused_in)


@lru_cache
def is_breach(action: str) -> bool:
    """Whether the clock makes this move because something promised to the buyer did not happen in time."""
    return bool(action) and any(each.is_breach and action in (each.action, each.instead) for each in CLOCKS.values())
