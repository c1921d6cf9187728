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

# user name, name shown, role, language, teams, merchant
PEOPLE = [
    ("agent", "林晓", Role.AGENT, "zh-hans", ("style", "digital"), None),
    ("agent2", "Emma Clarke", Role.AGENT, "en", ("digital",), None),
    ("senior", "何静", Role.SENIOR, "zh-hans", ("style",), None),
    ("supervisor", "顾明远", Role.SUPERVISOR, "zh-hans", (), None),
    ("supervisor2", "Daniel Okafor", Role.SUPERVISOR, "en", (), None),
    ("finance", "苏敏", Role.FINANCE, "zh-hans", (), None),
    ("finance2", "Priya Nair", Role.FINANCE, "en", (), None),
    ("warehouse", "老唐", Role.WAREHOUSE, "zh-hans", (), None),
    ("merchant", "沈青", Role.MERCHANT, "zh-hans", (), "qinghe"),
    ("merchant2", "Ruth Alder", Role.MERCHANT, "en", (), "northshore"),
    ("admin", "Admin", Role.ADMIN, "en", (), None),
]
NEW = "agent2"  # logs in for the first time: the tour comes by itself
TEAMS = {"style": ("服饰家居组 · Style & Home", ("qinghe", "mumian")), "digital": ("数码组 · Digital", ("northshore",))}

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
    teams = {}
    for key, (name, codes) in TEAMS.items():
        teams[key] = Team.objects.create(name=name, absent_minutes=ABSENT_MINUTES)
        teams[key].merchants.set(merchants[code] for code in codes)
    repairs = Skill.objects.create(name_en="Repairs", name_zh="维修", types=[CaseType.REPAIR])
    password = make_password(PASSWORD)
    users = {}
    for username, shown, role, language, serves, shop in PEOPLE:
        is_admin = role == Role.ADMIN
        user = User.objects.create(
            username=username,
            password=password,
            display_name=shown,
            language=language,
            tour_seen_at=None if username == NEW else at,
            merchant=merchants[shop] if shop else None,
            is_staff=is_admin,
            is_superuser=is_admin,
        )
        user.groups.add(Group.objects.get(name=role.value))
        user.teams.set(teams[key] for key in serves)
        if username in TRAINED:
            user.skills.add(repairs)
        users[username] = user
    return Actors(users, {username: actor_for(user) for username, user in users.items()})
