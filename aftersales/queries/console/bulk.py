"""Acts for many cases: who may do which, a preview of what would happen, and what has become of a job."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, NamedTuple

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from aftersales import moves
from aftersales.models import BulkAct, BulkJob, BulkRow, Case, User
from aftersales.moves import acts, admission, deciding, rights
from aftersales.moves.record import Act, Move
from aftersales.queries import visibility
from aftersales.queries.cases.case_facts import CaseFacts
from aftersales.queries.refunds import authority as authority_queries
from aftersales.rules import guards
from aftersales.rules.actor import Actor
from aftersales.rules.refunds import authority
from aftersales.rules.refunds.authority import Decided
from aftersales.rules.vocabulary import Role, Status
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
    """A case as it was selected: its id and the version that was shown."""

    case_id: int
    version: int


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

    able: int = 0
    sums: dict[str, Decimal] = field(default_factory=dict)
    out: dict[str, list[str]] = field(default_factory=dict)
    example: Case | None = None  # the first case that it is done to

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
    found, preview, checks = _cases(action, selected, user), Preview(), _Checks(action, terms, by, at)
    checks.cases = found.values()
    for one in selected:
        case = found.get(one.case_id)
        against = _against(one, case, checks)
        if case is None or against:
            preview.out.setdefault(against, []).append(case.number if case else "–")
        else:
            _count(preview, case, action)
    return preview


def _against(one: Selected, case: Case | None, checks: "_Checks") -> str:
    if case is None:
        return _("You can not open this case.")
    if case.version != one.version and checks.action not in ANY_VERSION:
        return _("It was changed after you selected it.")
    return checks.against(case)


def _count(preview: Preview, case: Case, action: str) -> None:
    preview.able += 1
    preview.example = preview.example or case
    if action == A.APPROVE:
        preview.sums[case.currency] = preview.sums.get(case.currency, Decimal(0)) + _sum(case)


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


def _sum(case: Case) -> Decimal:
    return case.requested_amount + case.freight_held


class _Checks:
    """What stands against an act, case after case; sums agreed to count against the person's limit of the day."""

    def __init__(self, action: str, terms: Mapping[str, Any], by: Actor, at: datetime) -> None:
        self.action, self.terms, self.by, self.at = action, terms, by, at
        self.cases: Collection[Case] = ()
        self.today: dict[str, Decimal] = {}
        self.on_order: dict[int, Decimal] = {}

    def against(self, case: Case) -> str:
        """The reason to leave a case out; empty when the act is possible."""
        if self.action in (A.NOTE, A.MESSAGE):
            return ""
        if self.action in (A.TAKE, A.ASSIGN, A.TEAM):
            return self._against_assignment(case)
        return self._against_move(case)

    def _against_assignment(self, case: Case) -> str:
        if not case.is_open:
            return _("This case has ended.")
        if self.action == A.TEAM:
            return _("It is in this team already.") if self._is_same("team", case.team_id) else ""
        if self.action == A.ASSIGN:
            return _("It is with this person already.") if self._is_same("agent", case.assignee_id) else ""
        return self._against_claim(case)

    def _is_same(self, name: str, pk: int | None) -> bool:
        # While the form is still empty its term is not known: nothing stands against it then.
        return name in self.terms and self.terms[name] == pk

    def _against_claim(self, case: Case) -> str:
        if case.assignee_id is None:
            return ""
        is_own = case.assignee_id == self.by.user_id
        return _("It is yours already.") if is_own else _("%(person)s works on it.") % {"person": case.assignee}

    def _against_move(self, case: Case) -> str:
        move = moves.CHART[self.action]
        role = self.by.role_for(move)
        if role is None or case.merchant_id != (self.by.merchant_id or case.merchant_id):
            return _("Your role may not do this.")
        if case.status not in move.sources:
            return _("Not possible while a case is “%(state)s”.") % {"state": Status(case.status).label}
        if admission.too_late(case, move, self.at):
            return _("The time for an answer was up: what was promised is being done.")
        return self._first_guard(case, move, role) or self._above_limit(case, role)

    def _first_guard(self, case: Case, move: Move, role: Role) -> str:
        facts = CaseFacts(case, self.by, role, self.at)
        # The limit is asked last and by us: it has to know what was agreed to for the cases before this one.
        others = (guard for guard in move.guards if guard is not guards.within_authority)
        sentences = (guard(case, self.by, role, self.at, facts) for guard in others)
        return next((sentence for sentence in sentences if sentence), "")

    def _above_limit(self, case: Case, role: Role) -> str:
        if self.action != A.APPROVE:
            return ""
        amount = _sum(case)
        if role in authority.LIMITED and authority.above(amount, case, role, self._before(case)):
            return _("Above what you may decide alone: a second person has to allow it.")
        self.today[case.currency] = self.today.get(case.currency, Decimal(0)) + amount
        self.on_order[case.order_id] = self.on_order.get(case.order_id, Decimal(0)) + amount
        return ""

    def _before(self, case: Case) -> Decided:
        """What counted before, and what was agreed to for the cases before this one."""
        known = self._known(case)
        today = known.today + self.today.get(case.currency, Decimal(0))
        return Decided(known.on_order + self.on_order.get(case.order_id, Decimal(0)), today)

    @cached_property
    def _known(self) -> Callable[[Case], Decided]:
        return authority_queries.of_many(self.cases, self.by, self.at)
