"""What both sides were asked and brought since the platform has had a case."""

from datetime import datetime
from typing import Final

from aftersales.models import Case, Event
from aftersales.moves import disputing
from aftersales.rules.permissions import AGENTS_AND_BUYER, WAREHOUSE_STAFF
from aftersales.rules.vocabulary import Role, Status

# Agents speak for buyers, who have no login of their own; a merchant's goods are looked at in a warehouse.
SPEAK_FOR: Final = {
    Role.BUYER: AGENTS_AND_BUYER - {Role.SUPERVISOR},
    Role.MERCHANT: WAREHOUSE_STAFF - {Role.SUPERVISOR},
}


def _arrival(case: Case) -> Event | None:
    """What brought the case to the platform, or back to it from a suspension."""
    there = case.events.filter(to_status=Status.ARBITRATION)
    return there.exclude(from_status=Status.ARBITRATION).order_by("pk").last()


def _further_round(case: Case) -> Event | None:
    came = _arrival(case)
    asked = case.events.filter(action=disputing.ASK_EVIDENCE.name, pk__gt=came.pk if came else 0)
    return asked.order_by("pk").last()


def has_further_round(case: Case) -> bool:
    """Whether more evidence was asked for since."""
    return _further_round(case) is not None


def silent(case: Case) -> list[Role]:
    """Sides of which nobody showed or said anything since they were asked last."""
    asked = _further_round(case) or _arrival(case)
    since = asked.happened_at if asked else case.opened_at
    return [side for side in SPEAK_FOR if not _has_spoken(case, side, since)]


def _has_spoken(case: Case, side: Role, since: datetime) -> bool:
    shown = case.evidence.filter(role__in=SPEAK_FOR[side], added_at__gte=since).exists()
    return shown or case.messages.filter(role=side, is_note=False, sent_at__gte=since).exists()
