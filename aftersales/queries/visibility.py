"""Which objects a person may see; every list, page, export and search starts here."""

from collections.abc import Callable, Iterable
from typing import Any, Final, Generic, NamedTuple, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db.models import Exists, OuterRef, Q, QuerySet

from aftersales.models import Case, CaseLine, GoodsOwed, Receivable, Refund, Team, User
from aftersales.rules.permissions import AGENTS
from aftersales.rules.vocabulary import Role, Status
from orders.db.compiled_query import CompiledQuery, Written
from orders.models import Order

Row = TypeVar("Row")
SEES_ALL = frozenset({Role.SUPERVISOR, Role.FINANCE, Role.ADMIN})
TAKING_IN = (Status.AWAITING_RETURN, Status.RETURN_IN_TRANSIT, Status.INSPECTING)
AT_THE_WAREHOUSE = (
    *TAKING_IN,
    Status.REPAIRING,
    Status.AWAITING_DISPATCH,
    Status.AWAITING_RECEIPT,
)
# Goods came to the case, or lie here because of it.
RECEIVED: Final = (
    Exists(CaseLine.objects.filter(case=OuterRef("pk"), units_received__gt=0)),
    Exists(GoodsOwed.objects.filter(case=OuterRef("pk"))),
)


def cases_for(user: User) -> QuerySet[Case]:
    """Cases the person may open, by any of their roles; none for who is not active."""
    if not user.is_active:
        return Case.objects.none()
    return Case.objects.filter(rule(rights_of(user)))


class Rights(NamedTuple):
    """The facts about a person that decide which cases they see."""

    roles: frozenset[Role]
    person_id: int
    team_ids: tuple[int, ...]
    merchant_id: int | None


def rights_of(user: User) -> Rights:
    """The person's rights; teams are not asked for where they decide nothing."""
    by_team = user.roles & AGENTS and not user.roles & SEES_ALL
    return Rights(user.roles, user.pk, user.team_ids if by_team else (), user.merchant_id)


def rule(rights: Rights) -> Q:
    """The condition for the cases that these rights open: parts joined by "or"; no parts mean everything.

    The only place that says who sees which case; `visibility_facts` reads the same parts.
    """
    if rights.roles & SEES_ALL:
        return Q()
    seen = Q(pk__in=[])  # nothing, so that somebody without a known role sees no case
    if rights.roles & AGENTS:
        # A case without a team is everybody's; who was assigned a case of another team keeps it.
        seen |= Q(team_id__isnull=True) | Q(team_id__in=rights.team_ids) | Q(assignee_id=rights.person_id)
    if Role.WAREHOUSE in rights.roles:
        # What has been received stays visible after its inspection: questions about the goods come later.
        seen |= Q(status__in=AT_THE_WAREHOUSE) | Q(RECEIVED[0]) | Q(RECEIVED[1])
    if Role.MERCHANT in rights.roles and rights.merchant_id:
        seen |= Q(merchant_id=rights.merchant_id)
    return seen


