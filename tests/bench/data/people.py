"""Merchants, teams and people of the bench."""

from datetime import datetime

from django.contrib.auth.models import Group
from django.utils import timezone

from aftersales.models import Policy, Reason, Team, User
from aftersales.rules.vocabulary import Role
from logistics.models import ReturnAddress
from orders.models import Merchant
from tests.bench.data.rows import Shop, World

MERCHANTS, AGENTS, TEAMS = 300, 60, 8


def staff() -> None:
    """Merchants with return addresses, teams, agents, one person of each other role."""
    shops = Merchant.objects.bulk_create(
        Merchant(code=f"bench-{number}", name=f"Bench shop {number}") for number in range(1, MERCHANTS + 1)
    )
    ReturnAddress.objects.bulk_create(
        ReturnAddress(
            merchant=shop, label="Returns", contact="Li Lei", phone="13800138000", region="Zhejiang Hangzhou",
            address="1 Wenyi Road", is_default=True,
        )
        for shop in shops
    )  # fmt: skip
    teams = Team.objects.bulk_create(Team(name=f"Team {number}") for number in range(1, TEAMS + 1))
    for number, team in enumerate(teams):
        team.merchants.set(shops[number::TEAMS])
    for number in range(AGENTS):
        person(f"bench-agent-{number + 1}", Role.AGENT).teams.add(teams[number % TEAMS])
    for role in (Role.SUPERVISOR, Role.WAREHOUSE, Role.FINANCE):
        person(f"bench-{role}", role)


def person(name: str, role: Role) -> User:
    """Somebody with a login of one role; capacity for whatever the bench asks."""
    user = User.objects.create(username=name, display_name=name.title(), password="!", capacity=1000)
    user.on_record(role, timezone.now(), why="bench")
    user.groups.add(Group.objects.get(name=role.value))
    return user


def world_at(at: datetime) -> World:
    """What rows refer to, as it stands in the database."""
    agents = list(User.objects.filter(username__startswith="bench-agent-").order_by("pk").values_list("pk", flat=True))
    teams = list(Team.objects.order_by("pk").values_list("pk", flat=True))
    addresses = ReturnAddress.objects.filter(merchant__code__startswith="bench-").order_by("merchant_id")
    shops = [
        Shop(merchant, address, teams[number % TEAMS], tuple(agents[number % TEAMS :: TEAMS]))
        for number, (merchant, address) in enumerate(addresses.values_list("merchant_id", "pk"))
    ]
    reasons = {
        kind: Reason.objects.filter(case_types__contains=[kind], goods_states__contains=["signed"]).earliest("pk").pk
        for kind in ("refund_only", "return_refund")
    }
    policy = Policy.objects.earliest("pk")
    return World(shops, policy.pk, reasons, at)
