"""What finance has paid, released and booked: by date, state, gateway, merchant, sum and reference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from aftersales.models import Refund, User
from aftersales.queries import keyset, visibility
from aftersales.queries.keyset import Page
from aftersales.rules.policies import shop_day
from aftersales.rules.vocabulary import RefundStatus
from orders.models import Entry, Posting

# A period that nobody has named: the last month.
DAYS: Final = 30
ENTRIES: Final = "entries"


@dataclass(frozen=True)
class History:
    """A list of refunds by one of their dates."""

    label: Promise | str
    dated: str
    state: RefundStatus | None = None


# By name in the address; journal entries have a list of their own.
LISTS: Final = {
    "made": History(gettext_lazy("Refunds made"), "created_at"),
    "released": History(gettext_lazy("Releases"), "released_at"),
    "paid": History(gettext_lazy("Paid"), "ended_at", RefundStatus.SUCCEEDED),
}


@dataclass(frozen=True)
class Search:
    """What the lists are narrowed by; what is empty narrows nothing, but for the period of who looks for nothing."""

    since: date | None = None
    until: date | None = None
    state: str = ""
    gateway: str = ""
    merchant: int | None = None
    currency: str = ""
    account: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    reference: str = ""

    def of_last_month(self, today: date) -> "Search":
        """The same within the last month, where neither a period nor a reference says what to look for."""
        if self.since or self.until or self.reference:
            return self
        return Search(**{**self.__dict__, "since": today - timedelta(days=DAYS)})


def _within(search: Search, field: str) -> Q:
    found = Q()
    if search.since:
        found &= Q(**{f"{field}__gte": shop_day.start(search.since)})
    if search.until:
        found &= Q(**{f"{field}__lt": shop_day.bounds(search.until)[1]})
    return found


def refunds(user: User, name: str, search: Search) -> QuerySet[Refund]:
    """Refunds of one list that a search leaves; totals sum up these."""
    history = LISTS[name]
    found = visibility.refunds_for(user).filter(_within(search, history.dated), _of_refund(search))
    if history.state:
        found = found.filter(status=history.state)
    return found.exclude(**{f"{history.dated}__isnull": True})


def _of_refund(search: Search) -> Q:
    exact = {"status": search.state, "gateway": search.gateway, "merchant": search.merchant}
    found = Q(**{name: value for name, value in exact.items() if value})
    found &= Q(currency=search.currency) if search.currency else Q()
    found &= Q(amount__gte=search.least) if search.least is not None else Q()
    found &= Q(amount__lte=search.most) if search.most is not None else Q()
    return found & _named(search.reference) if search.reference else found


def _named(reference: str) -> Q:
    """Refunds by a number that stands in a letter or statement: theirs, the bank's, that of case, order or payment."""
    return (
        Q(number__startswith=reference.lower())
        | Q(gateway_reference=reference)
        | Q(hand_reference=reference)
        | Q(payment__reference=reference)
        | Q(case__number=reference.upper())
        | Q(order__number=reference)
    )


def refund_page(user: User, name: str, search: Search, *, after: str = "", before: str = "") -> Page[Refund]:
    """One page of a list, the newest first."""
    shown = ("case__buyer", "merchant", "payment", "released_by", "hand_proposed_by", "hand_confirmed_by")
    rows = refunds(user, name, search).select_related(*shown)
    return keyset.page(rows, f"-{LISTS[name].dated}", "-id", after=after, before=before)


def refund_totals(user: User, name: str, search: Search) -> Sequence[Mapping[str, Any]]:
    """Count and sum of all that a search leaves, by currency."""
    rows = refunds(user, name, search).order_by("currency").values("currency")
    return list(rows.annotate(count=Count("pk"), total=Sum("amount")))


def entries(search: Search) -> QuerySet[Entry]:
    """Journal entries that a search leaves: those with a posting that fits."""
    fits = _of_posting(search)
    found = Entry.objects.filter(_within(search, "posted_at"))
    if search.reference:
        found = found.filter(reference__startswith=search.reference)
    return found.filter(Exists(fits)) if search != Search(search.since, search.until) else found


def _of_posting(search: Search) -> QuerySet[Posting]:
    fits = Posting.objects.filter(entry=OuterRef("pk"))
    exact = {"merchant": search.merchant, "currency": search.currency, "account": search.account}
    fits = fits.filter(**{name: value for name, value in exact.items() if value})
    # The sum of a movement, whichever side it stands on.
    if search.least is not None:
        fits = fits.filter(Q(amount__gte=search.least) | Q(amount__lte=-search.least))
    if search.most is not None:
        fits = fits.filter(amount__lte=search.most, amount__gte=-search.most)
    return fits


def entry_page(search: Search, *, after: str = "", before: str = "") -> Page[Entry]:
    """One page of entries with their sides, the newest first."""
    sides = Posting.objects.select_related("merchant").annotate(credit=-F("amount")).order_by("pk")
    rows = entries(search).prefetch_related(Prefetch("postings", sides))
    return keyset.page(rows, "-posted_at", "-id", after=after, before=before)


def entry_totals(search: Search) -> Sequence[Mapping[str, Any]]:
    """Debit and credit of each account in each currency, over all entries that a search leaves."""
    rows = Posting.objects.filter(entry__in=entries(search)).order_by("currency", "account")
    return list(
        rows.values("currency", "account").annotate(
            debit=Sum("amount", filter=Q(amount__gt=0), default=Decimal(0)),
            credit=-Sum("amount", filter=Q(amount__lt=0), default=Decimal(0)),
        )
    )
