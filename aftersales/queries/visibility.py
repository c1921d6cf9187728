"""Which objects a person may see; every list, page, export and search starts here."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from aftersales.models import Case, CaseLine, Refund, Team, User
from aftersales.rules.permissions import DESK
from aftersales.rules.vocabulary import Role, Status
from orders.models import Order

SEES_ALL = frozenset({Role.SUPERVISOR, Role.FINANCE, Role.ADMIN})
AT_THE_WAREHOUSE = (Status.AWAITING_RETURN, Status.RETURN_IN_TRANSIT, Status.INSPECTING)


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


def parts_by_team(user: User) -> list[QuerySet[Case]]:
    """Unassigned cases the person may open, in parts that share none: one for each team where only teams count.

    The "or" over teams would make the database sort everything that it finds; each team alone lies sorted in an index.
    """
    if user.roles & (SEES_ALL | {Role.WAREHOUSE, Role.MERCHANT}) or not user.roles & DESK or not user.is_active:
        return [cases_for(user).filter(assignee__isnull=True)]
    nobodys = Case.objects.filter(assignee__isnull=True)
    return [nobodys.filter(team__isnull=True), *(nobodys.filter(team=team) for team in user.team_ids)]


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


def refunds_for(user: User) -> QuerySet[Refund]:
    """Refunds that finance and supervisors work on."""
    return Refund.objects.all() if user.roles & SEES_ALL else Refund.objects.none()


def _merchants_served(user: User) -> set[int] | None:
    """Merchants of the person's teams; nothing when a team, or nobody's, serves them all."""
    served = list(Team.objects.filter(pk__in=user.team_ids).values_list("pk", "merchants"))
    if not served or any(merchant is None for _team, merchant in served):
        return None
    return {merchant for _team, merchant in served if merchant is not None}
