"""A login as somebody who acts."""

from collections.abc import Iterable

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from aftersales.models import Case, Team, User
from aftersales.models.cases.open_cases import OUR_TURN
from aftersales.rules.actor import Actor
from aftersales.rules.permissions import AGENTS
from aftersales.rules.vocabulary import Role


class DeskBackend(ModelBackend):
    """Passwords as Django keeps them; every request reads the person with roles and teams in one query."""

    def get_user(self, user_id: int) -> User | None:
        """The person behind a session; nobody once they are switched off."""
        user = next(iter(with_rights([user_id])), None)
        return user if user is not None and self.user_can_authenticate(user) else None


def with_rights(user_ids: Iterable[int]) -> list[User]:
    """People with their roles, their teams and the zone of the shop they work for, in one query."""
    # Arrays instead of joins: each request asks this, and two joins would multiply roles by teams.
    found = User.objects.filter(pk__in=list(user_ids)).annotate(
        group_names=ArraySubquery(Group.objects.filter(user=OuterRef("pk")).values("name")),
        team_pks=ArraySubquery(Team.objects.filter(members=OuterRef("pk")).order_by("name").values("pk")),
        shop_zone=F("merchant__calendar__time_zone"),
    )
    for user in found:
        user.roles, user.team_ids = user.roles_of(user.group_names), tuple(user.team_pks)
    return [*found]


def actor_for(user: User) -> Actor:
    """The person behind a login; merchant's staff are bound to their merchant."""
    bound = user.merchant_id if Role.MERCHANT in user.roles else None
    return Actor(user.roles, user_id=user.pk, merchant_id=bound)


def colleagues(only: int | None) -> QuerySet[User]:
    """People of the desk who can be given a case, or `only` one, with the cases that they `carried` in our turn."""
    carried = Case.objects.filter(OUR_TURN, assignee=OuterRef("pk")).order_by().values("assignee")
    found = User.objects.filter(is_active=True, groups__name__in=[role.value for role in AGENTS]).distinct()
    if only is not None:
        found = found.filter(pk=only)
    load = Coalesce(Subquery(carried.annotate(number=Count("pk")).values("number")), 0)
    return found.annotate(carried=load).order_by("display_name", "pk")


def of_the_desk() -> list[User]:
    """Everybody who works on cases and can log in, by name."""
    people = User.objects.filter(is_active=True, groups__name__in=[role.value for role in AGENTS]).distinct()
    return list(people.order_by("display_name", "username").only("pk", "display_name", "username"))
