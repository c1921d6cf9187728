"""What stands against one act for many cases, by the same guards as the act itself, without locks."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from aftersales import moves
from aftersales.models import BulkAct, Case
from aftersales.moves import admission
from aftersales.moves.record import Move
from aftersales.queries.cases.case_facts import CaseFacts
from aftersales.queries.refunds import authority as authority_queries
from aftersales.rules.actor import Actor
from aftersales.rules.refunds import authority, second_person
from aftersales.rules.refunds.authority import Decided
from aftersales.rules.vocabulary import Role, Status

A = BulkAct


def asked(case: Case) -> Decimal:
    """All that a case asks, as it stands."""
    return case.requested_amount + case.freight_held


class Checks:
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
        others = (guard for guard in move.guards if guard is not second_person.within_authority)
        sentences = (guard(case, self.by, role, self.at, facts) for guard in others)
        return next((sentence for sentence in sentences if sentence), "")

    def _above_limit(self, case: Case, role: Role) -> str:
        if self.action != A.APPROVE:
            return ""
        amount = self._gives(case)
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
    def _gives(self) -> Callable[[Case], Decimal]:
        return authority_queries.given_by_many(self.cases)

    @cached_property
    def _known(self) -> Callable[[Case], Decided]:
        return authority_queries.of_many(self.cases, self.by, self.at)
