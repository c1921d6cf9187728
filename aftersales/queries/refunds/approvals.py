"""Approval requests that wait for a second person."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aftersales.models import ApprovalRequest, User
from aftersales.moves import deciding
from aftersales.queries import keyset, visibility
from aftersales.queries.keyset import Page
from aftersales.rules.actor import Actor
from aftersales.rules.refunds import authority


@dataclass(frozen=True)
class Decidable:
    """A request, and the sentence why this person may not decide it; empty when they may."""

    request: ApprovalRequest
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


def for_person(requests: list[ApprovalRequest], by: Actor) -> list[Decidable]:
    """Each request with what stands against this person deciding it; no further statements."""
    return [Decidable(request, _why_not(request, by)) for request in requests]


def _why_not(request: ApprovalRequest, by: Actor) -> str:
    if request.asked_by_id == by.user_id:
        return _("You asked for this yourself: a second person has to decide.")
    role = by.role_for(deciding.ALLOW)
    if role is None:
        return _("Only a supervisor or finance may decide this.")
    return authority.above_once(request.amount, request.case, role) or ""
