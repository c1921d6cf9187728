"""Every move of a case, and every other act; the tables of the product are derived from these records."""

from collections.abc import Callable
from typing import Final

from aftersales.moves import (
    acts,
    approving,
    deciding,
    disputing,
    goods,
    money,
    paying,
    repairing,
    replacing,
    reshaping,
    returning,
    rights,
)
from aftersales.moves.record import Act, Move

# In the order of the table of rules, and of the buttons on the page of a case.
MOVES: Final[tuple[Move, ...]] = (
    deciding.APPROVE,
    approving.ALLOW,
    returning.INTERCEPTED,
    returning.MISS_INTERCEPTION,
    returning.LOSE_PARCEL,
    deciding.OFFER,
    deciding.ACCEPT_OFFER,
    deciding.DECLINE_OFFER,
    deciding.LAPSE_OFFER,
    deciding.REJECT,
    deciding.REAPPLY,
    disputing.ESCALATE,
    deciding.WITHDRAW,
    returning.SHIP_RETURN,
    returning.BOOK_PICKUP,
    returning.RESCHEDULE_PICKUP,
    returning.CANCEL_PICKUP,
    returning.RECEIVE,
    returning.REPORT_GOODS,
    returning.PRESUME_RECEIVED,
    returning.PASS_INSPECTION,
    returning.REFER_INSPECTION,
    returning.FAIL_INSPECTION,
    repairing.QUOTE_REPAIR,
    repairing.DIAGNOSE,
    repairing.SEND_TO_REPAIRER,
    repairing.BACK_FROM_REPAIRER,
    repairing.FINISH_REPAIR,
    repairing.FAIL_REPAIR,
    repairing.OFFER_CHOICE,
    repairing.CHOOSE_EXCHANGE,
    repairing.CHOOSE_REFUND,
    replacing.DISPATCH,
    replacing.GIVE_MONEY_INSTEAD,
    replacing.SEND_AGAIN,
    replacing.CONFIRM_RECEIPT,
    deciding.EXPIRE,
    disputing.RULE_FOR_BUYER,
    disputing.RULE_FOR_MERCHANT,
    disputing.ASK_EVIDENCE,
    disputing.CLOSE_EVIDENCE,
    disputing.PASS_ON_DECISION,
    disputing.MISS_DECISION,
    disputing.SUSPEND,
    disputing.RESUME,
    paying.SETTLE,
    paying.FAIL_REFUND,
    paying.RETRY_REFUND,
    paying.REVERSE_REFUND,
    paying.PLATFORM_PAYS,
    reshaping.CONVERT,
    reshaping.SPLIT,
    reshaping.MERGE,
    deciding.EXTEND,
    approving.REQUEST_APPROVAL,
    approving.DECLINE_REQUEST,
    deciding.REOPEN,
)
# Collected by their names in the modules; their order matters to nobody.
ACTS: Final = tuple(
    act for part in (acts, approving, goods, money, rights) for act in vars(part).values() if type(act) is Act
)
# By name, since events, deadlines and addresses store names.
CHART: Final[dict[str, Move]] = {move.name: move for move in MOVES}
EVERY: Final[dict[str, Act]] = {act.name: act for act in (*MOVES, *ACTS)}
# Moves whose sums count towards what a person may decide in a day.
DECIDING: Final = tuple(move for move in MOVES if move.decides_sum)


def where(fits: Callable[[Act], object]) -> frozenset[str]:
    """Names of the moves and acts that it is true of."""
    return frozenset(name for name, act in EVERY.items() if fits(act))
