"""What a person has decided today, which counts against what their role decides alone in one day."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db.models import F, Sum

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
    """What the person agreed to or offered since midnight; 0, and nothing is read, where no limit counts it."""
    if by.user_id is None or authority.day_limit_of(role, case.policy) is None:
        return ZERO
    return decided_since(shop_day.start(shop_day.of(at)), case, by.user_id)


def decided_since(midnight: datetime, case: Case, user_id: int) -> Decimal:
    """What a person agreed to, or offered unless the buyer declined; in the currency of the case."""
    same = Case.objects.filter(currency=case.currency, moved_at__gte=midnight).order_by()
    agreed = same.filter(events__user=user_id, events__action__in=DECIDING, events__happened_at__gte=midnight)
    offered = same.exclude(pk=case.pk).filter(
        offers__made_by=user_id,
        offers__made_at__gte=midnight,
        offers__status__in=STANDING,
        offers__is_quote=False,
    )
    # A case that was agreed to twice has two events, and is counted once.
    asked = Case.objects.filter(pk__in=agreed.values("pk")).aggregate(
        sum=Sum(F("requested_amount") + F("freight_held"))
    )
    return (asked["sum"] or ZERO) + (offered.aggregate(sum=Sum("offers__amount"))["sum"] or ZERO)
