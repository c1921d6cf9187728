"""Which state starts which deadline, and which move the clock makes when it passes. The only copy.

Who does a move is looked up by its name in `actions.clock.VERBS`.
"""

from dataclasses import dataclass
from functools import lru_cache

from aftersales.rules.vocabulary import DeadlineKind, Status

S, K = Status, DeadlineKind


@dataclass(frozen=True)
class Clock:
    """A deadline of a state: how long (a policy field and its unit), the move it makes, where it waits.

    One that `repeats` is dated anew when it has passed and the case still stands where it did. One that `is_breach`
    was promised to the buyer: once it has passed, the case counts as late for ever. `instead` is what the clock does
    where the facts forbid the move.
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


CLOCKS: dict[DeadlineKind, Clock] = {
    K.MERCHANT_RESPONSE: Clock(
        (S.PENDING_MERCHANT,),
        "response_hours",
        "hours",
        "approve",
        (S.PENDING_BUYER,),
        "response_floor_hours",
        is_breach=True,
    ),
    K.OFFER: Clock((S.PENDING_BUYER,), "offer_hours", "hours", "lapse_offer"),
    K.INTERCEPT: Clock((S.INTERCEPTING,), "intercept_hours", "hours", "miss_interception", instead="lose_parcel"),
    K.SHIP_RETURN: Clock((S.AWAITING_RETURN,), "ship_return_days", "days", "expire", (S.RETURN_IN_TRANSIT,)),
    K.RECEIPT: Clock((S.RETURN_IN_TRANSIT,), "receipt_days", "days", "presume_received", is_breach=True),
    K.INSPECTION: Clock((S.INSPECTING,), "inspection_hours", "hours", "pass_inspection", is_breach=True),
    K.DISPATCH: Clock((S.AWAITING_DISPATCH,), "dispatch_hours", "hours", "give_money_instead", is_breach=True),
    K.REPLACEMENT: Clock((S.AWAITING_RECEIPT,), "replacement_days", "days", "confirm_receipt"),
    K.REPAIR: Clock(
        (S.REPAIRING,), "repair_days", "days", "offer_choice", (S.PENDING_BUYER,), repeats=True, is_breach=True
    ),
    K.REFUND: Clock(
        (S.REFUNDING, S.REFUND_FAILED),
        "refund_business_days",
        "business_days",
        "platform_pays",
        repeats=True,
        is_breach=True,
    ),
    K.REJECTED: Clock((S.REJECTED,), "rejected_days", "days", "expire"),
    K.EVIDENCE: Clock((S.ARBITRATION,), "evidence_hours", "hours", "close_evidence", (S.SUSPENDED,)),
    K.SUSPENSION: Clock((S.SUSPENDED,), "suspend_days", "days", "resume"),
}


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
    return any(clock.is_breach for clock in CLOCKS.values() if clock.action == action)
