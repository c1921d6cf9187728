"""The fields of a policy, read from its model: what form, copy, preview, `/rules/` and history show can lack none."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeAlias

from django.db.models import Field
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.models import Policy
from aftersales.moves import CHART
from aftersales.rules.policies.clocks import CLOCKS
from orders.models.order import MoneyField

Text = str | Promise
AnyField: TypeAlias = "Field[Any, Any]"

IDENTITY: Final = ("name", "version", "effective_from", "effective_until", "note")
SCOPE: Final = (
    "merchant", "reason", "category", "ground", "case_type", "channel", "currency", "buyer_level", "amount_from",
    "amount_below",
)  # fmt: skip
FIELDS: Final[dict[str, AnyField]] = {
    field.name: field for field in Policy._meta.concrete_fields if field.editable and not field.primary_key
}
# What is left is a rule: a field that somebody adds to the model is one, and stands on every page.
RULES: Final = tuple(name for name in FIELDS if name not in (*IDENTITY, *SCOPE))
DURATIONS: Final = ("_minutes", "_hours", "_days", "_months")


@dataclass(frozen=True)
class Group:
    """Rules that are read together; a rule belongs to the first group that has the beginning of its name."""

    label: Text
    text: Text
    starts: tuple[str, ...] = ()


CLOCK: Final = Group(
    _("Clocks"),
    _("How long each step may take. What happens when the time passes stands below each."),
    ("response_", "extension_"),
)
ELIGIBILITY: Final = Group(
    _("Who may ask, and how long"),
    _("Days count from the day after the signature."),
    (
        "no_reason_",
        "quality_",
        "warranty_",
        "price_protection_",
        "replacement_counts_",
        "application_",
        "repair_attempt_",
        "repair_same_",
    ),
)
AUTOMATIC: Final = Group(
    _("What the policy decides by itself"),
    _("A sum of 0 switches a rule off; then a person decides."),
    ("returnless_", "instant_", "auto_approve_", "authorise_"),
)
MONEY: Final = Group(
    _("Money that is withheld"),
    _("Fees only where the fault is the buyer's, depreciation by use; nothing comes off a sum that was agreed."),
    ("restocking_", "depreciation_", "deducts_", "reprices_"),
)
FREIGHT: Final = Group(
    _("Freight"),
    _("Who pays the freight follows the reason; these are the sums and labels."),
    ("free_freight_", "outbound_freight", "return_freight_", "has_prepaid_", "freight_"),
)
EVIDENCE: Final = Group(
    _("Evidence and the buyer's record"),
    _("What a reason asks as proof stands at the reason; a record only warns, except of instant refunds."),
    ("evidence_", "risk_"),
)
AUTHORITY: Final = Group(
    _("Authority"),
    _("Above these sums a second person decides, or finance releases the refund."),
    ("authority_", "release_"),
)
COMPENSATION: Final = Group(
    _("Compensation"),
    _("How much a compensation of each kind comes to, and how long it can be used."),
    ("late_dispatch_", "coupon_", "points_"),
)
OTHER: Final = Group(_("Other rules"), "")
GROUPS: Final = (CLOCK, ELIGIBILITY, AUTOMATIC, MONEY, FREIGHT, EVIDENCE, AUTHORITY, COMPENSATION, OTHER)

EFFECTS: Final[dict[str, Text]] = {
    "returnless_below": _("A return below it is refunded, and the buyer keeps the goods."),
    "auto_approve_below": _("A request below it is agreed to without a person."),
    "authorise_below": _("A return below it is agreed to; the money waits for the goods."),
    "instant_below": _("Below it the money goes out before the goods are back."),
    "instant_quota": _("Above it the buyer waits until goods of earlier refunds are back."),
    "release_above": _("A refund above it waits until finance releases it."),
    "authority_finance": _("Of one order: releases, payments and waivers. Above it a second person of finance agrees."),
    "authority_finance_day": _("Above it a second person of finance agrees, until midnight."),
    "authority_percent": _("Binds agents and senior agents; 100 switches it off."),
    "free_freight_from": _("If what stays is worth less, the outbound freight is deducted."),
    "return_freight_ceiling": _("By the receipt, where the merchant pays the way back; more is a compensation."),
    "has_prepaid_label": _("The merchant then pays the way back, whatever the reason."),
    "repair_attempt_count": _("After them the buyer may choose an exchange or the money."),
    "repair_same_fault": _("Otherwise any fault of performance counts (三包); the buyer's own damage never does."),
    "depreciation_day_percent": _(
        "Deducted where a repair failed and the buyer takes the money though the same model is in stock (三包)."
    ),
    "replacement_counts_anew": _("Else it counts from the first signature; the warranty always counts anew."),
    "no_reason_allowed": _("Without it a buyer needs a fault, or the merchant's word."),
    "late_dispatch_floor": _("Paid even where the percentage comes to less."),
}


@dataclass(frozen=True)
class Changed:
    """A field that differs between two versions, in words; `is_idle` where the new one never decides by it."""

    name: str
    label: Text
    group: Text
    old: Text
    new: Text
    is_idle: bool = False


def group_of(name: str) -> Group:
    """Where a rule is read; one that no group claims is a clock if it is a time, else among the others."""
    claimed = next((group for group in GROUPS if name.startswith(group.starts)), None)
    return claimed or (CLOCK if name.endswith(DURATIONS) else OTHER)


def grouped(policy: Policy | None = None) -> list[tuple[Group, tuple[str, ...]]]:
    """Every rule, or those that a policy decides, group by group, in the order of the model."""
    names = [name for name in RULES if policy is None or policy.decides(name)]
    found = [(group, tuple(name for name in names if group_of(name) is group)) for group in GROUPS]
    return [(group, names) for group, names in found if names]


def unit(name: str) -> Text:
    """What a number counts; nothing where it is no number."""
    if isinstance(FIELDS[name], MoneyField):
        return _("in the currency of the order")
    units: dict[str, Text] = {
        "_minutes": _("minutes"),
        "_hours": _("hours"),
        "business_days": _("business days"),
        "_days": _("days"),
        "_months": _("months"),
        "_percent": _("percent"),
        "_count": pgettext_lazy("unit", "times"),
    }
    return next((text for ending, text in units.items() if name.endswith(ending)), "")


def reach(name: str) -> Text:
    """Whether a rule is one of each item or of the case as a whole."""
    return _("of each item") if name in Policy.OF_ITEMS else _("of the case")


def help_texts(policy: Policy | None = None, broader: Policy | None = None) -> dict[str, str]:
    """What each rule counts and does, whose it is, and what a broader policy says where it says something else."""
    return {name: " · ".join(_told(name, policy, broader)) for name in RULES}


def _told(name: str, policy: Policy | None, broader: Policy | None) -> Iterator[str]:
    yield from filter(None, (str(unit(name)), str(reach(name)), effect(name)))
    if policy is not None and broader is not None and _stored(policy, name) != _stored(broader, name):
        yield str(_("%(policy)s says: %(value)s") % {"policy": broader, "value": value(broader, name)})


def effect(name: str) -> str:
    """What a rule does, in a sentence; of a clock, what happens when it passes."""
    for clock in CLOCKS.values():
        if name in (length.field for length in clock.lengths):
            move = CHART[clock.action]
            return str(_("When it passes: %(action)s.") % {"action": move.label_of_clock or move.label})
    return str(EFFECTS.get(name, ""))


def copied(source: Policy) -> dict[str, Any]:
    """What a new version takes from an old one: its scope and every rule."""
    return {name: source.serializable_value(FIELDS[name].attname) for name in (*SCOPE, *RULES)}


def changed(old: Policy, new: Policy) -> list[Changed]:
    """The scope and rules in which two versions differ, in the order in which they are read."""
    names = (*SCOPE, *(name for _group, names in grouped() for name in names))
    return [_changed(name, old, new) for name in names if _stored(old, name) != _stored(new, name)]


def _changed(name: str, old: Policy, new: Policy) -> Changed:
    group = _("Applies to (empty: to all)") if name in SCOPE else group_of(name).label
    is_idle = name in RULES and not new.decides(name)
    return Changed(name, FIELDS[name].verbose_name, group, scoped(old, name), scoped(new, name), is_idle)


def _stored(policy: Policy, name: str) -> object:
    return policy.serializable_value(FIELDS[name].attname)


def scoped(policy: Policy, name: str) -> Text:
    """A part of the scope as people read it."""
    # An empty part of the scope is no missing limit: it applies to all.
    return _("everything") if name in SCOPE and _stored(policy, name) in (None, "") else value(policy, name)


def value(policy: Policy, name: str) -> Text:
    """A rule as people read it: a choice by its label, yes or no, no idle zeros, limits that are not set."""
    field, stored = FIELDS[name], getattr(policy, name)
    plain = dict(field.flatchoices).get(stored, stored) if field.choices else stored
    if isinstance(plain, bool):
        return _("Yes") if plain else _("No")
    if plain is None:
        # A limit that is not set binds nobody; any other number that is not set switches its rule off.
        return _("no limit") if name.startswith(AUTHORITY.starts) else _("not set")
    return f"{plain.normalize():,f}" if isinstance(plain, Decimal) else str(plain)


def numbers(policy: Policy, names: Iterable[str]) -> list[tuple[Text, Text]]:
    """These fields of a policy with their names."""
    return [(FIELDS[name].verbose_name, value(policy, name)) for name in names]
