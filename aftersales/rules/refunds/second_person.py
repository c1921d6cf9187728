"""Guards that keep what one person decides alone within limits, and two persons two persons."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.rules.guards import guard
from aftersales.rules.phrases import money_text
from aftersales.rules.refunds import authority
from aftersales.rules.vocabulary import Role

if TYPE_CHECKING:
    from aftersales.models import Case
    from aftersales.rules.actor import Actor
    from aftersales.rules.facts import Facts


@guard(gettext_lazy("The sum is within what this role decides alone: of one order, whatever its cases, and in a day."))
def within_authority(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    return authority.above(facts.gives, case, role, facts.decided) if role in authority.LIMITED else None


@guard(within_authority.condition)
def asked_within_authority(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    """Of what was asked for, which may be less than the case gives."""
    if facts.pending_approval is None or role not in authority.LIMITED:
        return None
    return authority.above(facts.pending_approval.amount, case, role, facts.decided)


@guard(gettext_lazy("Somebody else asked for it."))
def asked_by_another(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    if facts.pending_approval is None:
        return _("Nobody has asked for an approval.")
    if facts.pending_approval.asked_by_id == by.user_id:
        return _("You asked for this yourself: a second person has to decide.")
    return None


@guard(gettext_lazy("No request is waiting."))
def none_asked_yet(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    return _("It already waits for a second person.") if facts.pending_approval else None


@guard(gettext_lazy("Who made an offer accepts it for the buyer only up to a sum; above it the buyer or another does."))
def not_ones_own_offer(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    terms = facts.open_offer
    if terms is None or by.user_id is None or terms.made_by_id != by.user_id:
        return None
    if terms.amount <= case.policy.authority_own_offer:
        return None
    return _(
        "You made this offer of %(amount)s yourself. Above %(limit)s the buyer has to accept it, "
        "or somebody else for them."
    ) % {
        "amount": money_text(terms.amount, case.currency),
        "limit": money_text(case.policy.authority_own_offer, case.currency),
    }
