"""What the warehouse looks for and waits for: parcels by what a scanner reads, returns by how near they are."""

import unicodedata
from dataclasses import dataclass
from typing import Final

from django.db.models import Prefetch, Q, QuerySet

from aftersales.models import Case, CaseLine, InspectedUnit, ReturnParcel, User
from aftersales.queries import keyset, visibility
from aftersales.rules.vocabulary import Status
from logistics.models import Parcel
from orders.models import Order

LONGEST_CODE: Final = 160
MOST_HITS: Final = 20

# Name in the address → the state behind it; each list is a walk along one index.
LISTS: Final = {
    "inspect": Status.INSPECTING,
    "dispatch": Status.AWAITING_DISPATCH,
    "repair": Status.REPAIRING,
    "transit": Status.RETURN_IN_TRANSIT,
    "expected": Status.AWAITING_RETURN,
}
ON_THEIR_CASE: Final = (Status.REPAIRING, Status.AWAITING_DISPATCH, Status.AWAITING_RECEIPT)
HERE: Final = tuple(LISTS.values())


@dataclass(frozen=True)
class Expected:
    """One line of a case: how many units were asked back, how many came."""

    line: CaseLine
    missing: int


def code_of(text: str) -> str:
    """What a scanner or a hand typed, as codes are stored: upper case, half-width, no spaces or hidden signs."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in plain if sign.isprintable() and not sign.isspace()).upper()[:LONGEST_CODE]


def due_in(user: User, name: str) -> QuerySet[Case]:
    """Cases of one list, with their parcels and lines."""
    return (
        visibility.cases_for(user)
        .filter(status=LISTS[name], due_at__isnull=False)
        .select_related("merchant", "order", "buyer")
        .prefetch_related(Prefetch("return_parcels", ReturnParcel.objects.select_related("parcel")), "lines")
    )


def counts(user: User) -> dict[str, int]:
    """How long each list is, counted to the cap."""
    cases = visibility.cases_for(user)
    return keyset.capped_each({name: cases.filter(status=status) for name, status in LISTS.items()})


def find(user: User, text: str) -> list[Case]:
    """Cases behind a waybill, a case number or an order number; those that can take goods first, at most 20."""
    code = code_of(text)
    if not code:
        return []
    cases = visibility.cases_for(user).select_related("merchant", "order", "buyer")
    case = cases.filter(number=code).first()
    if case is not None:
        return [case]
    spellings = {code, code.lower(), unicodedata.normalize("NFKC", text).strip()}
    return _by_parcel(cases, spellings) or _by_order(cases, spellings)


def _by_parcel(cases: QuerySet[Case], spellings: set[str]) -> list[Case]:
    parcels = list(Parcel.objects.filter(waybill__in=spellings).values_list("pk", "order_id")[:MOST_HITS])
    links = ReturnParcel.objects.filter(parcel__in=[pk for pk, _order in parcels])
    linked = _nearest(cases.filter(pk__in=links.values("case_id")))
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


def lines_of(case: Case) -> list[Expected]:
    """What the case asks back, line by line."""
    inspected = Prefetch(
        "inspected",
        InspectedUnit.objects.filter(round_number=case.round_number)
        .select_related("inspected_by")
        .prefetch_related("photos"),
    )
    lines = case.lines.select_related("order_line").prefetch_related(inspected).order_by("order_line_id")
    return [Expected(line, max(line.units - line.units_received, 0)) for line in lines]


def parcels_of(case: Case) -> list[ReturnParcel]:
    """Parcels that bring the goods of the case back."""
    return list(case.return_parcels.select_related("parcel").order_by("pk"))
