"""What finance works on: refunds by what they wait for, one refund whole, guarantee accounts."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, F, Prefetch, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from aftersales.models import Event, Refund, User
from aftersales.models.refunds.refund import UNPAID
from aftersales.queries import keyset, visibility
from aftersales.queries.keyset import Page
from aftersales.rules.policies import shop_day
from aftersales.rules.vocabulary import RefundStatus
from orders.models import Entry, Payment, Posting

R = RefundStatus
ZERO: Final = Decimal(0)


@dataclass(frozen=True)
class RefundList:
    """A list of the desk: its name on the page, the states of its refunds, and which of them count."""

    label: Promise | str
    states: tuple[RefundStatus, ...]
    is_of_today: bool = False
    has_first: bool = False  # only those that one person of finance has released


# By name in the address.
LISTS: Final = {
    "release": RefundList(gettext_lazy("Waiting for release"), (R.AWAITING_RELEASE,)),
    "second": RefundList(gettext_lazy("Waiting for a second person"), (R.AWAITING_RELEASE,), has_first=True),
    "unknown": RefundList(gettext_lazy("Unknown"), (R.UNKNOWN,)),
    "failed": RefundList(gettext_lazy("Failed"), (R.FAILED,)),
    "reversed": RefundList(gettext_lazy("Reversed"), (R.REVERSED,)),
    "flight": RefundList(gettext_lazy("In flight"), (R.QUEUED, R.SENDING, R.ACCEPTED)),
    "unpaid": RefundList(gettext_lazy("All unpaid"), UNPAID),
    "paid": RefundList(gettext_lazy("Paid today"), (R.SUCCEEDED,), is_of_today=True),
}

SHOWN_WITH: Final = (
    "case__buyer",
    "case__policy",
    "order",
    "merchant",
    "payment",
    "hand_proposed_by",
    "hand_confirmed_by",
    "released_by",
    "first_released_by",
)


@dataclass(frozen=True)
class Total:
    """Refunds of one list in one currency."""

    currency: str
    count: int
    amount: Decimal


@dataclass(frozen=True)
class RefundHistory:
    """A refund with the events, payments and entries that belong to it, and the other refunds of its case."""

    refund: Refund
    events: list[Event]
    payments: list[Payment]
    entries: list[Entry]
    siblings: list[Refund] = field(default_factory=list)

    @property
    def balance(self) -> Decimal:
        """Debits less credits: zero, or the books are wrong."""
        return sum((side.amount for entry in self.entries for side in entry.postings.all()), ZERO)


def listed(user: User, name: str, at: datetime, currency: str = "") -> QuerySet[Refund]:
    """Refunds of one list; totals sum up these."""
    found = _of_states(user, LISTS[name].states, at, is_of_today=LISTS[name].is_of_today)
    found = found.filter(first_released_by__isnull=False) if LISTS[name].has_first else found
    return found.filter(currency=currency) if currency else found


def _of_states(user: User, states: Collection[RefundStatus], at: datetime, *, is_of_today: bool) -> QuerySet[Refund]:
    found = visibility.refunds_for(user).filter(status__in=states)
    return found.filter(ended_at__gte=shop_day.start(shop_day.of(at))) if is_of_today else found


def page(user: User, name: str, at: datetime, currency: str, *, after: str = "", before: str = "") -> Page[Refund]:
    """One page of a list: the oldest first, of what ended today the newest."""
    rows = listed(user, name, at, currency).select_related(
        "case__buyer", "merchant", "payment", "hand_proposed_by", "released_by", "first_released_by"
    )
    keys = ("-ended_at", "-id") if LISTS[name].is_of_today else ("id",)
    return keyset.page(rows, *keys, after=after, before=before)


def totals(user: User, at: datetime) -> dict[str, list[Total]]:
    """Count and sum of every list by currency; lists share states, so that two statements sum up all of them."""
    rows = {is_of_today: list(_summed(user, at, is_of_today=is_of_today)) for is_of_today in (False, True)}
    return {name: _of_list(rows[each.is_of_today], each) for name, each in LISTS.items()}


def _summed(user: User, at: datetime, *, is_of_today: bool) -> Iterable[Any]:
    states = {state for each in LISTS.values() if each.is_of_today == is_of_today for state in each.states}
    found = _of_states(user, sorted(states), at, is_of_today=is_of_today).order_by()
    found = found.annotate(has_first=Q(first_released_by__isnull=False))
    return found.values("status", "currency", "has_first").annotate(count=Count("pk"), total=Sum("amount"))


def _of_list(rows: list[dict[str, Any]], each: RefundList) -> list[Total]:
    found: dict[str, Total] = {}
    for row in rows:
        if row["status"] in each.states and row["has_first"] >= each.has_first:
            old = found.get(row["currency"], Total(row["currency"], 0, ZERO))
            found[row["currency"]] = Total(row["currency"], old.count + row["count"], old.amount + row["total"])
    return [found[currency] for currency in sorted(found)]


def by_number(user: User, number: str) -> Refund | None:
    """The refund with this number, if the person may see it."""
    seen = visibility.refunds_for(user).filter(number=number).select_related(*SHOWN_WITH)
    return seen.order_by("pk").first()


def selected(user: User, ids: list[int]) -> list[Refund]:
    """The ticked refunds that still wait for release."""
    waiting = visibility.refunds_for(user).filter(pk__in=ids, status=R.AWAITING_RELEASE)
    return list(waiting.select_related("case__buyer", "merchant", "payment", "first_released_by").order_by("pk"))


def sums(refunds: Iterable[Refund]) -> list[tuple[str, Decimal]]:
    """What these refunds come to in each currency."""
    found: dict[str, Decimal] = {}
    for refund in refunds:
        found[refund.currency] = found.get(refund.currency, ZERO) + refund.amount
    return sorted(found.items())


def history(refund: Refund) -> RefundHistory:
    """Log, payments of the order, postings and the other refunds of the case, in four statements."""
    events = Event.objects.filter(case=refund.case_id, data__refund=refund.number).select_related("user")
    return RefundHistory(
        refund,
        events=list(events.order_by("pk")),
        payments=list(Payment.objects.filter(order=refund.order_id).order_by("sequence")),
        entries=list(_entries(refund).order_by("pk")),
        siblings=list(Refund.objects.filter(case=refund.case_id).exclude(pk=refund.pk).select_related("payment")),
    )


def _entries(refund: Refund) -> QuerySet[Entry]:
    # Every promise after a failure has the number of its try behind the refund's own number, what was booked anew
    # the account that it is about.
    behind = (*range(refund.tries + 1), "cancelled", "guarantee", "bank", "divided")
    references = [refund.number, *(f"{refund.number}/{each}" for each in behind)]
    sides = Prefetch("postings", Posting.objects.annotate(credit=-F("amount")).order_by("pk"))
    # With all kinds named the index on (kind, reference) serves; by the reference alone none would.
    return Entry.objects.filter(kind__in=Entry.Kind.values, reference__in=references).prefetch_related(sides)
