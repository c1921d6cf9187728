"""Which objects a person may see; every list, page, export and search starts here."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from aftersales.models import Case, CaseLine, Refund, User
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
        seen |= Q(team__isnull=True) | Q(team__in=list(user.teams.values_list("pk", flat=True))) | Q(assignee=user)
    if Role.WAREHOUSE in user.roles:
        seen |= Q(status__in=AT_THE_WAREHOUSE) | Exists(CaseLine.objects.filter(case=OuterRef("pk"), units_received__gt=0))
    if Role.MERCHANT in user.roles and user.merchant_id:
        seen |= Q(merchant_id=user.merchant_id)
    return Case.objects.filter(seen)


def orders_for(user: User) -> QuerySet[Order]:
    """Orders the person may open: their merchant's, those their teams serve, or all."""
    if not user.is_active:
        return Order.objects.none()
    if user.roles & SEES_ALL:
        return Order.objects.all()
    seen = Q(pk__in=[])
    if user.roles & DESK:
        teams = list(user.teams.prefetch_related("merchants"))
        if not teams or any(not team.merchants.all() for team in teams):
            return Order.objects.all()
        seen |= Q(merchant__teams__in=teams)
    if Role.MERCHANT in user.roles and user.merchant_id:
        seen |= Q(merchant_id=user.merchant_id)
    return Order.objects.filter(seen).distinct()


def refunds_for(user: User) -> QuerySet[Refund]:
    """Refunds that finance and supervisors work on."""
    return Refund.objects.all() if user.roles & SEES_ALL else Refund.objects.none()
