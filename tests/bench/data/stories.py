"""How the cases of the seed came to where they stand, and how often each way is taken."""

from dataclasses import dataclass

from aftersales.rules.vocabulary import CaseType, GoodsState, Status

S = Status

RETURNED = (("ship_return", "buyer", S.RETURN_IN_TRANSIT), ("receive", "warehouse", S.INSPECTING))
REJECTED = (("reject", "agent", S.REJECTED),)
ARGUED = (*REJECTED, ("escalate", "buyer", S.ARBITRATION))
AGREED = (("approve", "agent", S.AWAITING_RETURN),)
PASSED = (*AGREED, *RETURNED, ("pass_inspection", "warehouse", S.REFUNDING))


@dataclass(frozen=True)
class Story:
    """How a case came to where it stands: what it asks for, and its moves after the application."""

    status: Status
    weight: float
    moves: tuple[tuple[str, str, Status], ...] = ()
    type: CaseType = CaseType.RETURN_REFUND
    goods: GoodsState = GoodsState.SIGNED
    close_reason: str = ""


ONLY = CaseType.REFUND_ONLY
PENDING = Story(S.PENDING_MERCHANT, 5.5)
STORIES = (
    PENDING,
    Story(S.PENDING_MERCHANT, 2.0, type=ONLY),
    Story(S.PENDING_BUYER, 1.3, (("offer", "agent", S.PENDING_BUYER),), ONLY),
    Story(S.REJECTED, 1.8, REJECTED),
    Story(S.INTERCEPTING, 0.9, (("approve", "agent", S.INTERCEPTING),), ONLY, GoodsState.SHIPPED),
    Story(S.AWAITING_RETURN, 4.0, AGREED),
    Story(S.RETURN_IN_TRANSIT, 2.7, (*AGREED, RETURNED[0])),
    Story(S.INSPECTING, 1.3, (*AGREED, *RETURNED)),
    Story(S.REFUNDING, 1.0, PASSED),
    Story(S.REFUND_FAILED, 0.2, (*PASSED, ("fail_refund", "gateway", S.REFUND_FAILED))),
    Story(S.ARBITRATION, 1.1, ARGUED),
    Story(S.SUSPENDED, 0.2, (*ARGUED, ("suspend", "supervisor", S.SUSPENDED))),
    Story(S.COMPLETED, 38.0, (("approve", "agent", S.REFUNDING), ("settle", "gateway", S.COMPLETED)), ONLY),
    Story(S.COMPLETED, 20.0, (*PASSED, ("settle", "gateway", S.COMPLETED))),
    Story(S.CLOSED, 12.0, (("withdraw", "buyer", S.CLOSED),), close_reason="withdrawn"),
    Story(S.CLOSED, 8.0, (*AGREED, ("expire", "clock", S.CLOSED)), close_reason="expired"),
)
GOODS = (("Dress, mist blue", "M", 49), ("Linen shirt", "L", 89), ("Canvas shoes", "42", 129), ("Desk lamp", "", 199))
BACK = frozenset({S.INSPECTING, S.REFUNDING, S.REFUND_FAILED})
