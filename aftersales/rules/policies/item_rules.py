"""Which rules each item of a case takes from a policy of its own."""

from typing import Final

# What each item of a case takes from the policy for its own category and the reason. Every other rule is the
# case's, from the policy for its merchant, channel, type and sum: so no order of items, and no item more, changes
# what another one gets, or a clock.
OF_ITEMS: Final = frozenset(
    {
        "no_reason_allowed", "no_reason_days", "quality_days", "warranty_days", "price_protection_days",
        "replacement_counts_anew", "application_count", "repair_attempt_count", "repair_same_fault",
        "restocking_percent", "restocking_used_percent", "restocking_late_percent", "restocking_late_days",
        "depreciation_day_percent", "returnless_below", "instant_below", "auto_approve_below", "authorise_below",
    }
)  # fmt: skip
