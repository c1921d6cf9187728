"""Goods that nobody keeps go back to the buyer: how many units, and who pays their way. Pure."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.rules.cases import case_types
from aftersales.rules.vocabulary import CloseReason, Fault, Status

BUYER, MERCHANT = "buyer", "merchant"
WHY: Final[dict[str, Promise | str]] = {
    "found_merchant": _("The merchant was found at fault and pays this way too."),
    "found_carrier": _(
        "The carrier was found at fault: the merchant pays for sending them back and claims it from the carrier."
    ),
    "found_buyer": _("The buyer was found at fault and pays this way."),
    "found_unresolved": _("The finding settles nobody's fault: the buyer pays this way."),
    "withdrawn": _("The buyer withdrew the request and pays this way."),
    "refused": _("The inspection refused them, and nobody found otherwise: the buyer pays this way."),
    "surplus": _("They were not part of the return: the buyer pays for sending them back."),
    "as_return_buyer": _("Nobody was found at fault: the buyer pays this way, like the way here."),
    "as_return_merchant": _("Nobody was found at fault: the merchant pays this way, like the way here."),
}


# Once this is reached, what comes is neither inspected nor paid for in the case any more.
DECIDED: Final = (
    Status.REFUNDING,
    Status.REFUND_FAILED,
    Status.REPAIRING,
    Status.AWAITING_DISPATCH,
    Status.AWAITING_RECEIPT,
    Status.COMPLETED,
    Status.CLOSED,
)


@dataclass(frozen=True)
class Units:
    """Of one item of a case: units that lie here, and those that money or goods were given for."""

    here: int
    accepted: int = 0
    settled: int = 0
    sent: int = 0


@dataclass(frozen=True)
class Payer:
    """Who pays the way back to the buyer, and the rule that says so."""

    party: str
    rule: str


def taken(units: Units, status: str, case_type: str) -> int:
    """Units that are the merchant's: accepted, and given money or other goods for; of a closed case none.

    Repaired goods are the buyer's when they are sent; without a return it counts what was given.
    """
    if status == Status.CLOSED:
        return 0
    record = case_types.of(case_type)
    if record.returns:
        return max(units.accepted - (units.sent if record.repairs else 0), 0)
    return units.settled + units.sent


def owed(units: Units, status: str, case_type: str) -> int:
    """Units that lie here when the case ends and are nobody's but the buyer's."""
    return max(units.here - taken(units, status, case_type), 0)


def merchants_own(arrived: int, units: Units, status: str, case_type: str) -> int:
    """Of units that arrive after the decision, those that were paid for before anybody had seen them."""
    return min(arrived, max(taken(units, status, case_type) - units.here, 0))


def payer(*, finding: str, close_reason: str, status: str, as_return: str) -> Payer:
    """Who pays the way back to the buyer: by the finding, else by how the case ended, else like the way here."""
    if finding:
        return Payer(MERCHANT if finding in (Fault.MERCHANT, Fault.CARRIER) else BUYER, f"found_{finding}")
    if close_reason == CloseReason.WITHDRAWN:
        return Payer(BUYER, "withdrawn")
    if close_reason == CloseReason.EXPIRED or status == Status.COMPLETED:
        return Payer(BUYER, "refused")
    return Payer(as_return, f"as_return_{as_return}")


def why(rule: str) -> str:
    """The rule in a sentence."""
    return str(WHY.get(rule, ""))
