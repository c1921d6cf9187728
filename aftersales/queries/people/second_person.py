"""Whether two accounts are two persons: asked wherever a second one has to agree."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from aftersales import moves
from aftersales.models import AccountTouch, Event
from aftersales.models.people.accounts import TouchKind

TOUCHED_FOR: Final = timedelta(days=7)
OPENS: Final = frozenset({TouchKind.PASSWORD, TouchKind.SECOND_FACTOR})  # with these somebody can log in as another


def why_not(first_id: int | None, second_id: int | None, *, at: datetime) -> str | None:
    """Sentence why the second may not agree to what the first has asked; nothing where they are two persons.

    1. Nobody agrees with themselves.
    2. Whoever touched the other's password, second factor or roles in the last 7 days may be both.
    3. So may anybody who opened both accounts in that time.
    """
    if first_id is None or second_id is None:
        return None
    if first_id == second_id:
        return _("You asked for this yourself: a second person has to decide.")
    pair = {first_id, second_id}
    rows = AccountTouch.objects.filter(account_id__in=pair, by__isnull=False, at__gt=at - TOUCHED_FOR)
    found = list(rows.exclude(Q(kind=TouchKind.ACCESS)).values_list("account_id", "by_id", "kind"))
    if any(by in pair and by != account for account, by, _kind in found):
        return _(
            "One of you has changed the other's password, second factor or roles in the last 7 days: "
            "somebody else has to decide."
        )
    openers = [{by for account, by, kind in found if account == one and kind in OPENS} for one in pair]
    if openers[0] & openers[1]:
        return _("The same person has given both of you a new login in the last 7 days: somebody else has to decide.")
    return None


def decided_by(case_id: int) -> int | None:
    """Who last decided what the case gives; nobody where a clock or a policy did."""
    decided = Event.objects.filter(case=case_id, action__in=[move.name for move in moves.DECIDING])
    return decided.order_by("-id").values_list("user", flat=True).first()
