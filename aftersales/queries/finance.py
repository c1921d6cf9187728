"""What finance works on: refunds by what they wait for, one refund whole, guarantee accounts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Sum

from aftersales.models import Event, Refund, User
from aftersales.models.refund import UNPAID, Payer
from aftersales.queries import keyset, visibility
from aftersales.queries.keyset import Page
from aftersales.rules import shop_day
from aftersales.rules.vocabulary import RefundStatus
from orders.models import Entry, Merchant, Payment, Posting
from orders.models.posting import Account

R = RefundStatus
ZERO: Final = Decimal(0)

# Name in the address → the states behind it.
LISTS: Final[dict[str, tuple[RefundStatus, ...]]] = {
    "release": (R.AWAITING_RELEASE,),
    "unknown": (R.UNKNOWN,),
    "failed": (R.FAILED,),
    "reversed": (R.REVERSED,),
    "flight": (R.QUEUED, R.SENDING, R.ACCEPTED),
    "unpaid": UNPAID,
    "paid": (R.SUCCEEDED,),
}


@dataclass(frozen=True)
class Total:
    """Refunds of one list in one currency."""

    currency: str
    count: int
    amount: Decimal


@dataclass(frozen=True)
class Life:
    """A refund with all that moved with it."""

    refund: Refund
    events: list[Event]
    payments: list[Payment]
    entries: list[Entry]
    siblings: list[Refund] = field(default_factory=list)

    @property
    def balance(self) -> Decimal:
        """Debits less credits: zero, or the books are wrong."""
        return sum((side.amount for entry in self.entries for side in entry.postings.all()), ZERO)


@dataclass(frozen=True)
class Balance:
    """A merchant's guarantee account in one currency: what was paid in, what was charged, what is left."""

    merchant: Merchant
    currency: str
    deposited: Decimal
    charged: Decimal
    charges: int

    @property
    def left(self) -> Decimal:
        """Below zero the platform has advanced more than the merchant deposited."""
        return self.deposited - self.charged


def listed(user: User, name: str, at: datetime, currency: str = "") -> QuerySet[Refund]:
    """Refunds of one list; `paid` is since midnight."""
    found = visibility.refunds_for(user).filter(status__in=LISTS[name])
    if name == "paid":
        found = found.filter(ended_at__gte=shop_day.start(shop_day.of(at)))
    if currency:
        found = found.filter(currency=currency)
    return found


def page(user: User, name: str, at: datetime, currency: str, *, after: str = "", before: str = "") -> Page[Refund]:
    """One page of a list: the oldest first, of what is paid the newest."""
    rows = listed(user, name, at, currency).select_related(
        "case__buyer", "merchant", "payment", "hand_proposed_by", "released_by"
    )
    keys = ("-ended_at", "-id") if name == "paid" else ("id",)
    return keyset.page(rows, *keys, after=after, before=before)


def totals(user: User, at: datetime) -> dict[str, list[Total]]:
    """Count and sum of every list by currency: what the lists hold, counted in the same statement."""
    open_ones = visibility.refunds_for(user).filter(status__in=[*UNPAID, R.REVERSED])
    rows: list[dict[str, Any]] = [*_summed(open_ones), *_summed(listed(user, "paid", at))]
    return {name: _of_list(rows, states) for name, states in LISTS.items()}


def _summed(refunds: QuerySet[Refund]) -> Iterable[Any]:
    return refunds.order_by().values("status", "currency").annotate(count=Count("pk"), total=Sum("amount"))


def _of_list(rows: list[dict[str, Any]], states: tuple[RefundStatus, ...]) -> list[Total]:
    found: dict[str, Total] = {}
    for row in rows:
        if row["status"] in states:
            old = found.get(row["currency"], Total(row["currency"], 0, ZERO))
            found[row["currency"]] = Total(row["currency"], old.count + row["count"], old.amount + row["total"])
    return [found[currency] for currency in sorted(found)]


def by_number(user: User, number: str) -> Refund | None:
    """The refund with this number."""
    refunds = visibility.refunds_for(user).select_related(
        "case__buyer",
        "case__policy",
        "order",
        "merchant",
        "payment",
        "hand_proposed_by",
        "hand_confirmed_by",
        "released_by",
    )
    return refunds.filter(number=number).order_by("pk").first()


def selected(user: User, ids: list[int]) -> list[Refund]:
    """What was ticked and still waits for release."""
    waiting = visibility.refunds_for(user).filter(pk__in=ids, status=R.AWAITING_RELEASE)
    return list(waiting.select_related("case__buyer", "merchant", "payment").order_by("pk"))


def life(refund: Refund) -> Life:
    """Log, payments of the order, postings and the other refunds of the case, in four statements."""
    references = [refund.number, *(f"{refund.number}/{number}" for number in range(refund.tries + 1))]
    sides = Prefetch("postings", Posting.objects.annotate(credit=-F("amount")).order_by("pk"))
    entries = Entry.objects.filter(kind__in=Entry.Kind.values, reference__in=references).prefetch_related(sides)
    events = Event.objects.filter(case=refund.case_id, data__refund=refund.number).select_related("user")
    return Life(
        refund,
        events=list(events.order_by("pk")),
        payments=list(Payment.objects.filter(order=refund.order_id).order_by("sequence")),
        entries=list(entries.order_by("pk")),
        siblings=list(Refund.objects.filter(case=refund.case_id).exclude(pk=refund.pk).select_related("payment")),
    )


def accounts(*, after: str = "", before: str = "") -> tuple[Page[Merchant], list[Balance]]:
    """Guarantee accounts that ever moved, a page of merchants at a time."""
    moved = Posting.objects.filter(merchant=OuterRef("pk"), account=Account.GUARANTEE)
    merchants = keyset.page(Merchant.objects.filter(Exists(moved)), "id", after=after, before=before)
    return merchants, balances(merchants.rows)


def balances(merchants: list[Merchant]) -> list[Balance]:
    """The accounts of these merchants, one for each currency."""
    known = {merchant.pk: merchant for merchant in merchants}
    rows = (
        Posting.objects.filter(merchant__in=known, account=Account.GUARANTEE)
        .order_by("merchant_id", "currency")
        .values("merchant_id", "currency")
        .annotate(
            paid_in=Sum("amount", filter=Q(amount__lt=0), default=ZERO),
            charged=Sum("amount", filter=Q(amount__gt=0), default=ZERO),
            charges=Count("pk", filter=Q(amount__gt=0)),
        )
    )
    return [
        Balance(known[row["merchant_id"]], row["currency"], -row["paid_in"], row["charged"], row["charges"])
        for row in rows
    ]


def moves_of(merchant: Merchant, *, after: str = "", before: str = "") -> Page[Posting]:
    """Every movement of a guarantee account, the newest first; `change` as the merchant sees it."""
    rows = Posting.objects.filter(merchant=merchant, account=Account.GUARANTEE).select_related("entry")
    return keyset.page(rows.annotate(change=-F("amount")), "-id", after=after, before=before)


def advanced(merchant: Merchant) -> int:
    """Refunds that the platform pays for the merchant and that are still on their way."""
    return Refund.objects.filter(merchant=merchant, payer=Payer.PLATFORM, status__in=UNPAID).count()
