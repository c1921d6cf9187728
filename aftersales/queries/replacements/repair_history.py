"""Earlier repairs of the very things that a case is about, known by their serial numbers."""

from typing import Any

from django.db.models import Q, QuerySet

from aftersales.models import Case, InspectedUnit, Repair, User
from aftersales.queries.visibility import CompiledCasesQuery
from aftersales.rules.cases import chains

MOST = 10


def _earlier(seen: QuerySet[Case], case: int) -> Any:
    own = Q(serial__in=Repair.objects.filter(case=case, serial__gt="").values("serial")) | Q(
        serial__in=InspectedUnit.objects.filter(case_line__case=case, serial__gt="").values("serial")
    )
    found = Repair.objects.filter(own, case__in=seen).exclude(case=case).exclude(serial="")
    return found.select_related("case").order_by("-diagnosed_at", "-pk")[:MOST]


EARLIER: CompiledCasesQuery[Repair] = CompiledCasesQuery(_earlier, int)


def of(case: Case, user: User) -> list[Repair]:
    """Repairs of the same serial numbers in other cases that the person may see, newest first; one query at most."""
    # Serial numbers are read when goods arrive: for all other cases the query is saved.
    return EARLIER(user, case.pk) if chains.of(case).returns and case.has_received_units else []
