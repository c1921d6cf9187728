"""Disputed payments: which are open, what waits for them, what the buyer's bank took."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from aftersales.models import Case, PaymentDispute, Refund, User
from aftersales.models.disputes.payment_dispute import DisputeOutcome
from aftersales.models.refunds.refund import UNPAID
from aftersales.queries import keyset, visibility
from aftersales.queries.keyset import Page
from aftersales.rules.vocabulary import RefundStatus
from orders.models import Payment

# Refunds that have to be paid yet: those that the bank took back are owed again.
WAITING: Final = (*UNPAID, RefundStatus.REVERSED)
# By name in the address: the label of the list and its outcomes.
LISTS: Final[dict[str, tuple[Promise | str, str]]] = {
    "open": (gettext_lazy("Open"), ""),
    "lost": (DisputeOutcome.LOST.label, DisputeOutcome.LOST),
    "won": (DisputeOutcome.WON.label, DisputeOutcome.WON),
}


@dataclass(frozen=True)
class Waiting:
    """A dispute with the refunds that wait for its end."""

    dispute: PaymentDispute
    refunds: list[Refund]

    @property
    def total(self) -> Decimal:
        """What they come to."""
        return sum((refund.amount for refund in self.refunds), Decimal(0))


def holds(payment: str = "payment") -> Exists:
    """Whether a dispute is open about the payment that a row names; nothing is sent along it meanwhile."""
    return Exists(PaymentDispute.objects.filter(payment=OuterRef(payment), ended_at__isnull=True))


def is_open(payment_id: int) -> bool:
    """Whether a dispute about this payment is open."""
    return PaymentDispute.objects.filter(payment=payment_id, ended_at__isnull=True).exists()


def stops(case: Case) -> bool:
    """Whether a refund of the case waits for the end of a dispute."""
    waiting = Refund.objects.filter(payment=OuterRef("payment"), case=case, status__in=WAITING)
    return PaymentDispute.objects.filter(Exists(waiting), ended_at__isnull=True).exists()


def listed(name: str) -> QuerySet[PaymentDispute]:
    """The disputes of one list."""
    return PaymentDispute.objects.filter(outcome=LISTS[name][1])


def page(name: str, *, after: str = "", before: str = "") -> Page[PaymentDispute]:
    """One page of a list, the newest first, each with the refunds that wait for it."""
    waiting = Refund.objects.filter(status__in=WAITING).select_related("case")
    refunds = Prefetch("payment__refunds", waiting, to_attr="waiting")
    rows = listed(name).select_related("payment__order", "merchant").prefetch_related(refunds)
    return keyset.page(rows, "-id", after=after, before=before)


def open_count() -> int:
    """How many payments are disputed now."""
    return listed("open").count()


def one(user: User, pk: int) -> Waiting | None:
    """One dispute with what waits for it, for those who see its refunds."""
    found = PaymentDispute.objects.select_related("payment__order", "merchant", "opened_by", "ended_by")
    dispute = found.filter(pk=pk).first()
    return Waiting(dispute, refunds_of(user, dispute)) if dispute else None


def refunds_of(user: User, dispute: PaymentDispute) -> list[Refund]:
    """What waits while it is open; afterwards what the bank has paid in our place."""
    seen = visibility.refunds_for(user).select_related("case")
    chosen: dict[str, Any] = {"chargeback": dispute} if dispute.ended_at else {"status__in": WAITING}
    return list(seen.filter(payment=dispute.payment_id, **chosen).order_by("pk"))


def payment(user: User, pk: int) -> Payment | None:
    """A payment of an order that this person sees."""
    seen = Payment.objects.filter(order__in=visibility.orders_for(user))
    return seen.select_related("order__merchant").filter(pk=pk).first()
