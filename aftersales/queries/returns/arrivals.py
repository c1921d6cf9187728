"""What arrived since a return was agreed to, as the warehouse put it on record."""

from aftersales.models import Case, Event
from aftersales.moves import returning
from aftersales.rules.vocabulary import Condition


def of(case: Case) -> list[Event]:
    """Every receipt since the agreement, the first one first; of earlier rounds none."""
    if case.approved_at is None:
        return []
    received = case.events.filter(action=returning.RECEIVE.name, happened_at__gte=case.approved_at)
    return list(received.order_by("pk"))


def against(case: Case) -> str:
    """The first finding that speaks against the goods, as a condition; a parcel of no unit is an empty one."""
    return next((found for found in map(_found, of(case)) if found), "")


def _found(receipt: Event) -> str:
    empty = "" if receipt.details.get("units") else Condition.EMPTY.value
    return receipt.details.get("found", "") or empty
