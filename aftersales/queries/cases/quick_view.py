"""A case at a glance, for who looks from a list: its lines, its clock, the last word, the step that leads on."""

from datetime import datetime
from typing import Any

from aftersales.models import Case, CaseLine, Message, User
from aftersales.moves import approving, deciding
from aftersales.moves.record import Move
from aftersales.queries.cases import case_clock, possible_moves, timeline, wording
from aftersales.queries.refunds import authority
from aftersales.queries.visibility import CompiledCasesQuery
from aftersales.rules.actor import Actor
from aftersales.rules.refunds import authority as limits
from aftersales.rules.refunds import second_person
from aftersales.rules.vocabulary import DeadlineKind, Role
from orders.db.compiled_query import CompiledQuery

LOOKED_AT = ("merchant__calendar", "buyer", "policy", "reason", "assignee", "order")
CASE = CompiledCasesQuery(
    lambda seen, number: seen.filter(number=number).select_related(*LOOKED_AT),
    str,
)
LINES = CompiledQuery(lambda case: CaseLine.objects.filter(case=case).select_related("order_line").order_by("pk"), int)
# Notes are for people of the platform: a merchant's last word is the last that was said to them.
LAST = {
    inside: CompiledQuery(
        lambda case, inside=inside: (
            Message.objects.filter(case=case, is_note__in=[False, True] if inside else [False])
            .select_related("user")
            .order_by("-pk")[:1]
        ),
        int,
    )
    for inside in (True, False)
}


def find(user: User, number: str) -> Case | None:
    """The case with this number, if the person may see it; with what the quick view names and no more."""
    found = CASE(user, number)
    return found[0] if found else None


def of(case: Case, by: Actor, at: datetime) -> dict[str, Any]:
    """What the quick view shows, in two queries, and what authority takes where the person decides up to a limit."""
    said = LAST[timeline.is_insider(by.roles)](case.pk)
    kind = DeadlineKind(case.due_kind) if case.due_kind and case.due_at else None
    last = said[0] if said else None
    says = case_clock.outcome(case, kind, case.refunds.all()) if kind else ""
    return {
        "lines": LINES(case.pk),
        "asked": case.requested_amount + case.freight_held,
        "last": last,
        "who": wording.who(case, last.role, last.user) if last else "",
        "says": says % {"due": case_clock.due_text(case, case.due_at)} if case.due_at else says,
        "next_step": next_step(case, by, at),
    }


def next_step(case: Case, by: Actor, at: datetime) -> str:
    """What the person's first act on its page is called, as far as state, role and authority tell; or nothing."""
    for move in possible_moves.LEADING.get(case.status, ()):
        role = by.role_for(move)
        if role is not None and not _is_asked_for(move) and case.status in move.sources:
            return possible_moves.label_of(case, _within(case, move, by, role, at))
    return ""


def _is_asked_for(move: Move) -> bool:
    """Whether a second person has to wait for it is a question to the database: the page of the case answers it."""
    return second_person.asked_by_another in move.guards


def _within(case: Case, move: Move, by: Actor, role: Role, at: datetime) -> Move:
    """What the gate would ask, asked the same way: the order and the day of the person count too."""
    is_limited = move is deciding.APPROVE and role in limits.LIMITED
    above = is_limited and authority.above(authority.gives(case), case, by, role, at)
    return approving.REQUEST_APPROVAL if above else move
