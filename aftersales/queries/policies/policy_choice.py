"""Which policy decides: of those in force whose scope fits, the most specific."""

from datetime import datetime

from django.db.models import Q, QuerySet

from aftersales.models import Policy, Reason
from orders.models import Order

# What counts as more specific, the heaviest first: a policy for one shop beats one for a category.
WEIGHTS = {
    "merchant_id": 128,
    "reason_id": 64,
    "category": 32,
    "case_type": 16,
    "channel": 8,
    "buyer_level": 4,
    "amount_from": 2,
    "amount_below": 2,
    "currency": 1,
}


class NoPolicy(LookupError):
    """No policy is in force; the reference data is missing."""


def specificity(policy: Policy) -> int:
    """The summed weight of the parts of its scope: how narrowly a policy is scoped."""
    return sum(weight for name, weight in WEIGHTS.items() if getattr(policy, name) not in (None, ""))


def in_force(at: datetime) -> QuerySet[Policy]:
    """Policies in force at a moment."""
    return Policy.objects.filter(
        Q(effective_until__isnull=True) | Q(effective_until__gt=at), effective_from__lte=at
    ).select_related("merchant", "reason")


def resolve(order: Order, *, case_type: str, reason: Reason | None, category: str, at: datetime) -> Policy:
    """The policy for a request; NoPolicy when none is in force."""
    candidates = in_force(at).filter(_covers(order, case_type, reason, category))
    best = max(candidates, key=lambda policy: (specificity(policy), policy.version, policy.pk), default=None)
    # A decision without a rule could not be explained: better none than one by constants.
    if best is None:
        raise NoPolicy("no policy is in force; run the command that installs the reference data")
    return best


# Says in SQL what `fits` says in Python, since the preview asks about a version that no row holds yet: a new part of
# a scope belongs into both.
def _covers(order: Order, case_type: str, reason: Reason | None, category: str) -> Q:
    return Q(
        Q(merchant__isnull=True) | Q(merchant=order.merchant_id),
        Q(reason__isnull=True) | Q(reason=reason),
        Q(buyer_level__isnull=True) | Q(buyer_level=order.buyer.level),
        Q(amount_from__isnull=True) | Q(amount_from__lte=order.paid_amount),
        Q(amount_below__isnull=True) | Q(amount_below__gt=order.paid_amount),
        category__in=["", category],
        case_type__in=["", case_type],
        channel__in=["", order.source],
        currency__in=["", order.currency],
    )


def fits(policy: Policy, order: Order, case_type: str, reason_id: int, category: str) -> bool:
    """Whether an unsaved policy's scope covers a case; for the preview in the admin."""
    level, amount = order.buyer.level, order.paid_amount
    return (
        policy.merchant_id in (None, order.merchant_id)
        and policy.reason_id in (None, reason_id)
        and policy.buyer_level in (None, level)
        and (policy.amount_from is None or policy.amount_from <= amount)
        and (policy.amount_below is None or policy.amount_below > amount)
        and policy.category in ("", category)
        and policy.case_type in ("", case_type)
        and policy.channel in ("", order.source)
        and policy.currency in ("", order.currency)
    )


def version_before(policy: Policy) -> Policy | None:
    """The version of the same name that this one followed."""
    return Policy.objects.filter(name=policy.name, version__lt=policy.version).order_by("-version").first()


def compared_with(policy: Policy) -> Policy | None:
    """What a version to be saved is compared with: as it is stored, else the one before, else the broadest in force."""
    if policy.pk:
        return Policy.objects.get(pk=policy.pk)
    broadest = min(in_force(policy.effective_from), key=lambda each: (specificity(each), -each.version), default=None)
    return version_before(policy) or broadest
