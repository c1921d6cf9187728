"""Logins of the demo: one or two people of every role, all with the password `demo`."""

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from aftersales.models import Skill, Team, User
from aftersales.queries.people.actors import actor_for
from aftersales.rules.actor import Actor
from aftersales.rules.vocabulary import CaseType, Role
from orders.models import Merchant

PASSWORD = "demo"  # noqa: S105 -- the demo's, shown on the screen; refused in production


@dataclass(frozen=True)
class Person:
    """A login of the demo: teams by their keys in TEAMS, the merchant by its code."""

    username: str
    name: str
    role: Role
    language: str
    teams: tuple[str, ...]
    merchant: str


PEOPLE = [
    Person("agent", "林晓", Role.AGENT, "zh-hans", ("style", "digital"), ""),
    Person("agent2", "Emma Clarke", Role.AGENT, "en", ("digital",), ""),
    Person("senior", "何静", Role.SENIOR, "zh-hans", ("style",), ""),
    Person("supervisor", "顾明远", Role.SUPERVISOR, "zh-hans", (), ""),
    Person("supervisor2", "Daniel Okafor", Role.SUPERVISOR, "en", (), ""),
    Person("finance", "苏敏", Role.FINANCE, "zh-hans", (), ""),
    Person("finance2", "Priya Nair", Role.FINANCE, "en", (), ""),
    Person("warehouse", "老唐", Role.WAREHOUSE, "zh-hans", (), ""),
    Person("merchant", "沈青", Role.MERCHANT, "zh-hans", (), "qinghe"),
    Person("merchant2", "Ruth Alder", Role.MERCHANT, "en", (), "northshore"),
    Person("admin", "Admin", Role.ADMIN, "en", (), ""),
    Person("admin2", "Second admin", Role.ADMIN, "zh-hans", (), ""),
]
NEW = "agent2"  # logs in for the first time: the tour comes by itself
TEAMS = {"style": ("服饰家居组 · Style & Home", ("qinghe", "mumian")), "digital": ("数码组 · Digital", ("northshore",))}

# After so long away, what is due soon goes back to the team.
ABSENT_MINUTES = 30
TRAINED = ("agent", "senior")  # for repairs


@dataclass(frozen=True)
class Actors:
    """The people of the demo as they act, by user name."""

    users: dict[str, User]
    actors: dict[str, Actor] = field(default_factory=dict)

    def __getitem__(self, username: str) -> Actor:
        return self.actors[username]


def hire(merchants: dict[str, Merchant], at: datetime) -> Actors:
    """Create teams and people; one hash serves all, since all share one password."""
    teams, password = _teams(merchants), make_password(PASSWORD)
    repairs = Skill.objects.create(name_en="Repairs", name_zh="维修", types=[CaseType.REPAIR])
    users = {}
    for person in PEOPLE:
        user = _user(person, password, merchants, at)
        user.teams.set(teams[key] for key in person.teams)
        if person.username in TRAINED:
            user.skills.add(repairs)
        users[person.username] = user
    return Actors(users, {username: actor_for(user) for username, user in users.items()})


def _teams(merchants: dict[str, Merchant]) -> dict[str, Team]:
    teams = {}
    for key, (name, codes) in TEAMS.items():
        teams[key] = Team.objects.create(name=name, absent_minutes=ABSENT_MINUTES)
        teams[key].merchants.set(merchants[code] for code in codes)
    return teams


def _user(person: Person, password: str, merchants: dict[str, Merchant], at: datetime) -> User:
    is_admin = person.role == Role.ADMIN
    user = User.objects.create(
        username=person.username,
        password=password,
        display_name=person.name,
        language=person.language,
        tour_seen_at=None if person.username == NEW else at,
        merchant=merchants[person.merchant] if person.merchant else None,
        is_staff=is_admin,
    )
    user.on_record(person.role, at, why="demo")
    if is_admin:
        User.objects.filter(pk=user.pk).update(is_superuser=True)
        user.is_superuser = True
    user.groups.add(Group.objects.get(name=person.role.value))
    return user
