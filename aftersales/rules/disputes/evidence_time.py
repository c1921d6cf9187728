"""Hearing both sides: while a dispute is with the platform, evidence is taken as long as its clock runs, not after."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.rules.guards import guard
from aftersales.rules.phrases import moment_text
from aftersales.rules.policies.clocks import TAKE_EVIDENCE
from aftersales.rules.vocabulary import Role, Status

if TYPE_CHECKING:
    from aftersales.models import Case
    from aftersales.rules.actor import Actor
    from aftersales.rules.facts import Facts


def is_open(case: Case, at: datetime) -> bool:
    """Whether the platform takes evidence at that moment: the clock may be a minute late, the cut-off is not."""
    return case.due_kind in TAKE_EVIDENCE and case.due_at is not None and at <= case.due_at


@guard(gettext_lazy("While the platform decides, evidence is taken only within the time for it."))
def evidence_taken(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    if case.status == Status.SUSPENDED:
        return _("The case is suspended: evidence is taken again once it is taken up.")
    if case.status != Status.ARBITRATION or is_open(case, at):
        return None
    return _("The time for evidence is over: the platform decides on file. A supervisor may ask both sides for more.")


@guard(gettext_lazy("The time for evidence is over."))
def evidence_closed(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    if not is_open(case, at) or case.due_at is None:
        return None
    return _("Both sides can still add evidence, until %(due)s.") % {"due": moment_text(case.due_at)}


@guard(gettext_lazy("No further round was given since the case came to the platform."))
def first_further_round(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    return _("A further round was given already: it is decided on file.") if facts.has_further_round else None
