"""Which objects a person may see; every list, page, export and search starts here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db.models import Exists, OuterRef, Q, QuerySet

from aftersales.models import Case, CaseLine, Demand, Refund, Team, User
from aftersales.rules.permissions import DESK
from aftersales.rules.vocabulary import Role, Status
from orders import statements
from orders.kept import Kept, Written
from orders.models import Order

Row = TypeVar("Row")
STAND_IN: Final = 2**61  # in the place of ids, while SQL is written
SEES_ALL = frozenset({Role.SUPERVISOR, Role.FINANCE, Role.ADMIN})
TAKING_IN = (Status.AWAITING_RETURN, Status.RETURN_IN_TRANSIT, Status.INSPECTING)
AT_THE_WAREHOUSE = (
    *TAKING_IN,
    Status.REPAIRING,
    Status.AWAITING_DISPATCH,
    Status.AWAITING_RECEIPT,
)


def cases_for(user: User) -> QuerySet[Case]:
    """Cases the person may open: all, those of their teams, those due in at the warehouse, or their merchant's."""
    if not user.is_active:
        return Case.objects.none()
    if user.roles & SEES_ALL:
        return Case.objects.all()
    seen = Q(pk__in=[])
    if user.roles & DESK:
        seen |= Q(team__isnull=True) | Q(team__in=user.team_ids) | Q(assignee=user)
    if Role.WAREHOUSE in user.roles:
        received = Q(Exists(CaseLine.objects.filter(case=OuterRef("pk"), units_received__gt=0)))
        seen |= Q(status__in=AT_THE_WAREHOUSE) | received
    if Role.MERCHANT in user.roles and user.merchant_id:
        seen |= Q(merchant_id=user.merchant_id)
    return Case.objects.filter(seen)


@dataclass(frozen=True)
class Glimpse:
    """What of a case decides who may see it."""

    pk: int
    number: str
    team_id: int | None
    assignee_id: int | None
    merchant_id: int
    status: str
    was_received: bool


GLIMPSE = """
SELECT c.id, c.number, c.team_id, c.assignee_id, c.merchant_id, c.status,
    EXISTS (SELECT 1 FROM aftersales_caseline l WHERE l.case_id = c.id AND l.units_received > 0)
FROM aftersales_case c WHERE c.id = ANY(%s::bigint[])
"""
GLIMPSE_BY_NUMBER = GLIMPSE.replace("c.id = ANY(%s::bigint[])", "c.number = ANY(%s::text[])")


def glimpses(case_ids: Iterable[int]) -> list[Glimpse]:
    """What decides who may see these cases, in one query; none for no cases."""
    ids = sorted(set(case_ids))
    return [Glimpse(*row) for row in statements.rows(GLIMPSE, [ids])] if ids else []


def glimpses_of(numbers: Iterable[str]) -> list[Glimpse]:
    """The same by the numbers of the cases."""
    wanted = sorted(set(numbers))
    return [Glimpse(*row) for row in statements.rows(GLIMPSE_BY_NUMBER, [wanted])] if wanted else []


def sees(user: User, case: Glimpse) -> bool:
    """Whether `cases_for` holds the case, told from facts that were read for many people at once."""
    if not user.is_active:
        return False
    if user.roles & SEES_ALL:
        return True
    on_desk = case.team_id is None or case.team_id in user.team_ids or case.assignee_id == user.pk
    return (
        (bool(user.roles & DESK) and on_desk)
        or (Role.WAREHOUSE in user.roles and (case.status in AT_THE_WAREHOUSE or case.was_received))
        or (Role.MERCHANT in user.roles and user.merchant_id is not None and case.merchant_id == user.merchant_id)
    )


