"""Parcels without a case: those that a person sees, and what one of them may belong to."""

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
    """Of every shop in the warehouse, of one's own in a shop."""
    return UnidentifiedParcel.objects.filter(parcel__merchant__in=stock.merchants_for(user).values("pk"))


def waiting(user: User) -> QuerySet[UnidentifiedParcel]:
    """Those that nobody has settled."""
    return seen_by(user).filter(outcome=Outcome.WAITING)


def listed(user: User, *, settled: bool) -> QuerySet[UnidentifiedParcel]:
    """One of the two lists, with what its rows show."""
    rows = seen_by(user).exclude(outcome=Outcome.WAITING) if settled else waiting(user)
    return rows.select_related("parcel__merchant", "parcel__order").prefetch_related("photos")


def one(user: User, pk: int) -> UnidentifiedParcel | None:
    """One of them, if the person sees it."""
    whole = seen_by(user).select_related("parcel__merchant", "parcel__order__buyer").prefetch_related("photos")
    return whole.filter(pk=pk).first()


def with_code(user: User, code: str) -> UnidentifiedParcel | None:
    """The one that waits under a waybill."""
    return waiting(user).filter(parcel__waybill=code).order_by("pk").first() if code else None


def candidates(user: User, unidentified: UnidentifiedParcel) -> list[Case]:
    """Cases of its order that can take goods; none while the order is unknown."""
    order = unidentified.parcel.order_id
    cases = visibility.cases_for(user).filter(order=order, status__in=TAKING_IN) if order else Case.objects.none()
    return list(cases.select_related("merchant", "order", "buyer").order_by("-opened_at", "-pk")[:MOST_CASES])


def case_named(user: User, unidentified: UnidentifiedParcel, number: str) -> Case | None:
    """A case of its merchant by number."""
    cases = visibility.cases_for(user).filter(merchant=unidentified.parcel.merchant_id)
    return cases.filter(number=number.strip().upper()).first()


def order_named(unidentified: UnidentifiedParcel, number: str) -> Order | None:
    """An order of its merchant by our number or that of the source."""
    named = Q(number=number.strip()) | Q(external_number=number.strip())
    return Order.objects.filter(named, merchant=unidentified.parcel.merchant_id).order_by("pk").first()


def lines_of(unidentified: UnidentifiedParcel) -> list[OrderLine]:
    """What its order holds."""
    order = unidentified.parcel.order
    return list(order.lines.order_by("position")) if order else []
