"""Acts for many cases: who may which, what would happen before it is begun, what has become of a job."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from aftersales import moves
from aftersales.models import BulkAct, BulkJob, BulkRow, Case, User
from aftersales.moves import acts, admission, deciding, rights
from aftersales.moves.record import Act
from aftersales.queries import visibility
from aftersales.queries.cases.case_facts import CaseFacts
from aftersales.queries.refunds import authority as decided
from aftersales.rules import guards
from aftersales.rules.actor import Actor
from aftersales.rules.refunds import authority
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
# A note fits whatever has happened, and taking asks only whether somebody has it.
ANY_VERSION: Final = frozenset({A.TAKE, A.NOTE})
AGAIN: Final = (
    BulkRow.Outcome.CONFLICT,
    BulkRow.Outcome.REFUSED,
    BulkRow.Outcome.FAILED,
    BulkRow.Outcome.CANCELLED,
)


class Picked(NamedTuple):
    """A case as it was selected."""

    case_id: int
    version: int


@dataclass(frozen=True)
class Group:
    """Cases that would be left out for one reason; the first few by number."""

    reason: str
    count: int
    numbers: list[str]

    @property
    def rest(self) -> int:
        """How many are not named."""
        return self.count - len(self.numbers)


@dataclass
class Preview:
    """What would happen: how many it is done to, sums by currency where money is decided, who is left out and why."""

    able: int = 0
    sums: dict[str, Decimal] = field(default_factory=dict)
    out: dict[str, list[str]] = field(default_factory=dict)
    example: Case | None = None  # the first that it is done to

    @property
    def groups(self) -> list[Group]:
        """Reasons, the most frequent first."""
        found = [Group(reason, len(numbers), numbers[:NUMBERS_SHOWN]) for reason, numbers in self.out.items()]
        return sorted(found, key=lambda group: -group.count)


def acts_for(roles: frozenset[Role]) -> list[tuple[str, str]]:
    """The acts that the person's roles have, with their names."""
    return [(act.value, str(act.label)) for act in BulkAct if RIGHTS[act].is_granted_to(roles)]


def jobs_for(user: User) -> QuerySet[BulkJob]:
    """Jobs the person may look at: their own; supervisors all."""
    jobs = BulkJob.objects.select_related("made_by")
    return jobs if rights.REASSIGN.is_granted_to(user.roles) else jobs.filter(made_by=user)


def outcomes(jobs: Iterable[BulkJob]) -> dict[int, dict[str, int]]:
    """How many rows of each job ended how, in the order of the list of outcomes; one query for all."""
    known = [job.pk for job in jobs]
    rows = BulkRow.objects.filter(job__in=known).order_by().values_list("job_id", "outcome")
    counted = {(job, outcome): count for job, outcome, count in rows.annotate(count=Count("pk"))}
    every = BulkRow.Outcome.values
    return {pk: {outcome: counted[pk, outcome] for outcome in every if (pk, outcome) in counted} for pk in known}


def again(job: BulkJob) -> list[Picked]:
    """Rows that were not done, with the versions of this moment."""
    rows = job.rows.filter(outcome__in=AGAIN).order_by("pk")
    return [Picked(*row) for row in rows.values_list("case_id", "case__version")]


def preview(
    action: str, terms: Mapping[str, Any], picked: Sequence[Picked], *, user: User, by: Actor, at: datetime
) -> Preview:
    """What would happen to each, asked of the same guards without locks; the number of queries is constant."""
    found = _cases(action, picked, user)
    told, judge = Preview(), _Judge(action, terms, by, at)
    for one in picked:
        case = found.get(one.case_id)
        if case is None:
            told.out.setdefault(_("You can not open this case."), []).append("–")
            continue
        has_changed = case.version != one.version and action not in ANY_VERSION
        against = _("It was changed after you selected it.") if has_changed else judge.against(case)
        if against:
            told.out.setdefault(against, []).append(case.number)
            continue
        told.able += 1
        told.example = told.example or case
        if action == A.APPROVE:
            told.sums[case.currency] = told.sums.get(case.currency, Decimal(0)) + _sum(case)
    return told


