"""The people of a simulation: those who are there, and stand-ins for roles that nobody has."""

from dataclasses import dataclass
from random import Random

from django.contrib.auth.models import Group
from django.utils import timezone

from aftersales.models import Case, User
from aftersales.queries.people.actors import actor_for
from aftersales.rules import actor
from aftersales.rules.actor import Actor
from aftersales.rules.vocabulary import Role

NEEDED = {Role.AGENT: 2, Role.SENIOR: 1, Role.SUPERVISOR: 2, Role.FINANCE: 2, Role.WAREHOUSE: 1}


@dataclass
class Actors:
    """Who may act, by role; the merchants' staff are made when they are first needed."""

    staff: dict[Role, list[Actor]]
    random: Random

    def one(self, role: Role) -> Actor:
        """Somebody of a role."""
        return self.random.choice(self.staff[role])

    def merchant(self, case: Case) -> Actor:
        """The merchant of a case; its own staff stand behind the role."""
        return Actor(frozenset({Role.MERCHANT}), merchant_id=case.merchant_id)

    def buyer(self, case: Case) -> Actor:
        """The buyer of a case."""
        return actor.buyer(case.buyer_id)

    def other(self, role: Role, than: int | None) -> Actor:
        """Somebody of a role who is not the user `than`, if there is anybody."""
        return next((one for one in self.staff[role] if one.user_id != than), self.staff[role][0])

    def decider(self, case: Case) -> Actor:
        """Merchant or agent; the more powerful for larger sums, mostly."""
        roles = [Role.AGENT, Role.AGENT, Role.SENIOR, Role.SUPERVISOR]
        return self.merchant(case) if self.random.random() < 0.55 else self.one(self.random.choice(roles))


def gather(random: Random) -> Actors:
    """Take the people there are; make those that are missing, without a password."""
    staff = {}
    for role, number in NEEDED.items():
        group, _new = Group.objects.get_or_create(name=role.value)
        # The first five only: the same people are drawn however many others the database has.
        users = list(User.objects.filter(groups=group, is_active=True, is_superuser=False).order_by("pk")[:5])
        users += [_stand_in(role, group, index) for index in range(len(users) + 1, number + 1)]
        staff[role] = [actor_for(user) for user in users]
    return Actors(staff, random)


def _stand_in(role: Role, group: Group, index: int) -> User:
    user, is_new = User.objects.get_or_create(
        username=f"sim-{role.value}-{index}", defaults={"display_name": f"{role.value.title()} {index}"}
    )
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        user.on_record(role, timezone.now(), why="simulation")
        user.groups.add(group)
    return user
