"""The lists of the warehouse, and the search behind its scan field."""

import unicodedata
from dataclasses import dataclass
from typing import Final

from django.db.models import Prefetch, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from aftersales.models import Case, CaseLine, InspectedUnit, ReturnParcel, User
from aftersales.queries import keyset, visibility
from aftersales.queries.keyset import Page
from aftersales.rules.vocabulary import Status
from logistics.models import Parcel
from orders.models import Order

LONGEST_CODE: Final = 160
MOST_HITS: Final = 20


@dataclass(frozen=True)
class WarehouseList:
    """A list of the warehouse: its label, and the status of its cases."""

    label: Promise | str
    status: Status


# By their names in addresses. One status each, so that every list is a walk along one index.
LISTS: Final = {
    "inspect": WarehouseList(gettext_lazy("Arrived, to inspect"), Status.INSPECTING),
    "dispatch": WarehouseList(gettext_lazy("To dispatch"), Status.AWAITING_DISPATCH),
    "repair": WarehouseList(gettext_lazy("In repair"), Status.REPAIRING),
    "transit": WarehouseList(gettext_lazy("On the way"), Status.RETURN_IN_TRANSIT),
    "expected": WarehouseList(gettext_lazy("Not sent yet"), Status.AWAITING_RETURN),
}
ON_THEIR_CASE: Final = (Status.REPAIRING, Status.AWAITING_DISPATCH, Status.AWAITING_RECEIPT)
HERE: Final = tuple(each.status for each in LISTS.values())


@dataclass(frozen=True)
class Expected:
    """A line of a case whose goods are to come back, and how many of its units have not arrived."""

    line: CaseLine
    missing: int


def code_of(text: str) -> str:
    """A scanned or typed code as codes are stored: upper case, half-width, without spaces and invisible characters."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(each for each in plain if each.isprintable() and not each.isspace()).upper()[:LONGEST_CODE]


def cases_in(user: User, name: str) -> QuerySet[Case]:
    """Cases of a list that the person may see; the count of its tab counts these."""
    return visibility.cases_for(user).filter(status=LISTS[name].status)


def page(user: User, name: str, *, after: str = "", before: str = "") -> Page[Case]:
    """A page of a list, the earliest deadline first, with parcels and lines."""
    parcels = Prefetch("return_parcels", ReturnParcel.objects.select_related("parcel"))
    rows = cases_in(user, name).select_related("merchant", "order", "buyer").prefetch_related(parcels, "lines")
    return keyset.page(rows, "due_at", "id", after=after, before=before)


def counts(user: User) -> dict[str, int]:
    """The length of each list, counted up to the cap."""
    return keyset.capped_each({name: cases_in(user, name) for name in LISTS})


def find(user: User, text: str) -> list[Case]:
    """Cases behind a waybill, a case number or an order number, at most 20; only those that await goods if any does."""
    code = code_of(text)
    if not code:
        return []
    cases = visibility.cases_for(user).select_related("merchant", "order", "buyer")
    case = cases.filter(number=code).first()
    if case is not None:
        return [case]
    # Waybills are stored in upper case, numbers of orders as their platform writes them.
    spellings = {code, code.lower(), unicodedata.normalize("NFKC", text).strip()}
    return _by_parcel(cases, spellings) or _by_order(cases, spellings)


def _by_parcel(cases: QuerySet[Case], spellings: set[str]) -> list[Case]:
    parcels = list(Parcel.objects.filter(waybill__in=spellings).values_list("pk", "order_id")[:MOST_HITS])
    links = ReturnParcel.objects.filter(parcel__in=[pk for pk, _order in parcels])
    linked = _nearest(cases.filter(pk__in=links.values("case_id")))
    # Without a link the waybill of the way out may have been scanned: it leads to the cases of its order.
    return linked or _nearest(cases.filter(order__in=[order for _pk, order in parcels if order]))


def _by_order(cases: QuerySet[Case], spellings: set[str]) -> list[Case]:
    orders = Order.objects.filter(Q(number__in=spellings) | Q(external_number__in=spellings)).values_list(
        "pk", flat=True
    )
    return _nearest(cases.filter(order__in=list(orders[:MOST_HITS])))


def _nearest(cases: QuerySet[Case]) -> list[Case]:
    found = list(cases.order_by("-opened_at", "-pk")[:MOST_HITS])
    here = [case for case in found if case.status in HERE]
    return here or found


def expected_of(case: Case) -> list[Expected]:
    """What the case asks back, line by line."""
    return [_expected(line) for line in case.all_lines]


def lines_of(case: Case) -> list[Expected]:
    """The same with the units inspected in its round, for a page that shows them."""
    inspected = Prefetch(
        "inspected",
        InspectedUnit.objects.filter(round_number=case.round_number)
        .select_related("inspected_by")
        .prefetch_related("photos"),
    )
    lines = case.lines.select_related("order_line").prefetch_related(inspected).order_by("order_line_id")
    return [_expected(line) for line in lines]


def _expected(line: CaseLine) -> Expected:
    return Expected(line, max(line.units_due - line.units_received, 0))


def parcels_of(case: Case) -> list[ReturnParcel]:
    """Parcels that bring the goods of the case back."""
    return list(case.return_parcels.select_related("parcel").order_by("pk"))
