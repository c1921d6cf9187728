"""Guards of the acts that change who works on a case; the state of the case does not change by them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.rules.guards import guard
from aftersales.rules.vocabulary import Role

if TYPE_CHECKING:
    from aftersales.models import Case
    from aftersales.rules.actor import Actor
    from aftersales.rules.facts import Facts


@guard(gettext_lazy("The case has not ended."))
def not_ended(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    return None if case.is_open else _("This case has ended.")


@guard(gettext_lazy("Nobody else works on it."))
def free_or_own(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    if case.assignee_id in (None, by.user_id):
        return None
    return _("%(person)s works on this case.") % {"person": case.assignee}


@guard(gettext_lazy("Nobody else works on it; a supervisor takes it from anybody."))
def free_or_supervised(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    if role == Role.SUPERVISOR or case.assignee_id in (None, by.user_id):
        return None
    return _("%(person)s works on this case: only a supervisor takes it from them.") % {"person": case.assignee}
