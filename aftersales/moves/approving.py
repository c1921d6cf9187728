"""Asking a second person for what is above one's limit: asked, allowed, declined, ended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aftersales.moves import deciding, disputing, repairing, replacing
from aftersales.moves.deciding import AGREEABLE
from aftersales.moves.record import About, Act, Move
from aftersales.rules import event_data
from aftersales.rules.cases import chains
from aftersales.rules.guards import Guard, guard
from aftersales.rules.permissions import AGENTS
from aftersales.rules.refunds import second_person
from aftersales.rules.vocabulary import Role, Status

if TYPE_CHECKING:
    from datetime import datetime

    from aftersales.models import Case
    from aftersales.rules.actor import Actor
    from aftersales.rules.facts import Facts

R, S = Role, Status
# What can be asked of a second person: whatever somebody with a limit decides as it stands, without terms of their own.
ASKABLE: Final = (
    deciding.APPROVE,
    deciding.ACCEPT_OFFER,
    replacing.GIVE_MONEY_INSTEAD,
    repairing.CHOOSE_REFUND,
    repairing.CHOOSE_EXCHANGE,
)
# And what they decide on terms of their own, which the request keeps.
WITH_TERMS: Final = (deciding.OFFER, disputing.RULE_FOR_BUYER)
ASKED: Final = (*ASKABLE, *WITH_TERMS)
NEEDS_SECOND: Final = (second_person.within_authority, second_person.not_ones_own_offer)
ASKED_IN: Final = tuple(dict.fromkeys(status for move in ASKED for status in move.sources))
LEADS_TO: Final = tuple(dict.fromkeys(status for move in ASKED for status in move.targets))


def asked_while(status: str) -> tuple[Move, ...]:
    """What can be asked for as it stands in a state, the likeliest first."""
    return tuple(move for move in ASKABLE if status in move.sources)


def against(move: Move, case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    """What stands against an act but for that which a second person is there for."""
    others = (guard for guard in move.guards if guard not in NEEDS_SECOND)
    return next((sentence for guard in others if (sentence := guard(case, by, role, at, facts))), None)


@guard(_("Nothing but the limit stands against what is asked for."))
def possible_but_for_the_limit(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    acts = [move for move in ASKED if case.status in move.sources and role in move.who]
    refusals = [against(move, case, by, role, at, facts) for move in acts]
    if not refusals:
        return gettext("A supervisor decides this.")
    return None if None in refusals else refusals[0]


def _unless_offered(agreed: Guard) -> Guard:
    """What is asked of an agreement is no condition of an offer, which agrees to nothing yet."""

    def answer(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
        is_offer = facts.pending_approval is not None and facts.pending_approval.action == deciding.OFFER.name
        return None if is_offer else agreed(case, by, role, at, facts)

    return replace(agreed, answer=answer)


def _as_asked(case: Case) -> Status:
    """Where the act leads that was asked for; of a repair the case has taken the type that was chosen by then."""
    if case.status == S.REPAIRING:
        return S.AWAITING_DISPATCH if chains.of(case).exchanges else S.REFUNDING
    asked = [move for move in ASKED if case.status in move.sources]
    return next((move for move in asked if move.name == case.allowing), asked[0]).next_state(case)


ALLOW: Final = Move(
    name="allow",
    asks_anew=True,
    label=_("Allow what was asked for"),
    who=frozenset({R.SUPERVISOR, R.FINANCE}),
    sources=ASKED_IN,
    targets=LEADS_TO,
    decide=_as_asked,
    guards=(second_person.asked_by_another, *map(_unless_offered, AGREEABLE), second_person.asked_within_authority),
    decides_sum=True,
    leads={S.PENDING_MERCHANT: 1},
    shows_outcome=True,
    done=_("Allowed."),
    carries=event_data.Allowed,
    said=_("allowed what was asked for"),
    hides_reason=True,
)

REQUEST_APPROVAL: Final = Move(
    name="request_approval",
    label=_("Send for approval"),
    who=AGENTS,
    sources=ASKED_IN,
    guards=(second_person.none_asked_yet, possible_but_for_the_limit),
    leads={S.PENDING_MERCHANT: 3},
    yields_to=(*ASKABLE, disputing.RULE_FOR_BUYER, ALLOW),
    rule="authority",
    done=_("Sent for approval."),
    carries=event_data.AskedFor,
    said=_("asked a second person to allow it"),
    is_internal=True,
    tells=(),
)

DECLINE_REQUEST: Final = Move(
    name="decline_request",
    label=_("Decline the request"),
    who=frozenset({R.SUPERVISOR, R.FINANCE}),
    sources=ASKED_IN,
    guards=(second_person.asked_by_another,),
    needs=(_("The answer in writing."),),
    done=_("Declined."),
    is_danger=True,
    said=_("declined the request for approval"),
    is_internal=True,
    tells=(),
)

# What a second person was asked for is no longer what would happen.
END_REQUEST: Final = Act(
    name="end_request",
    carries=event_data.RequestEnded,
    said=_("ended the request for approval"),
    said_by_clock=_("the request for approval has ended: nobody need decide it any more"),
    about=About.MONEY,
    is_internal=True,
)
