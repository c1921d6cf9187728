"""Approval requests that wait for a second person."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aftersales import moves
from aftersales.models import ApprovalRequest, Case, User
from aftersales.moves import approving
from aftersales.queries import keyset, visibility
from aftersales.queries.cases import possible_moves
from aftersales.queries.keyset import Page
from aftersales.queries.refunds import authority as decided_queries
from aftersales.rules.actor import Actor
from aftersales.rules.phrases import money_text
from aftersales.rules.refunds import authority
from aftersales.rules.refunds.authority import Decided
from aftersales.rules.vocabulary import CaseType, Role, Status


@dataclass(frozen=True)
class Decidable:
    """A request, and the sentence why this person may not decide it; empty when they may."""

    request: ApprovalRequest
    says: str
    why_not: str = ""


def visible(user: User) -> QuerySet[ApprovalRequest]:
    """Requests on cases that the person may see."""
    requests = ApprovalRequest.objects.filter(case__in=visibility.cases_for(user))
    return requests.select_related("case__policy", "case__merchant", "case__buyer", "case__reason", "asked_by")


def waiting(user: User) -> QuerySet[ApprovalRequest]:
    """Visible requests that nobody has decided."""
    return visible(user).filter(status=ApprovalRequest.Status.PENDING)


def page(user: User, *, after: str = "", before: str = "") -> Page[ApprovalRequest]:
    """One page of waiting requests, the oldest first."""
    return keyset.page(waiting(user), "id", after=after, before=before, size=10)


def for_person(requests: list[ApprovalRequest], by: Actor, at: datetime) -> list[Decidable]:
    """Each request with what stands against this person deciding it; one statement for all of them."""
    role = by.role_for(approving.ALLOW)
    is_limited = role in authority.LIMITED and requests
    known = decided_queries.of_many([request.case for request in requests], by, at) if is_limited else None
    return [
        Decidable(request, sentence(request, request.case), _why_not(request, by, role, known)) for request in requests
    ]


def sentence(request: ApprovalRequest, case: Case) -> str:
    """The act that was asked for, the sum that it gives, and where it leads."""
    words = {
        "act": possible_moves.label_of(case, moves.EVERY[request.action]),
        "type": CaseType(request.case_type or case.type).label,
        "amount": money_text(request.amount, case.currency),
        "state": Status(request.leads_to).label if request.leads_to else "",
    }
    said = (
        _("%(act)s (%(type)s): %(amount)s. The case then moves to: %(state)s.")
        if request.leads_to
        else "%(act)s: %(amount)s."
    )
    return said % words


def _why_not(request: ApprovalRequest, by: Actor, role: Role | None, known: Callable[[Case], Decided] | None) -> str:
    if request.asked_by_id == by.user_id:
        return _("You asked for this yourself: a second person has to decide.")
    if role is None:
        return _("Only a supervisor or finance may decide this.")
    above = known and authority.above(request.amount, request.case, role, known(request.case))
    return above or ""