def _cases(action: str, picked: Iterable[Picked], user: User) -> dict[int, Case]:
    seen = visibility.cases_for(user).filter(pk__in=[one.case_id for one in picked])
    rows = seen.select_related("order", "merchant", "policy", "reason", "return_address", "assignee")
    found = {case.pk: case for case in (rows.prefetch_related("deadlines") if action == A.EXTEND else rows)}
    if action == A.APPROVE:
        _give_addresses(found.values())
    return found


def _give_addresses(cases: Iterable[Case]) -> None:
    """Some address of the merchant in memory only: the guard asks whether there is one, not which."""
    homeless = [case for case in cases if case.return_address is None or not case.return_address.is_active]
    defaults = ReturnAddress.objects.filter(
        merchant__in={case.merchant_id for case in homeless}, is_active=True, is_default=True
    )
    known = {address.merchant_id: address for address in defaults}
    for case in homeless:
        case.return_address = known.get(case.merchant_id, case.return_address)


def _sum(case: Case) -> Decimal:
    return case.requested_amount + case.freight_held


class _Judge:
    """Asks what stands against an act, case after case; what was agreed to counts against the limit of the day."""

    def __init__(self, action: str, terms: Mapping[str, Any], by: Actor, at: datetime) -> None:
        self.action, self.terms, self.by, self.at = action, terms, by, at
        self.decided: dict[str, Decimal] = {}
        self.carried: int | None = None

    def against(self, case: Case) -> str:
        """The reason to leave a case out; nothing when it can be done."""
        if self.action in (A.NOTE, A.MESSAGE):
            return ""
        if self.action in (A.TAKE, A.ASSIGN, A.TEAM):
            return self._against_handing(case)
        return self._against_moving(case)

    def _against_handing(self, case: Case) -> str:
        if not case.is_open:
            return _("This case has ended.")
        if self.action == A.TEAM:
            same = "team" in self.terms and case.team_id == self.terms["team"]
            return _("It is in this team already.") if same else ""
        if self.action == A.ASSIGN:
            same = "agent" in self.terms and case.assignee_id == self.terms["agent"]
            return _("It is with this person already.") if same else ""
        if case.assignee_id is None:
            return ""
        is_own = case.assignee_id == self.by.user_id
        return _("It is yours already.") if is_own else _("%(person)s works on it.") % {"person": case.assignee}

    def _against_moving(self, case: Case) -> str:
        move = moves.CHART[self.action]
        role = self.by.role_for(move)
        if role is None or case.merchant_id != (self.by.merchant_id or case.merchant_id):
            return _("Your role may not do this.")
        if case.status not in move.sources:
            return _("Not possible while a case is “%(state)s”.") % {"state": Status(case.status).label}
        if admission.too_late(case, move, self.at):
            return _("The time for an answer was up: what was promised is being done.")
        facts = CaseFacts(case, self.by, role, self.at)
        # What one person may decide is asked last, with what was decided for the cases before this one.
        guards_asked = (guard for guard in move.guards if guard is not guards.within_authority)
        asked = (guard(case, self.by, role, self.at, facts) for guard in guards_asked)
        return next((sentence for sentence in asked if sentence), "") or self._above_limit(case, role)

    def _above_limit(self, case: Case, role: Role) -> str:
        if self.action != A.APPROVE:
            return ""
        amount = _sum(case)
        if case.currency not in self.decided:
            self.decided[case.currency] = decided.decided_today(case, self.by, role, self.at)
        before = self.decided[case.currency]
        if authority.above(amount, case, role, before):
            return _("Above what you may decide alone: a second person has to allow it.")
        self.decided[case.currency] = before + amount
        return ""
