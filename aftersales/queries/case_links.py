"""Cases that belong together: what was converted, split off or merged, and where its thread and its photos are."""

from django.db.models import QuerySet

from aftersales.models import Evidence
from orders import statements

# Upwards to what a case continues, and down to what was merged into it; its other children go their own way.
FAMILY = """
WITH RECURSIVE family (id) AS (
    SELECT %s::bigint
    UNION
    SELECT next.id FROM family f CROSS JOIN LATERAL (
        SELECT c.parent_id FROM aftersales_case c
        WHERE c.id = f.id AND c.parent_id IS NOT NULL AND c.close_reason <> 'merged'
        UNION ALL
        SELECT c.id FROM aftersales_case c WHERE c.parent_id = f.id AND c.close_reason = 'merged'
    ) next (id)
) SELECT id FROM family ORDER BY id
"""


def family(case_id: int) -> list[int]:
    """The case, and those whose thread and evidence count as its own."""
    return [row[0] for row in statements.rows(FAMILY, [case_id])]


def evidence(case_id: int) -> QuerySet[Evidence]:
    """Photos of a case and of those that it continues."""
    return Evidence.objects.filter(case__in=family(case_id)).select_related("user", "case").order_by("pk")
