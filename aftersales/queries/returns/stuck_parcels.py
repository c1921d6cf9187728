"""Parcels under way of which nobody has heard for too long, and the cases behind them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from aftersales.models import Case, User
from aftersales.queries import visibility
from aftersales.rules.vocabulary import OPEN
from logistics.models import Parcel
from logistics.models.parcel import ON_THE_ROAD

# The list and its number share one order, and the index that has it.
KEYS = ("heard_at", "id")


@dataclass(frozen=True)
class Stuck:
    """One parcel, with the open cases of its order."""

    parcel: Parcel
    cases: list[Case]


def parcels(at: datetime) -> QuerySet[Parcel]:
    """Under way, and no scan for as long as the settings say."""
    return Parcel.objects.filter(status__in=ON_THE_ROAD, heard_at__lte=at - settings.PARCEL_QUIET_AFTER)


def seen_by(user: User, at: datetime) -> QuerySet[Parcel]:
    """Those of orders that the person may open; who sees all sees those without an order too."""
    if user.is_active and user.roles & visibility.SEES_ALL:
        return parcels(at)
    return parcels(at).filter(order__in=visibility.orders_for(user))


def with_cases(rows: Sequence[Parcel], user: User) -> list[Stuck]:
    """The rows of a page, each with the open cases that the person may see."""
    behind = Q(order__in=[parcel.order_id for parcel in rows if parcel.order_id])
    found = visibility.cases_for(user).filter(behind, status__in=OPEN).order_by("pk")
    by_order: dict[int, list[Case]] = defaultdict(list)
    for case in found:
        by_order[case.order_id].append(case)
    return [Stuck(parcel, by_order[parcel.order_id] if parcel.order_id else []) for parcel in rows]


def is_quiet(parcel: Parcel, at: datetime) -> bool:
    """Whether nothing came for too long of a parcel that is under way."""
    heard_at = parcel.heard_at
    return parcel.status in ON_THE_ROAD and heard_at is not None and heard_at <= at - settings.PARCEL_QUIET_AFTER
