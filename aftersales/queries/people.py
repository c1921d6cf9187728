"""A login as somebody who acts."""

from aftersales.models import User
from aftersales.rules.actor import Actor
from aftersales.rules.vocabulary import Role


def actor_for(user: User) -> Actor:
    """The person behind a login; merchant's staff are bound to their merchant."""
    bound = user.merchant_id if Role.MERCHANT in user.roles else None
    return Actor(user.roles, user_id=user.pk, merchant_id=bound)
