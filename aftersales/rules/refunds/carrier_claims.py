"""What an insurer or a carrier owes: freight insurance, claims for loss and damage. Pure."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from aftersales.rules.vocabulary import Condition, Fault

ZERO = Decimal(0)
LOSS, DAMAGE = "carrier_loss", "carrier_damage"
LOST_BY_REASON = frozenset({"not_received", "no_trace", "empty_parcel"})
DAMAGED_BY_REASON = frozenset({"damaged_in_transit"})


def insured(insured_sum: Decimal, stated: Decimal) -> Decimal:
    """What the insurer pays of the way back: its stated cost, at most the insured sum; unstated, the insured sum."""
    return min(insured_sum, stated) if stated > ZERO else insured_sum


def proposed(reason: str, found: Collection[str], liable: str = "") -> tuple[str, str] | None:
    """The claim that is suggested, its kind and rule: by a finding about fault, else by the reason or the goods.

    Nothing where nothing suggests one, or somebody else than the carrier was found liable.
    """
    if liable:
        kind = LOSS if Condition.EMPTY in found or reason in LOST_BY_REASON else DAMAGE
        return (kind, "finding_says_carrier") if liable == Fault.CARRIER else None
    if reason in DAMAGED_BY_REASON:
        return DAMAGE, "reason_says_damage"
    if reason in LOST_BY_REASON:
        return LOSS, "reason_says_loss"
    if Condition.EMPTY in found:
        return LOSS, "inspection_says_loss"
    return (DAMAGE, "inspection_says_damage") if Condition.DAMAGED in found else None
