"""Parcels under way without a scan for too long, and the open cases behind them."""

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

# The order of the index parcel_on_the_road, which the list and its count walk.
KEYS = ("heard_at", "id")


@dataclass(frozen=True)
class StuckParcel:
    """A parcel, with the open cases of its order."""

    parcel: Parcel
    cases: list[Case]


def parcels(at: datetime) -> QuerySet[Parcel]:
    """Parcels under way whose last scan is older than PARCEL_QUIET_AFTER."""
    return Parcel.objects.filter(status__in=ON_THE_ROAD, heard_at__lte=at - settings.PARCEL_QUIET_AFTER)


def seen_by(user: User, at: datetime) -> QuerySet[Parcel]:
    """Stuck parcels of orders that the person may open; who sees every case also sees those without an order."""
    if user.is_active and user.roles & visibility.SEES_ALL:
        return parcels(at)
    return parcels(at).filter(order__in=visibility.orders_for(user))


def with_cases(rows: Sequence[Parcel], user: User) -> list[StuckParcel]:
    """Parcels of a page, each with the open cases that the person may see; one query for all."""
    behind = Q(order__in=[parcel.order_id for parcel in rows if parcel.order_id])
    cases = visibility.cases_for(user).filter(behind, status__in=OPEN).order_by("pk")
    by_order: dict[int, list[Case]] = defaultdict(list)
    for case in cases:
        by_order[case.order_id].append(case)
    return [StuckParcel(parcel, by_order[parcel.order_id] if parcel.order_id else []) for parcel in rows]


def is_quiet(parcel: Parcel, at: datetime) -> bool:
    """Whether the parcel is under way and its last scan too old."""
    heard_at = parcel.heard_at
    return parcel.status in ON_THE_ROAD and heard_at is not None and heard_at <= at - settings.PARCEL_QUIET_AFTER
