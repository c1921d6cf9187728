"""Acts for many cases: who may do which, a preview of what would happen, and what has become of a job."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from aftersales.models import BulkAct, BulkJob, BulkRow, Case, User
from aftersales.moves import acts, deciding, rights
from aftersales.moves.record import Act
from aftersales.queries import visibility
from aftersales.queries.console import bulk_checks, bulk_outcomes
from aftersales.rules.actor import Actor
from aftersales.rules.vocabulary import Role
from logistics.models import ReturnAddress

A = BulkAct
MOST: Final = 1000  # cases of one job
NUMBERS_SHOWN: Final = 5
RIGHTS: Final[dict[str, Act]] = {
    A.TAKE: acts.CLAIM,
    A.ASSIGN: rights.REASSIGN,
    A.TEAM: rights.REASSIGN,
    A.NOTE: rights.NOTE,
    A.MESSAGE: rights.MESSAGE,
    A.APPROVE: deciding.APPROVE,
    A.REJECT: deciding.REJECT,
    A.EXTEND: deciding.EXTEND,
}
# A note fits whatever has happened meanwhile, and claiming depends only on whether somebody has the case.
ANY_VERSION: Final = frozenset({A.TAKE, A.NOTE})
NOT_DONE: Final = (
    BulkRow.Outcome.CONFLICT,
    BulkRow.Outcome.REFUSED,
    BulkRow.Outcome.FAILED,
    BulkRow.Outcome.CANCELLED,
)


class Selected(NamedTuple):
    """A case as it was selected: its id, the version that was shown, and where its goods were, if that was shown."""

    case_id: int
    version: int
    goods: str = ""


@dataclass(frozen=True)
class Group:
    """Cases that would be left out for the same reason; the first few by number."""

    reason: str
    count: int
    numbers: list[str]

    @property
    def rest(self) -> int:
        """How many of them are not named."""
        return self.count - len(self.numbers)


@dataclass
class Preview:
    """What would happen: how many cases it is done to, sums by currency, and which are left out for which reason."""

    sums: dict[str, Decimal] = field(default_factory=dict)
    out: dict[str, list[str]] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)  # those that it is done to
    moved: int = 0  # how many cases have goods that have moved since they were asked for
    seen: list[Selected] = field(default_factory=list)  # the selection, with where goods are as it is shown

    @property
    def able(self) -> int:
        """How many cases it is done to."""
        return len(self.cases)

    @property
    def example(self) -> Case | None:
        """The first case that it is done to."""
        return next(iter(self.cases), None)

    @property
    def ways(self) -> list[tuple[str, int]]:
        """What agreeing leads to, and in how many cases; nothing for an act that does not agree."""
        return bulk_outcomes.ways(self.cases) if self.sums else []

    @property
    def groups(self) -> list[Group]:
        """Cases that are left out, by reason, the most frequent reason first."""
        found = [Group(reason, len(numbers), numbers[:NUMBERS_SHOWN]) for reason, numbers in self.out.items()]
        return sorted(found, key=lambda group: -group.count)


def acts_for(roles: frozenset[Role]) -> list[tuple[str, str]]:
    """The acts that these roles may do for many cases: value and name."""
    return [(act.value, str(act.label)) for act in BulkAct if RIGHTS[act].is_granted_to(roles)]


def jobs_for(user: User) -> QuerySet[BulkJob]:
    """Jobs the person may look at: their own, for supervisors all."""
    jobs = BulkJob.objects.select_related("made_by")
    return jobs if rights.REASSIGN.is_granted_to(user.roles) else jobs.filter(made_by=user)


def outcomes(jobs: Iterable[BulkJob]) -> dict[int, dict[str, int]]:
    """How many rows of each job have each outcome, by id of the job; one query for all jobs."""
    known = [job.pk for job in jobs]
    rows = BulkRow.objects.filter(job__in=known).order_by().values_list("job_id", "outcome")
    counted = {(job, outcome): count for job, outcome, count in rows.annotate(count=Count("pk"))}
    every = BulkRow.Outcome.values
    return {pk: {outcome: counted[pk, outcome] for outcome in every if (pk, outcome) in counted} for pk in known}


def not_done(job: BulkJob) -> list[Selected]:
    """Cases of a job in which nothing was done, with their versions of this moment."""
    rows = job.rows.filter(outcome__in=NOT_DONE).order_by("pk")
    return [Selected(*row) for row in rows.values_list("case_id", "case__version")]


def preview(
    action: str, terms: Mapping[str, Any], selected: Sequence[Selected], *, user: User, by: Actor, at: datetime
) -> Preview:
    """What would happen to each case, by the same guards as the act itself, without locks.

    The number of queries does not depend on the number of cases.
    """
    found, preview, checks = _cases(action, selected, user), Preview(), bulk_checks.Checks(action, terms, by, at)
    checks.cases = found.values()
    if action == A.APPROVE:
        preview.moved = bulk_outcomes.bring_up_to_now(found.values(), at)
    for one in selected:
        case = found.get(one.case_id)
        against = _against(one, case, checks)
        if case is None or against:
            preview.out.setdefault(against, []).append(case.number if case else "–")
        else:
            _count(preview, case, action)
        preview.seen.append(one._replace(goods=case.goods_state) if case and action == A.APPROVE else one)
    return preview


def _against(one: Selected, case: Case | None, checks: bulk_checks.Checks) -> str:
    if case is None:
        return _("You can not open this case.")
    if case.version != one.version and checks.action not in ANY_VERSION:
        return _("It was changed after you selected it.")
    return checks.against(case)


def _count(preview: Preview, case: Case, action: str) -> None:
    preview.cases.append(case)
    if action == A.APPROVE:
        preview.sums[case.currency] = preview.sums.get(case.currency, Decimal(0)) + bulk_checks.asked(case)


def _cases(action: str, selected: Iterable[Selected], user: User) -> dict[int, Case]:
    seen = visibility.cases_for(user).filter(pk__in=[one.case_id for one in selected])
    rows = seen.select_related("order", "merchant", "policy", "reason", "return_address", "assignee")
    found = {case.pk: case for case in (rows.prefetch_related("deadlines") if action == A.EXTEND else rows)}
    if action == A.APPROVE:
        _give_addresses(found.values())
    return found


def _give_addresses(cases: Iterable[Case]) -> None:
    """Give cases without a return address their merchant's default one, in memory only.

    The guard asks whether there is an address, not which.
    """
    homeless = [case for case in cases if case.return_address is None or not case.return_address.is_active]
    defaults = ReturnAddress.objects.filter(
        merchant__in={case.merchant_id for case in homeless}, is_active=True, is_default=True
    )
    known = {address.merchant_id: address for address in defaults}
    for case in homeless:
        case.return_address = known.get(case.merchant_id, case.return_address)
