"""What finance lets go: by one person up to a limit of the order and of the day, above it by two."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from aftersales import moves
from aftersales.actions.people import second_person
from aftersales.actions.refusals import Forbidden
from aftersales.models import Case, User
from aftersales.queries import locking
from aftersales.queries.refunds import finance_limits
from aftersales.rules.actor import Actor
from aftersales.rules.vocabulary import Role
from orders.refusals import Refused


def lock(action: str, by: Actor) -> None:
    """Before any case: what the person lets go at the same moment elsewhere counts against the same limit."""
    if moves.EVERY[action].lets_money_go and by.user_id is not None and Role.FINANCE in by.roles:
        locking.capacity(by.user_id)


def has_to_wait(case: Case, amount: Decimal, role: Role, by: Actor, at: datetime) -> bool:
    """Whether a second person has to agree first; Forbidden where it is above a limit and nobody in particular asks."""
    if role != Role.FINANCE or finance_limits.above(case, amount, by, at) is None:
        return False
    if by.user_id is None:
        raise Forbidden(_("Only finance may do this."))
    return True


def insist(first_id: int | None, by: Actor, *, at: datetime) -> None:
    """Refused, unless whoever lets it go now is another person than the first who did."""
    if first_id is not None and first_id == by.user_id:
        raise Refused(_("You have agreed to this already: a second person of finance has to agree to it too."))
    second_person.insist(first_id, by.user_id, at=at)


def told(amount: Decimal, role: Role, first: User | None) -> dict[str, str]:
    """What the event says of how many have let the sum go: the first of two, or that one did alone."""
    if first is not None:
        return {"first": str(first)}
    return {"alone": str(amount)} if role == Role.FINANCE else {}
