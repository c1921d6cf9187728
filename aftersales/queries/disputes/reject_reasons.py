"""Which reasons to reject a case the facts of a moment speak against."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from aftersales.models import Case, RejectReason
from aftersales.queries.cases.case_facts import CaseFacts
from aftersales.rules.actor import Actor
from aftersales.rules.cases import return_window
from aftersales.rules.disputes import rejections
from aftersales.rules.vocabulary import Role
from orders.models import Order


@dataclass(frozen=True)
class Choice:
    """The reasons that can be given, and those that can not, each with the sentence against it."""

    possible: list[RejectReason]
    unavailable: list[tuple[RejectReason, str]]


def untrue(case: Case, reason: RejectReason, *, by: Actor, role: Role, at: datetime, order: Order) -> str | None:
    """What speaks against a reason by an order as it was read; nothing where nothing does."""
    facts = CaseFacts(case, by, role, at, order)
    return rejections.untrue(case, reason, return_window.goods_state(order, at), facts)


def choice(case: Case, reasons: Iterable[RejectReason], *, by: Actor, at: datetime) -> Choice:
    """The reasons for a case as it stands now; whoever rejects is judged anew, under lock."""
    role = Role.MERCHANT  # no reason depends on who gives it
    found = [(each, untrue(case, each, by=by, role=role, at=at, order=case.order)) for each in reasons]
    return Choice(
        [reason for reason, against in found if not against],
        [(reason, against) for reason, against in found if against],
    )
