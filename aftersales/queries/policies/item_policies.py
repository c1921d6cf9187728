"""The policy of each item of a case, as it was chosen when it was asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aftersales.models import Case, CaseLine, Policy

AHEAD: Final = "_policies_of_items"
REPLACED: Final = "_items_replaced_at"


def read_ahead(cases: Sequence[Case]) -> None:
    """Read for many cases at once what is asked of each; for one it is read when somebody asks."""
    if len(cases) < 2:
        return
    rows = CaseLine.objects.filter(case__in=[case.pk for case in cases]).order_by("order_line_id")
    found: dict[int, dict[int, int]] = {case.pk: {} for case in cases}
    replaced: dict[int, dict[int, datetime | None]] = {case.pk: {} for case in cases}
    for case_id, line_id, policy_id, at in rows.values_list("case_id", "order_line_id", "policy_id", "replaced_at"):
        found[case_id][line_id], replaced[case_id][line_id] = policy_id, at
    others = {pk for lines in found.values() for pk in lines.values()} - {case.policy_id for case in cases}
    known = {case.policy_id: case.policy for case in cases} | _rows(others)
    for case in cases:
        case.__dict__[AHEAD] = {line: known[pk] for line, pk in found[case.pk].items()}
        case.__dict__[REPLACED] = replaced[case.pk]


def of(case: Case) -> dict[int, Policy]:
    """By order line; a policy is read only where an item has another one than the case."""
    ahead: dict[int, Policy] | None = case.__dict__.get(AHEAD)
    return of_lines(case, case.all_lines) if ahead is None else ahead


def arrivals(case: Case) -> dict[int, datetime | None]:
    """By order line when the item arrived, where it was sent in an exchange."""
    ahead: dict[int, datetime | None] | None = case.__dict__.get(REPLACED)
    return {line.order_line_id: line.replaced_at for line in case.all_lines} if ahead is None else ahead


def of_lines(case: Case, lines: Sequence[CaseLine]) -> dict[int, Policy]:
    """By order line, for lines that were read already."""
    ids = {line.order_line_id: line.policy_id for line in lines}
    known = {case.policy_id: case.policy} | _rows(set(ids.values()) - {case.policy_id})
    return {line: known[pk] for line, pk in ids.items()}


@dataclass(frozen=True)
class Ruled:
    """A policy, and the items of a case that go by it."""

    policy: Policy
    titles: list[str]


def shown(case: Case, lines: Sequence[CaseLine]) -> list[Ruled]:
    """Each policy of the items once, in the order of the lines."""
    found: dict[int, Ruled] = {}
    for line, policy in zip(lines, of_lines(case, lines).values(), strict=True):
        found.setdefault(policy.pk, Ruled(policy, [])).titles.append(line.order_line.title)
    return list(found.values())


def _rows(ids: set[int]) -> dict[int, Policy]:
    return Policy.objects.in_bulk(ids) if ids else {}
