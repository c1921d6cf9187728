"""What arrived since a return was agreed to, as the warehouse put it on record."""

from collections.abc import Collection
from typing import Final

from aftersales.models import Case, Event
from aftersales.moves import returning
from aftersales.rules.vocabulary import Condition

# At the door, and afterwards while the goods lie here.
TELLING: Final = (returning.RECEIVE.name, returning.REPORT_GOODS.name)


def of(case: Case) -> list[Event]:
    """Every receipt since the agreement, the first one first; of earlier rounds none."""
    return _told(case, [returning.RECEIVE.name])


def against(case: Case) -> str:
    """The first finding that speaks against the goods, as a condition; a parcel of no unit is an empty one."""
    return next((found for found in map(_found, _told(case, TELLING)) if found), "")


def _told(case: Case, actions: Collection[str]) -> list[Event]:
    if case.approved_at is None:
        return []
    told = case.events.filter(action__in=actions, happened_at__gte=case.approved_at)
    return list(told.order_by("pk"))


def _found(receipt: Event) -> str:
    empty = "" if receipt.details.get("units") else Condition.EMPTY.value
    return receipt.details.get("found", "") or empty
