"""Parcels without a case: the ones that a person sees, and the cases and orders that one may belong to."""

from typing import Final

from django.db.models import Q, QuerySet

from aftersales.models import Case, User
from aftersales.queries import visibility
from aftersales.queries.replacements import stock
from aftersales.queries.visibility import TAKING_IN
from logistics.models import UnidentifiedParcel
from logistics.models.unidentified import Outcome
from orders.models import Order, OrderLine

MOST_CASES: Final = 8


def seen_by(user: User) -> QuerySet[UnidentifiedParcel]:
    """Unidentified parcels of every merchant for the warehouse, of their own for a merchant."""
    return UnidentifiedParcel.objects.filter(parcel__merchant__in=stock.merchants_for(user).values("pk"))


def waiting(user: User) -> QuerySet[UnidentifiedParcel]:
    """The ones that nobody has settled."""
    return seen_by(user).filter(outcome=Outcome.WAITING)


def listed(user: User, *, settled: bool) -> QuerySet[UnidentifiedParcel]:
    """The settled or the unsettled ones, with everything that a row of the list shows."""
    rows = seen_by(user).exclude(outcome=Outcome.WAITING) if settled else waiting(user)
    return rows.select_related("parcel__merchant", "parcel__order").prefetch_related("photos")


def one(user: User, pk: int) -> UnidentifiedParcel | None:
    """The parcel with everything its page shows, or None when the person does not see it."""
    rows = seen_by(user).select_related("parcel__merchant", "parcel__order__buyer").prefetch_related("photos")
    return rows.filter(pk=pk).first()


def with_code(user: User, code: str) -> UnidentifiedParcel | None:
    """The unsettled one with this waybill, or None."""
    return waiting(user).filter(parcel__waybill=code).order_by("pk").first() if code else None


def candidates(user: User, unidentified: UnidentifiedParcel) -> list[Case]:
    """Cases of its order that take goods in, at most eight; none while the order is unknown."""
    order = unidentified.parcel.order_id
    cases = visibility.cases_for(user).filter(order=order, status__in=TAKING_IN) if order else Case.objects.none()
    return list(cases.select_related("merchant", "order", "buyer").order_by("-opened_at", "-pk")[:MOST_CASES])


def case_named(user: User, unidentified: UnidentifiedParcel, number: str) -> Case | None:
    """A case of its merchant by number, in any case and spacing; None when the person sees no such case."""
    cases = visibility.cases_for(user).filter(merchant=unidentified.parcel.merchant_id)
    return cases.filter(number=number.strip().upper()).first()


def order_named(unidentified: UnidentifiedParcel, number: str) -> Order | None:
    """An order of its merchant, by our number or by that of the platform it came from."""
    named = Q(number=number.strip()) | Q(external_number=number.strip())
    return Order.objects.filter(named, merchant=unidentified.parcel.merchant_id).order_by("pk").first()


def lines_of(unidentified: UnidentifiedParcel) -> list[OrderLine]:
    """The lines of its order; none while the order is unknown."""
    order = unidentified.parcel.order
    return list(order.lines.order_by("position")) if order else []
