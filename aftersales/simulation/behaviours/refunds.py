"""Finance and the gateway: released, retried, settled by hand, declined, lost, taken back."""

from datetime import datetime

from aftersales.actions.refunds import manual_settlement, retries
from aftersales.actions.refunds.finance import releases
from aftersales.models import Case, Refund
from aftersales.rules.actor import Actor
from aftersales.rules.vocabulary import RefundStatus, Role
from aftersales.simulation.behaviours.situation import Behaviour, Situation
from orders.gateways import sandbox
from orders.gateways.sandbox import books

# Counted faults strike exactly the next calls, so that a seed always plays the same.
FAULTS = (
    "decline", "rate_limited", "error_500", "error_500_after_success", "timeout_after_success", "empty_body", "garbage",
    "wrong_amount", "accepted_then_later", "accepted_then_failed", "duplicate_notice",
)  # fmt: skip


def release(situation: Situation, case: Case, at: datetime) -> None:
    """Finance releases what waits for it."""
    for refund in _refunds(case, RefundStatus.AWAITING_RELEASE):
        releases.release(refund.pk, by=situation.actors.one(Role.FINANCE), at=at)


def retry(situation: Situation, case: Case, at: datetime) -> None:
    """Finance sends again what failed, and asks after what is not known."""
    for refund in _refunds(case, RefundStatus.FAILED, RefundStatus.REVERSED, RefundStatus.UNKNOWN):
        retries.retry(refund.pk, by=situation.actors.one(Role.FINANCE), at=at)


def settle_by_hand(situation: Situation, case: Case, at: datetime) -> None:
    """Two people of finance pay by bank transfer what the bank's books do not show as paid."""
    for refund in _refunds(case, RefundStatus.FAILED, RefundStatus.UNKNOWN, RefundStatus.REVERSED):
        # Paying by hand what the bank has paid, or may still pay, would give the money back twice.
        if refund.status == RefundStatus.UNKNOWN and _at_the_bank(refund) not in ("", "declined", "failed"):
            continue
        first = situation.actors.one(Role.FINANCE)
        if refund.hand_proposed_by_id is None:
            manual_settlement.propose(refund.pk, by=first, at=at, reference="BANK-1")
        _answer(situation, refund, first, at)


def _answer(situation: Situation, refund: Refund, first: Actor, at: datetime) -> None:
    """A second person confirms the payment or drops it; now and then the same person tries, and is refused."""
    second = situation.actors.other(Role.FINANCE, first.user_id)
    if situation.happens(0.1):
        second = first
    if situation.happens(0.15):
        manual_settlement.drop(refund.pk, by=second, at=at)
    elif situation.happens(0.8):
        manual_settlement.confirm(refund.pk, by=second, at=at)


def take_back(situation: Situation, case: Case, at: datetime) -> None:
    """The buyer's bank returns what was paid; we hear of it by a notice."""
    for refund in _refunds(case, RefundStatus.SUCCEEDED)[:1]:
        if _at_the_bank(refund) == "succeeded":
            sandbox.reverse(refund.number)


BY_FINANCE: frozenset[Behaviour] = frozenset({release, retry, settle_by_hand})


def roll_faults(situation: Situation) -> None:
    """Another day at the bank: some calls will go wrong."""
    sandbox.clear_faults()
    for name in situation.random.sample(FAULTS, situation.random.choice((0, 0, 1, 2, 3))):
        sandbox.set_fault(name, f"{situation.random.randint(1, 4)}x")


def _refunds(case: Case, *statuses: RefundStatus) -> list[Refund]:
    return list(case.refunds.filter(status__in=statuses).order_by("pk"))


def _at_the_bank(refund: Refund) -> str:
    """What a person would see in the bank's own console; nothing when it never heard of it."""
    rows = books.refund_rows([refund.number])
    return rows[0].status if rows else ""
