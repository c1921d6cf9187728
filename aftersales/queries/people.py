"""A login as somebody who acts."""

from aftersales.models import User
from aftersales.rules.actor import Actor
from aftersales.rules.permissions import DESK
from aftersales.rules.vocabulary import Role


def actor_for(user: User) -> Actor:
    """The person behind a login; merchant's staff are bound to their merchant."""
    bound = user.merchant_id if Role.MERCHANT in user.roles else None
    return Actor(user.roles, user_id=user.pk, merchant_id=bound)


def of_the_desk() -> list[User]:
    """Everybody who works on cases and can log in, by name."""
    people = User.objects.filter(is_active=True, groups__name__in=[role.value for role in DESK]).distinct()
    return list(people.order_by("display_name", "username").only("pk", "display_name", "username"))
