"""Receivables: lists for finance by what became of them, and what is owed because of one case."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.models import Case, Receivable, ReturnParcel, User
from aftersales.queries import keyset, visibility
from aftersales.queries.keyset import Page
from aftersales.queries.returns import returned_goods
from aftersales.rules.refunds import carrier_claims
from logistics.models import Parcel
from orders.db.compiled_query import CompiledQuery

S = Receivable.Status
OPEN: Final = Q(status=S.OPEN)
AGREED_BY_ONE: Final = Q(waiver_proposed_by__isnull=False) | Q(payment_told_by__isnull=False)
ZERO: Final = Decimal(0)


@dataclass(frozen=True)
class ReceivableList:
    """A list of finance: its name on the page, what it holds at a moment, whether what ended last comes first."""

    label: Promise | str
    holds: Callable[[datetime], Q]
    is_ended: bool = False


# By name in the address.
LISTS: Final = {
    "open": ReceivableList(_("Open"), lambda at: OPEN),
    "overdue": ReceivableList(_("Overdue"), lambda at: OPEN & Q(due_at__lt=at)),
    "second": ReceivableList(_("Waiting for a second person"), lambda at: OPEN & AGREED_BY_ONE),
    "settled": ReceivableList(_("Paid"), lambda at: Q(status=S.SETTLED), is_ended=True),
    "waived": ReceivableList(_("Waived"), lambda at: Q(status=S.WAIVED), is_ended=True),
}

OF_CASE = CompiledQuery(
    lambda case: (
        Receivable.objects.filter(case=case)
        .select_related("settled_by", "waiver_proposed_by", "payment_told_by")
        .order_by("pk")
    ),
    int,
)


@dataclass(frozen=True)
class ReceivableFilter:
    """What a list is narrowed to; an empty field narrows nothing."""

    kind: str = ""
    debtor: str = ""

    def apply(self, rows: QuerySet[Receivable]) -> QuerySet[Receivable]:
        """The rows that fit; a kind or party that does not exist fits none."""
        if self.kind:
            rows = rows.filter(kind=self.kind)
        return rows.filter(debtor=self.debtor) if self.debtor else rows


def listed(user: User, name: str, at: datetime, narrowing: ReceivableFilter) -> QuerySet[Receivable]:
    """Receivables of one list; its page, its count and its sums all read these."""
    return narrowing.apply(visibility.receivables_for(user).filter(LISTS[name].holds(at)))


def page(
    user: User, name: str, at: datetime, narrowing: ReceivableFilter, *, after: str = "", before: str = ""
) -> Page[Receivable]:
    """One page of a list: what is due first comes first, of what has ended the newest."""
    rows = listed(user, name, at, narrowing).select_related(
        "case__buyer", "merchant", "waiver_proposed_by", "payment_told_by"
    )
    rows = rows.annotate(is_shared=Q(kind=Receivable.Kind.INSURANCE) & Exists(_shared(OuterRef("case"))))
    keys = ("-settled_at", "-id") if LISTS[name].is_ended else ("due_at", "id")
    return keyset.page(rows, *keys, after=after, before=before)


def counts(user: User, at: datetime, narrowing: ReceivableFilter) -> dict[str, int]:
    """How many each list holds, counted up to the cap of the tabs."""
    return keyset.capped_each({name: listed(user, name, at, narrowing) for name in LISTS})


def sums(user: User, name: str, at: datetime, narrowing: ReceivableFilter) -> list[tuple[str, int, Decimal]]:
    """Currency, count and sum of what a list holds."""
    rows = listed(user, name, at, narrowing).order_by()
    found = rows.values_list("currency").annotate(count=Count("pk"), total=Sum("amount")).order_by("currency")
    return [(currency, count, total) for currency, count, total in found]


def of_case(case: Case) -> list[Receivable]:
    """Everything that was ever owed because of a case, in the order in which it came up."""
    return OF_CASE(case.pk)


def one(case: Case, pk: int) -> Receivable | None:
    """A receivable of this case, with what its page shows."""
    found = Receivable.objects.filter(case=case, pk=pk)
    return found.select_related("settled_by", "waiver_proposed_by", "payment_told_by", "merchant", "parcel").first()


def _shared(case: Any) -> QuerySet[ReturnParcel]:
    """Return parcels of a case that bring goods of another order too."""
    elsewhere = ReturnParcel.objects.filter(parcel=OuterRef("parcel")).exclude(case__order=OuterRef("case__order"))
    return ReturnParcel.objects.filter(Exists(elsewhere), case=case)


def is_shared(case: Case) -> bool:
    """Whether an insured return came in one parcel with another order: its freight may be paid twice."""
    return bool(case.order.insured_freight_amount) and _shared(case.pk).exists()


def parcels_of(case: Case) -> QuerySet[Parcel]:
    """Parcels of the order, and those that brought goods of the case."""
    own = Q(order=case.order_id) | Q(return_cases__case=case) | Q(sent_cases__case=case)
    return Parcel.objects.filter(own, merchant=case.merchant_id).distinct().order_by("-pk")


def proposal(case: Case, receivables: Sequence[Receivable] | None = None) -> tuple[str, str] | None:
    """Kind and rule of the claim on the carrier that reason or inspection suggests; nothing once there is one."""
    known = of_case(case) if receivables is None else receivables
    # A waived claim counts too: somebody has looked at it and decided.
    if any(each.kind in (carrier_claims.LOSS, carrier_claims.DAMAGE) for each in known):
        return None
    found = set[str]()
    if case.goods_must_return and case.approved_at is not None:
        found = {unit.condition for unit in returned_goods.inspected(case)}
    return carrier_claims.proposed(case.reason.code, found, case.liable_party)