class CompiledPersonQuery(Generic[Row]):
    """A queryset for a person, compiled once for everybody with the same rights.

    `build` makes it of a person and a stand-in for each further value; `kinds` are the types of these values.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], *kinds: type) -> None:
        self.build, self.kinds = build, kinds
        self.compiled: dict[tuple[frozenset[Role], int, bool], CompiledQuery[Row]] = {}

    def __call__(self, user: User, *values: Any) -> list[Row]:
        """The rows for this person and these values; none for who is not active."""
        return self._of(user)(*values, *_values(user)) if user.is_active else []

    def _of(self, user: User) -> CompiledQuery[Row]:
        # Rights decide the form of the SQL, ids are its values: the number of teams is a part of the form.
        shape = (user.roles, len(user.team_ids), user.merchant_id is None)
        return self.compiled.get(shape) or self.compiled.setdefault(shape, self._compile(*shape))

    def _compile(self, roles: frozenset[Role], team_count: int, has_no_merchant: bool) -> CompiledQuery[Row]:
        def build(*stand_ins: Any) -> QuerySet[Any, Row]:
            values, (pk, merchant_id, *team_ids) = stand_ins[: len(self.kinds)], stand_ins[len(self.kinds) :]
            person = User(pk=pk, merchant_id=None if has_no_merchant else merchant_id)
            person.roles, person.team_ids = roles, tuple(team_ids)
            return self.build(person, *values)

        return CompiledQuery(build, *self.kinds, int, int, *[int] * team_count)


def _values(user: User) -> tuple[int | None, ...]:
    """What differs between people with the same rights, in the order of the stand-ins."""
    return user.pk, user.merchant_id, *user.team_ids


class CompiledCasesQuery(CompiledPersonQuery[Row]):
    """The same over the cases a person may see: `build` gets these cases and a stand-in for each value."""

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], *kinds: type) -> None:
        super().__init__(lambda person, *values: build(cases_for(person), *values), *kinds)


class SeenIds(CompiledPersonQuery[Row]):
    """The ids of the cases a person may see, as a condition for SQL that is written by hand."""

    def condition(self, user: User) -> Written:
        """The condition on `id` for this person, with its values."""
        if not user.is_active:
            return "false", []
        if user.roles & SEES_ALL:
            return "true", []
        try:
            sql, params = self._of(user).statement.filled(_values(user))
        except EmptyResultSet:  # Django's way to say that a condition can never hold
            return "false", []
        return f"id IN ({sql})", params


SEEN_IDS = SeenIds(lambda person: cases_for(person).order_by().values("pk"))
NUMBERED = CompiledCasesQuery(
    lambda seen, number: seen.filter(number=number).select_related(
        "order", "merchant__calendar", "buyer", "policy", "reason", "assignee", "team", "return_address",
        "reject_reason", "applied_by",
    ),
    str,
)  # fmt: skip


def sees_by_team(user: User) -> bool:
    """Whether only teams decide which unassigned cases the person may open."""
    others = SEES_ALL | {Role.WAREHOUSE, Role.MERCHANT}
    return user.is_active and bool(user.roles & AGENTS) and not user.roles & others


def unassigned(team_ids: Iterable[int]) -> list[QuerySet[Case]]:
    """Unassigned cases of no team and of each of these teams, in parts that share no case."""
    # "Or" over teams would make the database sort all that it finds; each team alone lies sorted in an index.
    cases = Case.objects.filter(assignee__isnull=True)
    return [cases.filter(team__isnull=True), *(cases.filter(team=team) for team in team_ids)]


def orders_for(user: User) -> QuerySet[Order]:
    """Orders the person may open: all, those of the merchants their teams serve, or those of their own merchant."""
    if not user.is_active:
        return Order.objects.none()
    if user.roles & SEES_ALL:
        return Order.objects.all()
    merchants = _merchants_served(user) if user.roles & AGENTS else set[int]()
    if merchants is None:
        return Order.objects.all()
    seen = Q(merchant__in=merchants)
    if Role.MERCHANT in user.roles and user.merchant_id:
        seen |= Q(merchant_id=user.merchant_id)
    return Order.objects.filter(seen)


def _merchants_served(user: User) -> set[int] | None:
    """Merchants of the person's teams; None for all: a team without merchants serves all, and so does no team."""
    served = list(Team.objects.filter(pk__in=user.team_ids).values_list("pk", "merchants"))
    if not served or any(merchant is None for _team, merchant in served):
        return None
    return {merchant for _team, merchant in served if merchant is not None}


SERVED = """
cardinality(%s::bigint[]) = 0 OR EXISTS (
    SELECT 1 FROM unnest(%s::bigint[]) AS t (id)
    WHERE NOT EXISTS (SELECT 1 FROM aftersales_team_merchants m WHERE m.team_id = t.id)
) OR o.merchant_id IN (SELECT m.merchant_id FROM aftersales_team_merchants m WHERE m.team_id = ANY (%s::bigint[]))
"""


def seen_orders(user: User) -> Written:
    """The same as a condition on `id`, whose SQL is the same for everybody with the same rights."""
    if not user.is_active:
        return "false", []
    if user.roles & SEES_ALL:
        return "true", []
    agents: Written = (SERVED, [list(user.team_ids)] * 3)
    merchants: Written = ("o.merchant_id = %s", [user.merchant_id])
    parts = [agents] if user.roles & AGENTS else []
    parts += [merchants] if Role.MERCHANT in user.roles and user.merchant_id else []
    if not parts:
        return "false", []
    seen = f"id IN (SELECT o.id FROM orders_order o WHERE {' OR '.join(sql for sql, _values in parts)})"  # noqa: S608 -- our own words
    return seen, [value for _sql, values in parts for value in values]


def refunds_for(user: User) -> QuerySet[Refund]:
    """Refunds as a list, for finance and supervisors; others see them on their cases."""
    return Refund.objects.all() if user.roles & SEES_ALL else Refund.objects.none()


def receivables_for(user: User) -> QuerySet[Receivable]:
    """Receivables as a list, for finance and supervisors; others see them on their cases."""
    return Receivable.objects.all() if user.is_active and user.roles & SEES_ALL else Receivable.objects.none()
