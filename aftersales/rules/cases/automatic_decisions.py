"""What a policy decides by itself, and what stands against it; `actions.cases.automatic_decisions` reads the facts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from aftersales.rules.cases import case_types

if TYPE_CHECKING:
    from aftersales.models import Policy
    from aftersales.rules.cases.risk import Record

ZERO = Decimal(0)
# The policy fields that decide; each is a sum below which it does.
RETURNLESS = "returnless_below"
INSTANT = "instant_below"
SMALL = "auto_approve_below"
AUTHORISED = "authorise_below"
# In the order in which they are tried: what asks least of the buyer comes first.
RULES = (RETURNLESS, INSTANT, SMALL, AUTHORISED)

# Money that the shop gave to be spent: an instant refund would turn it into cash.
RED_PACKETS = frozenset({"voucher", "points"})


@dataclass(frozen=True)
class Limits:
    """The sums below which the policy decides: of several categories in one case, the strictest of each."""

    returnless_below: Decimal
    instant_below: Decimal
    auto_approve_below: Decimal
    authorise_below: Decimal

    def of(self, rule: str) -> Decimal:
        """The sum of a rule; zero where it is switched off."""
        limit: Decimal = getattr(self, rule)
        return limit


@dataclass(frozen=True)
class Request:
    """What is asked for, as far as a policy looks at it."""

    type: str
    goods_state: str
    amount: Decimal
    sends_first: bool = False
    has_address: bool = True


@dataclass(frozen=True)
class Standing:
    """What is known of the buyer and of how the order was paid; `outstanding` is money advanced and not yet back."""

    buyer_id: int
    level: int
    methods: frozenset[str]
    has_instalments: bool
    record: Record
    outstanding: Decimal = ZERO


@dataclass(frozen=True)
class Blocker:
    """A rule that is switched on and did not decide, and the code of what stood against it."""

    rule: str
    code: str


@dataclass(frozen=True)
class Decision:
    """The rule that agrees, with its sum, and what stood against those before it."""

    rule: str = ""
    limit: Decimal = ZERO
    against: tuple[Blocker, ...] = field(default_factory=tuple)

    @property
    def data(self) -> dict[str, Any]:
        """How the log of the case tells it; nothing where no rule is switched on."""
        found: dict[str, Any] = {}
        if self.rule:
            found |= {"rule": self.rule, "limit": f"{self.limit.normalize():f}"}
        if self.against:
            found["against"] = [[blocker.rule, blocker.code] for blocker in self.against]
        return found


def decide(request: Request, limits: Limits, policy: Policy, standing: Callable[[], Standing]) -> Decision:
    """What the policy says to a request, real or only thought of; the buyer's standing is read when it counts."""
    against: list[Blocker] = []
    for rule in RULES:
        if not limits.of(rule) or not concerns(rule, request):
            continue
        codes = list(_against(rule, request, limits, policy, standing))
        if not codes:
            return Decision(rule, limits.of(rule), tuple(against))
        against += [Blocker(rule, code) for code in codes]
    return Decision(against=tuple(against))


def _against(
    rule: str, request: Request, limits: Limits, policy: Policy, standing: Callable[[], Standing]
) -> Iterator[str]:
    plain = plain_blocker(rule, request, limits)
    if plain:
        yield plain
    elif rule == INSTANT:
        yield from instant_blockers(request, policy, standing())


def limits_of(policies: Sequence[Policy]) -> Limits:
    """The sums of a policy; goods of several categories are decided by the strictest of their policies."""
    return Limits(**{rule: min(getattr(policy, rule) for policy in policies) for rule in RULES})


def below(amount: Decimal, limit: Decimal) -> bool:
    """Whether an amount lies below a limit that is switched on."""
    return limit > ZERO and amount < limit


def is_instant_kind(request: Request) -> bool:
    """Whether a refund at once is thinkable: nothing was shipped, or the goods were signed for and come back."""
    return request.goods_state in case_types.of(request.type).instant_while


def concerns(rule: str, request: Request) -> bool:
    """Whether a rule speaks of such a request at all."""
    if rule == INSTANT:
        return is_instant_kind(request)
    if rule == RETURNLESS:
        return case_types.of(request.type).pays_for_returns
    return rule == SMALL or case_types.of(request.type).returns


def plain_blocker(rule: str, request: Request, limits: Limits) -> str:
    """What in the request itself stands against a rule; nothing when nothing does."""
    if not below(request.amount, limits.of(rule)):
        return "sum"
    if rule == RETURNLESS:
        return ""
    if case_types.of(request.type).returns and not request.has_address:
        return "no_address"
    return "sent_first" if request.sends_first and rule == AUTHORISED else ""


def instant_blockers(request: Request, policy: Policy, standing: Standing) -> list[str]:
    """Everything about the buyer and the payment that stands against a refund at once."""
    return list(_instant_blockers(request, policy, standing))


def _instant_blockers(request: Request, policy: Policy, standing: Standing) -> Iterator[str]:
    if standing.level < policy.instant_buyer_level:
        yield "buyer_level"
    if not is_rolled_out(standing.buyer_id, policy.instant_share_percent):
        yield "roll_out"
    if standing.methods & RED_PACKETS:
        yield "red_packets"
    if standing.has_instalments:
        yield "instalments"
    # The limits that a person sees as signals of risk (`risk.signals`) are those that end an instant refund.
    record = standing.record
    if record.case_count >= policy.risk_case_count:
        yield "case_count"
    if record.given_back and record.percent_back >= policy.risk_refund_percent:
        yield "refund_rate"
    if record.dispute_count and record.percent_disputed >= policy.risk_dispute_percent:
        yield "dispute_rate"
    if case_types.of(request.type).pays_for_returns and standing.outstanding + request.amount > policy.instant_quota:
        yield "quota"


def is_rolled_out(buyer_id: int, percent: int) -> bool:
    """Whether a buyer belongs to the share that has it; the same buyer always falls on the same side."""
    return place_of(buyer_id) < percent


def place_of(buyer_id: int) -> int:
    """Where a buyer stands among a hundred, for ever."""
    # A hash, not a draw: who was once among the chosen stays there when the share grows, and nobody can try again.
    return int.from_bytes(hashlib.sha256(str(buyer_id).encode()).digest()[:8]) % 100
