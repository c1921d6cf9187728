"""Cases that belong together: what was converted, split off or merged, and where its thread and its photos are."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aftersales.models import Case, Evidence, User
from aftersales.queries.visibility import CompiledCasesQuery
from aftersales.rules.vocabulary import CloseReason
from orders.db import statements

# A case that was split again and again still has a page that can be read.
MOST_SHOWN = 20
PARENT = CompiledCasesQuery(lambda seen, parent: seen.filter(pk=parent), int)
CHILDREN = CompiledCasesQuery(lambda seen, case: seen.filter(parent=case).order_by("pk")[:MOST_SHOWN], int)

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


@dataclass(frozen=True)
class Link:
    """A case that this one belongs with, and how."""

    how: Promise | str
    case: Case


def links(case: Case, user: User) -> list[Link]:
    """What a case continues, was split from or merged into, and what goes on from it, as far as the person sees it."""
    before = PARENT(user, case.parent_id) if case.parent_id else []
    return [Link(_came(case, other), other) for other in before] + [
        Link(_went(case, other), other) for other in CHILDREN(user, case.pk)
    ]


def _came(case: Case, parent: Case) -> Promise | str:
    if case.close_reason == CloseReason.MERGED:
        return _("Merged into")
    return _("Continues") if parent.close_reason == CloseReason.CONVERTED else _("Split from")


def _went(case: Case, child: Case) -> Promise | str:
    if child.close_reason == CloseReason.MERGED:
        return _("Has taken over")
    return _("Goes on as") if case.close_reason == CloseReason.CONVERTED else _("Split off")


def photos_before(case: Case, family: Sequence[int]) -> list[tuple[str, list[Evidence]]]:
    """Photos of the cases that this one continues or has taken over, by their numbers."""
    others = [pk for pk in family if pk != case.pk]
    shown = Evidence.objects.filter(case__in=others).select_related("case").order_by("case", "pk") if others else []
    return [(number, list(photos)) for number, photos in groupby(shown, key=lambda each: each.case.number)]
