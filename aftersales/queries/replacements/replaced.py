"""What exchanges have sent for the items of an order, and when it arrived."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Max

from aftersales.models import CaseLine
from aftersales.rules.cases import case_types
from aftersales.rules.vocabulary import CaseType

EXCHANGING: Final = [kind for kind in CaseType if case_types.of(kind).exchanges]


@dataclass(frozen=True, slots=True)
class Arrival:
    """So many units of a replacement, and when the buyer had them."""

    units: int
    at: datetime


def arrivals(line_ids: Collection[int]) -> dict[int, list[Arrival]]:
    """By order line, the latest first; one query."""
    sent = CaseLine.objects.filter(order_line__in=line_ids, case_type__in=EXCHANGING, units_sent__gt=0)
    dated = sent.annotate(at=Max("case__sent_parcels__parcel__signed_at")).filter(at__isnull=False).order_by("-at")
    found: dict[int, list[Arrival]] = {}
    for line_id, units, at in dated.values_list("order_line_id", "units_sent", "at"):
        found.setdefault(line_id, []).append(Arrival(units, at))
    return found


def since(arrived: Iterable[Arrival], units: int = 1) -> datetime | None:
    """When the last of so many units arrived, the latest ones taken; nothing where fewer were sent.

    Units of an item are alike: which of them is meant is the buyer's word, in their favour.
    """
    for each in arrived:
        units -= each.units
        if units <= 0:
            return each.at
    return None
