"""Which policy decides: one for the case, one for each of its items; of those whose scope fits, the most specific."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from aftersales.models import Policy, Reason
from aftersales.rules.policies import exclusions
from orders.models import Order, OrderLine

# What counts as more specific, the heaviest first: a policy for one shop beats one for a category.
WEIGHTS = {
    "merchant_id": 128,
    "reason_id": 64,
    "ground": 40,
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


@dataclass(frozen=True)
class Request:
    """What a policy is chosen for: an order, a type and a reason."""

    order: Order
    case_type: str
    reason: Reason


def specificity(policy: Policy) -> int:
    """The summed weight of the parts of its scope: how narrowly a policy is scoped."""
    return sum(weight for name, weight in WEIGHTS.items() if getattr(policy, name) not in (None, ""))


def in_force(at: datetime) -> QuerySet[Policy]:
    """Policies in force at a moment."""
    return Policy.objects.filter(
        Q(effective_until__isnull=True) | Q(effective_until__gt=at), effective_from__lte=at
    ).select_related("merchant", "reason")


def for_order(order: Order, at: datetime) -> list[Policy]:
    """Those in force at a moment that can concern an order, read once for all its items."""
    return list(in_force(at).filter(Q(merchant__isnull=True) | Q(merchant=order.merchant_id)))


def of_case(policies: Iterable[Policy], order: Order, case_type: str) -> Policy:
    """The policy of a case, whatever it is about and why; NoPolicy when none is in force."""
    return _best([each for each in policies if fits_case(each, order, case_type)])


def of_item(policies: Iterable[Policy], request: Request, line: OrderLine | None) -> Policy:
    """The policy of one item, whatever else is asked for; NoPolicy when none is in force."""
    fitting = [each for each in policies if fits_item(each, request, line)]
    # What the law excludes is excluded in every shop: only what names the goods themselves can say otherwise.
    if any(each.ground for each in fitting):
        fitting = [each for each in fitting if names_goods(each)]
    return _best(fitting)


def _best(fitting: Sequence[Policy]) -> Policy:
    best = max(fitting, key=rank, default=None)
    # A decision without a rule could not be explained: better none than one by constants.
    if best is None:
        raise NoPolicy("no policy is in force; run the command that installs the reference data")
    return best


def names_goods(policy: Policy) -> bool:
    """Whether a policy is for some kind of goods, by their category or as excluded by law."""
    return bool(policy.category or policy.ground)


def rank(policy: Policy) -> tuple[int, int, int]:
    """The higher one decides: the more specific, of two alike the newer."""
    return specificity(policy), policy.version, policy.pk or 0


def fits_case(policy: Policy, order: Order, case_type: str) -> bool:
    """Whether a policy can be that of a case; one for a category or a reason never is."""
    return not policy.is_for_items and _covers(policy, order, case_type)


def fits_item(policy: Policy, request: Request, line: OrderLine | None) -> bool:
    """Whether a policy covers an item of a request."""
    return (
        policy.reason_id in (None, request.reason.pk)
        and exclusions.covers(policy, line)
        and (line is None or exclusions.concerns(policy, request.order, request.reason, line))
        and _covers(policy, request.order, request.case_type)
    )


def _covers(policy: Policy, order: Order, case_type: str) -> bool:
    level, amount = order.buyer.level, order.paid_amount
    return (
        policy.merchant_id in (None, order.merchant_id)
        and policy.buyer_level in (None, level)
        and (policy.amount_from is None or policy.amount_from <= amount)
        and (policy.amount_below is None or policy.amount_below > amount)
        and policy.case_type in ("", case_type)
        and policy.channel in ("", order.source)
        and policy.currency in ("", order.currency)
    )


def replaces(candidate: Policy, policy: Policy, *, for_item: bool) -> bool:
    """Whether a version that fits would decide instead of the one that did."""
    if for_item and (candidate.ground or policy.ground) and names_goods(candidate) != names_goods(policy):
        return names_goods(candidate)
    # At an equal scope the newer version decides, as in `rank`.
    return specificity(candidate) >= specificity(policy)


def general(at: datetime) -> Policy | None:
    """The broadest policy in force: what is about no case and has no scope follows it."""
    return min(in_force(at), key=lambda each: (specificity(each), -each.version, each.pk), default=None)


def broader(policy: Policy, at: datetime) -> Policy | None:
    """The next less specific of those in force that covers all that a policy covers."""
    wider = [each for each in in_force(at) if each.pk != policy.pk and _contains(each, policy)]
    return max(wider, key=rank, default=None)


def _contains(wide: Policy, narrow: Policy) -> bool:
    named = [name for name in WEIGHTS if getattr(wide, name) not in (None, "")]
    return len(named) < sum(getattr(narrow, name) not in (None, "") for name in WEIGHTS) and all(
        getattr(wide, name) == getattr(narrow, name) for name in named
    )


def version_before(policy: Policy) -> Policy | None:
    """The version of the same name that this one followed."""
    return Policy.objects.filter(name=policy.name, version__lt=policy.version).order_by("-version").first()


def compared_with(policy: Policy) -> Policy | None:
    """What a version to be saved is compared with: as it is stored, else the one before, else the broadest in force."""
    if policy.pk:
        return Policy.objects.get(pk=policy.pk)
    return version_before(policy) or general(policy.effective_from)
