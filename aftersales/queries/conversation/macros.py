"""Macros that are offered for a case."""

from django.db.models import Q, QuerySet

from aftersales.models import Case, Macro, User
from aftersales.moves import rights
from aftersales.queries.conversation import tools
from aftersales.queries.people.actors import actor_for

SEARCHED = ("title_en", "title_zh")


def offered(case: Case, user: User) -> list[Macro]:
    """Macros that the person may run in a case as it is, the likeliest first, at most 40; one query."""
    return list(tools.ranked(fitting(case, user), case)[: tools.MOST_AT_HAND])


def fitting(case: Case, user: User) -> QuerySet[Macro]:
    """The same as a queryset without an order, to be searched or narrowed."""
    if actor_for(user).role_for(rights.USE_TOOLS) is None:
        return Macro.objects.none()
    wanted = {"case_types": case.type, "statuses": case.status, "reasons": case.reason.code}
    conditions = Q()
    # An empty list of conditions means every case.
    for field, value in wanted.items():
        conditions &= Q(**{field: []}) | Q(**{f"{field}__contains": [value]})
    return tools.usable(Macro, user, case).filter(conditions).select_related("team")
