"""An act that moves no case: who may, and whether anything stands against it, asked under the lock of the case."""

from datetime import datetime

from aftersales import moves
from aftersales.actions import gate
from aftersales.models import Case
from aftersales.moves import admission
from aftersales.queries.cases.case_facts import CaseFacts
from aftersales.rules.actor import Actor
from aftersales.rules.vocabulary import Role
from orders.refusals import Refused


def to(action: str, case_id: int, *, by: Actor, at: datetime, version: int | None = None) -> tuple[Case, Role]:
    """The case, locked, and the role in which it is done; Stale, Forbidden, or Refused by the first guard."""
    case = gate.locked(case_id)
    if version is not None and version != case.version:
        raise gate.Stale(case)
    role = gate.role_to(action, by, case)
    against = admission.first_refusal(case, moves.EVERY[action], by, role, at, CaseFacts(case, by, role, at))
    if against:
        raise Refused(against)
    return case, role
