"""A case at a glance, for who looks from a list: its lines, its clock, the last word, the step that leads on."""

from typing import Any

from aftersales.models import Case, CaseLine, Message, User
from aftersales.moves import deciding
from aftersales.moves.record import Move
from aftersales.queries.cases import case_clock, possible_moves, timeline, wording
from aftersales.queries.visibility import CompiledCasesQuery
from aftersales.rules import guards
from aftersales.rules.actor import Actor
from aftersales.rules.refunds import authority
from aftersales.rules.vocabulary import DeadlineKind, Role
from orders.db.compiled_query import CompiledQuery

CASE = CompiledCasesQuery(
    lambda seen, number: seen.filter(number=number).select_related(
        "merchant__calendar", "buyer", "policy", "reason", "assignee"
    ),
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


def of(case: Case, by: Actor) -> dict[str, Any]:
    """What the quick view shows, in two queries."""
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
        "next_step": next_step(case, by),
    }


def next_step(case: Case, by: Actor) -> str:
    """What the person's first act on its page is called, as far as state, role and amount tell; or nothing."""
    for move in possible_moves.LEADING.get(case.status, ()):
        role = by.role_for(move)
        if role is not None and not _is_asked_for(move) and case.status in move.sources:
            return possible_moves.label_of(case, _within(case, move, role))
    return ""


def _is_asked_for(move: Move) -> bool:
    """Whether a second person has to wait for it is a question to the database: the page of the case answers it."""
    return guards.asked_by_another in move.guards


def _within(case: Case, move: Move, role: Role) -> Move:
    is_limited = move is deciding.APPROVE
    above = is_limited and authority.above_once(case.requested_amount + case.freight_held, case, role)
    return deciding.REQUEST_APPROVAL if above else move
