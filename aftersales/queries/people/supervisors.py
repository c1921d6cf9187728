"""Supervisors: whom a decision is left to, and who is next."""

from aftersales.models import User
from aftersales.rules.vocabulary import Role


def all_of_them() -> list[User]:
    """Everybody with the role who can log in, in the order in which they take turns."""
    return list(User.objects.filter(is_active=True, groups__name=Role.SUPERVISOR.value).order_by("pk"))


def after(user_id: int | None) -> User | None:
    """The supervisor whose turn comes after a person's, the first one after the last; nobody where there is none."""
    found = all_of_them()
    later = (each for each in found if each.pk > (user_id or 0))
    return next(later, found[0] if found else None)
