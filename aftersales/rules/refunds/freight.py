"""Who pays the freight, back and out: by fault, problem class, case type and free shipping. Pure.

Source: the trade's rules.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.rules.cases import case_types
from aftersales.rules.vocabulary import Fault

ZERO = Decimal(0)
BUYER, MERCHANT = "buyer", "merchant"
AGREED = 7  # the problem class of reasons on which buyer and merchant agreed, whoever is at fault
WHY: dict[str, Promise | str] = {
    "agreed": _("As agreed with the merchant; who pays was not stated, so the merchant does."),
    "unresolved": _("Whose fault it is, is not settled: the buyer pays the way back, the merchant the way out."),
    "merchant_fault": _("The merchant is at fault and pays both ways."),
    "carrier_fault": _("It went wrong on the way: the merchant pays both ways and claims it from the carrier."),
    "exchange_by_choice": _("The buyer exchanges by choice and pays both ways."),
    "free_freight": _("The order was shipped free: the buyer pays the way back only."),
    "free_freight_lost": _("What stays no longer earns free shipping: the buyer pays both ways."),
    "buyer_fault": _("The reason is the buyer's: the buyer pays the way back."),
    "prepaid_label": _("The return label is prepaid: the merchant pays the way back."),
    "reason_merchant": _("For this reason the merchant pays the way back, whoever is at fault."),
    "reason_buyer": _("For this reason the buyer pays the way back, whoever is at fault."),
}


@dataclass(frozen=True)
class Freight:
    """Who pays the way back and the way out (of a replacement, else of the order), and the rule that says so."""

    back: str
    out: str
    rule: str


def payers(
    *,
    problem_class: int,
    fault: str,
    reason_payer: str,
    case_type: str,
    has_free_freight: bool = False,
    still_free: bool = True,
) -> Freight:
    """Who pays the way back and out; a reason that names the payer of the way back overrides what fault says."""
    found = _by_fault(problem_class, fault, case_type, has_free_freight, still_free)
    if problem_class == AGREED or fault == Fault.UNRESOLVED or found.back == reason_payer:
        return found
    return Freight(reason_payer, MERCHANT, f"reason_{reason_payer}")


def _by_fault(problem_class: int, fault: str, case_type: str, has_free_freight: bool, still_free: bool) -> Freight:
    if problem_class == AGREED:
        return Freight(MERCHANT, MERCHANT, "agreed")
    if fault == Fault.UNRESOLVED:
        return Freight(BUYER, MERCHANT, "unresolved")
    if fault != Fault.BUYER:
        return Freight(MERCHANT, MERCHANT, f"{fault}_fault")
    if case_types.of(case_type).exchanges:
        return Freight(BUYER, BUYER, "exchange_by_choice")
    if not has_free_freight:
        return Freight(BUYER, BUYER, "buyer_fault")
    return Freight(BUYER, MERCHANT, "free_freight") if still_free else Freight(BUYER, BUYER, "free_freight_lost")


def earns_free(stays: Decimal, free_from: Decimal | None) -> bool:
    """Whether what the buyer keeps would still be shipped free; where nothing stays, nothing is lost."""
    return free_from is None or stays == ZERO or stays >= free_from


def why(rule: str) -> str:
    """The rule in a sentence; empty for a case that is older than the rules."""
    return str(WHY.get(rule, ""))
