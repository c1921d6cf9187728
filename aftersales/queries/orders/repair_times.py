"""When goods were away from the buyer to be repaired."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import F, Max, Min, Q
from django.db.models.functions import Coalesce

from aftersales.models import Case
from aftersales.rules.vocabulary import CaseType


def of(orders: Collection[int]) -> list[tuple[int, datetime, datetime | None]]:
    """By order line from when until when: sent back by the buyer, and signed for again; nothing while it is away.

    Goods that came without a parcel were away since the inspection, at least; those that never went back until the case
    ended. A repair that was given up for an exchange or the money has been one too.
    """
    repaired = Case.objects.filter(Q(type=CaseType.REPAIR) | Q(repairs__isnull=False), order__in=orders)
    times = repaired.values("pk", "lines__order_line").annotate(
        began=Coalesce(
            Min("return_parcels__parcel__shipped_at"),
            Min("lines__inspected__inspected_at"),
            Min("repairs__diagnosed_at"),
        ),
        ended=Coalesce(Max("sent_parcels__parcel__signed_at"), F("closed_at")),
    )
    return list(times.filter(began__isnull=False).values_list("lines__order_line", "began", "ended"))
