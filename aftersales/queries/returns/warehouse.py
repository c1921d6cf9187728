"""What the warehouse looks for and waits for: parcels by what a scanner reads, returns by how near they are."""

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
class DueIn:
    """A list of the warehouse: its name on the page, and the state of its cases."""

    label: Promise | str
    status: Status


# By name in the address; each is a walk along one index.
LISTS: Final = {
    "inspect": DueIn(gettext_lazy("Arrived, to inspect"), Status.INSPECTING),
    "dispatch": DueIn(gettext_lazy("To dispatch"), Status.AWAITING_DISPATCH),
    "repair": DueIn(gettext_lazy("In repair"), Status.REPAIRING),
    "transit": DueIn(gettext_lazy("On the way"), Status.RETURN_IN_TRANSIT),
    "expected": DueIn(gettext_lazy("Not sent yet"), Status.AWAITING_RETURN),
}
ON_THEIR_CASE: Final = (Status.REPAIRING, Status.AWAITING_DISPATCH, Status.AWAITING_RECEIPT)
HERE: Final = tuple(each.status for each in LISTS.values())


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
    """Cases of one list; its length counts these."""
    return visibility.cases_for(user).filter(status=LISTS[name].status)


def page(user: User, name: str, *, after: str = "", before: str = "") -> Page[Case]:
    """A page of a list, with parcels and lines: what is due first comes first."""
    parcels = Prefetch("return_parcels", ReturnParcel.objects.select_related("parcel"))
    rows = due_in(user, name).select_related("merchant", "order", "buyer").prefetch_related(parcels, "lines")
    return keyset.page(rows, "due_at", "id", after=after, before=before)


def counts(user: User) -> dict[str, int]:
    """How long each list is, counted to the cap."""
    return keyset.capped_each({name: due_in(user, name) for name in LISTS})


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