class KeptFor(Generic[Row]):
    """A queryset for a person, written once for everybody with the same rights.

    `build` gets the person and a stand-in for each value.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], *kinds: type) -> None:
        self.build, self.kinds = build, kinds
        self.kept: dict[tuple[frozenset[Role], int, bool], Kept[Row]] = {}

    def __call__(self, user: User, *values: Any) -> list[Row]:
        """What the queryset gives for this person and these values."""
        if not user.is_active:
            return []
        shape = (user.roles, len(user.team_ids), user.merchant_id is None)
        kept = self.kept.get(shape) or self.kept.setdefault(shape, self._keep(*shape))
        return kept(*values, user.pk, user.merchant_id, *user.team_ids)

    def _keep(self, roles: frozenset[Role], team_count: int, has_no_merchant: bool) -> Kept[Row]:
        def build(*stand_ins: Any) -> QuerySet[Any, Row]:
            values, (pk, merchant_id, *team_ids) = stand_ins[: len(self.kinds)], stand_ins[len(self.kinds) :]
            person = User(pk=pk, merchant_id=None if has_no_merchant else merchant_id)
            person.roles, person.team_ids = roles, tuple(team_ids)
            return self.build(person, *values)

        return Kept(build, *self.kinds, int, int, *[int] * team_count)


class KeptSeen(KeptFor[Row]):
    """The same over the cases somebody may see: `build` gets these cases and a stand-in for each value."""

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], *kinds: type) -> None:
        super().__init__(lambda person, *values: build(cases_for(person), *values), *kinds)


class SeenIds:
    """SQL of the ids of the cases somebody may see, written once for everybody with the same rights."""

    def __init__(self) -> None:
        self.kept: dict[tuple[frozenset[Role], int, bool], Written] = {}

    def __call__(self, user: User) -> Written:
        """A condition on `id` for this person, with its values: some see all, some nothing."""
        if not user.is_active:
            return "false", []
        if user.roles & SEES_ALL:
            return "true", []
        shape = (user.roles, len(user.team_ids), user.merchant_id is None)
        sql, params = self.kept.get(shape) or self.kept.setdefault(shape, self._write(*shape))
        values = dict(enumerate([user.pk, user.merchant_id, *user.team_ids]))
        return sql, [values.get(param - STAND_IN, param) if isinstance(param, int) else param for param in params]

    def _write(self, roles: frozenset[Role], team_count: int, has_no_merchant: bool) -> Written:
        person = User(pk=STAND_IN, merchant_id=None if has_no_merchant else STAND_IN + 1)
        person.roles, person.team_ids = roles, tuple(STAND_IN + 2 + number for number in range(team_count))
        try:
            sql, params = cases_for(person).order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            return "false", []
        return f"id IN ({sql})", params


SEEN_IDS = SeenIds()
NUMBERED = KeptSeen(
    lambda seen, number: seen.filter(number=number).select_related(
        "order", "merchant", "buyer", "policy", "reason", "assignee", "team", "return_address", "reject_reason",
        "applied_by",
    ),
    str,
)  # fmt: skip


def sees_by_team(user: User) -> bool:
    """Whether nothing but teams says which unassigned cases the person may open."""
    others = SEES_ALL | {Role.WAREHOUSE, Role.MERCHANT}
    return user.is_active and bool(user.roles & DESK) and not user.roles & others


def nobodys(team_ids: Iterable[int]) -> list[QuerySet[Case]]:
    """Unassigned cases of teams and of no team, in parts that share none.

    The "or" over teams would make the database sort everything that it finds; each team alone lies sorted in an index.
    """
    unassigned = Case.objects.filter(assignee__isnull=True)
    return [unassigned.filter(team__isnull=True), *(unassigned.filter(team=team) for team in team_ids)]


def orders_for(user: User) -> QuerySet[Order]:
    """Orders the person may open: their merchant's, those their teams serve, or all."""
    if not user.is_active:
        return Order.objects.none()
    if user.roles & SEES_ALL:
        return Order.objects.all()
    seen = Q(pk__in=[])
    if user.roles & DESK:
        merchants = _merchants_served(user)
        if merchants is None:
            return Order.objects.all()
        seen |= Q(merchant__in=merchants)
    if Role.MERCHANT in user.roles and user.merchant_id:
        seen |= Q(merchant_id=user.merchant_id)
    return Order.objects.filter(seen)


SERVED = """
cardinality(%s::bigint[]) = 0 OR EXISTS (
    SELECT 1 FROM unnest(%s::bigint[]) AS t (id)
    WHERE NOT EXISTS (SELECT 1 FROM aftersales_team_merchants m WHERE m.team_id = t.id)
) OR o.merchant_id IN (SELECT m.merchant_id FROM aftersales_team_merchants m WHERE m.team_id = ANY (%s::bigint[]))
"""


def seen_orders(user: User) -> Written:
    """What `orders_for` says as a condition on `id`, whose SQL is the same for everybody with the same rights."""
    if not user.is_active:
        return "false", []
    if user.roles & SEES_ALL:
        return "true", []
    parts, values = list[str](), list[Any]()
    if user.roles & DESK:
        parts, values = [SERVED], [list(user.team_ids)] * 3
    if Role.MERCHANT in user.roles and user.merchant_id:
        parts, values = [*parts, "o.merchant_id = %s"], [*values, user.merchant_id]
    seen = f"id IN (SELECT o.id FROM orders_order o WHERE {' OR '.join(parts)})"  # noqa: S608 -- our own words
    return (seen, values) if parts else ("false", [])


def refunds_for(user: User) -> QuerySet[Refund]:
    """Refunds that finance and supervisors work on."""
    return Refund.objects.all() if user.roles & SEES_ALL else Refund.objects.none()


def demands_for(user: User) -> QuerySet[Demand]:
    """Money owed that finance and supervisors look at as a list; others see it on its case."""
    return Demand.objects.all() if user.is_active and user.roles & SEES_ALL else Demand.objects.none()


def _merchants_served(user: User) -> set[int] | None:
    """Merchants of the person's teams; nothing when a team, or nobody's, serves them all."""
    served = list(Team.objects.filter(pk__in=user.team_ids).values_list("pk", "merchants"))
    if not served or any(merchant is None for _team, merchant in served):
        return None
    return {merchant for _team, merchant in served if merchant is not None}
