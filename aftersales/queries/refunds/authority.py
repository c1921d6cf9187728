"""What a person has decided today, which counts against what their role decides alone in one day."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db.models import F, QuerySet, Sum

from aftersales import moves
from aftersales.models import Case, Offer
from aftersales.rules.actor import Actor
from aftersales.rules.policies import shop_day
from aftersales.rules.refunds import authority
from aftersales.rules.vocabulary import Role

ZERO: Final = Decimal(0)
DECIDING: Final = [move.name for move in moves.DECIDING]
STANDING: Final = (Offer.Status.OPEN, Offer.Status.ACCEPTED)


def above(amount: Decimal, case: Case, by: Actor, role: Role, at: datetime) -> str | None:
    """Sentence when the amount is above what the person may decide alone."""
    return authority.above(amount, case, role, decided_today(case, by, role, at))


def decided_today(case: Case, by: Actor, role: Role, at: datetime) -> Decimal:
    """What the person agreed to or offered since midnight of the shop; 0 unread where no limit counts it."""
    if by.user_id is None or authority.day_limit_of(role, case.policy) is None:
        return ZERO
    return decided_since(shop_day.start(shop_day.of(at)), case, by.user_id)


def decided_since(midnight: datetime, case: Case, user_id: int) -> Decimal:
    """What a person agreed to, or offered unless the buyer declined; in the currency of the case."""
    same = Case.objects.filter(currency=case.currency, moved_at__gte=midnight).order_by()
    # Without the offers of this case: what is decided on it now takes their place.
    return _agreed(same, user_id, midnight) + _offered(same.exclude(pk=case.pk), user_id, midnight)


def _agreed(cases: QuerySet[Case], user_id: int, midnight: datetime) -> Decimal:
    agreed = cases.filter(events__user=user_id, events__action__in=DECIDING, events__happened_at__gte=midnight)
    # A case that was agreed to twice has two events, and is counted once.
    counted = Case.objects.filter(pk__in=agreed.values("pk"))
    return counted.aggregate(sum=Sum(F("requested_amount") + F("freight_held")))["sum"] or ZERO


def _offered(cases: QuerySet[Case], user_id: int, midnight: datetime) -> Decimal:
    # A quote for a repair is money that the buyer pays, not gets.
    offered = cases.filter(
        offers__made_by=user_id,
        offers__made_at__gte=midnight,
        offers__status__in=STANDING,
        offers__is_quote=False,
    )
    return offered.aggregate(sum=Sum("offers__amount"))["sum"] or ZERO
