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
    "agreed": _("As agreed with the merchant; who pays was not stated, so the merchant pays both ways."),
    "unresolved": _("Whose fault it is, is not settled: the buyer pays the way back, the merchant the way out."),
    "merchant_fault": _("The merchant is at fault and pays both ways."),
    "carrier_fault": _("It went wrong on the way: the merchant pays both ways and claims it from the carrier."),
    "exchange_by_choice": _("The buyer exchanges by choice and pays both ways."),
    "free_freight": _("The order was shipped free: the buyer pays the way back only."),
    "free_freight_lost": _("What stays no longer earns free shipping: the buyer pays both ways."),
    "buyer_fault": _("The reason is the buyer's: the buyer pays the way back."),
    "prepaid_label": _("The return label is prepaid: the merchant pays the way back."),
    "reason_merchant": _(
        "For this reason the merchant pays the return freight, whoever is at fault; outbound freight is not affected."
    ),
    "reason_buyer": _(
        "For this reason the buyer pays the return freight, whoever is at fault; outbound freight is not affected."
    ),
    "found_unresolved": _("No fault was found: the buyer pays the return freight, the merchant the outbound freight."),
    "found_merchant_fault": _("The merchant was found at fault and pays both ways."),
    "found_carrier_fault": _(
        "The carrier was found at fault: the merchant pays both ways and claims it back from the carrier."
    ),
    "found_exchange_by_choice": _("The buyer was found at fault: for an exchange the buyer pays both ways."),
    "found_free_freight": _("The buyer was found at fault; the order was shipped free: the way back only."),
    "found_free_freight_lost": _(
        "The buyer was found at fault, and what stays no longer earns free shipping: the buyer pays both ways."
    ),
    "found_buyer_fault": _("The buyer was found at fault and pays the way back."),
}
# Rules whose sentence says that the merchant pays the way out: it goes back with the last unit, shipped or not.
PAYS_OUT = frozenset({"agreed", "unresolved", "merchant_fault", "carrier_fault"})
FOUND = "found_"  # before a rule: a finding replaced the fault, and what the reason says of the freight


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
    finding: str = "",
) -> Freight:
    """Who pays the way back and out; a reason that names the payer of the way back overrides what fault says.

    A `finding` about fault overrides both: what the reason presumed is then known.
    """
    if finding:
        found = _by_fault(finding, case_type, has_free_freight, still_free)
        return Freight(found.back, found.out, FOUND + found.rule)
    return _presumed(problem_class, fault, reason_payer, _by_fault(fault, case_type, has_free_freight, still_free))


def _presumed(problem_class: int, fault: str, reason_payer: str, by_fault: Freight) -> Freight:
    """What the reason of a case says before anybody has found out more."""
    if problem_class == AGREED:
        return Freight(MERCHANT, MERCHANT, "agreed")
    if fault == Fault.UNRESOLVED or by_fault.back == reason_payer:
        return by_fault
    # The reason speaks of the way back alone: the way out stays with whoever is at fault.
    return Freight(reason_payer, by_fault.out, f"reason_{reason_payer}")


def pays_way_out(rule: str) -> bool:
    """Whether the buyer gets the freight of the way out back although the order was shipped."""
    return rule.removeprefix(FOUND) in PAYS_OUT


def pays_buyer_back(payer: str, rule: str) -> bool:
    """Whether what the buyer paid the carrier for the way back is the merchant's; a prepaid label cost nothing."""
    return payer == MERCHANT and rule != "prepaid_label"


def loses_free_freight(rule: str) -> bool:
    """Whether the freight of the way out is deducted, because what stays no longer earns free shipping."""
    return rule.removeprefix(FOUND) == "free_freight_lost"


def _by_fault(fault: str, case_type: str, has_free_freight: bool, still_free: bool) -> Freight:
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
