"""Asking a second person for what is above one's limit: asked, allowed, declined, ended."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from aftersales.moves import deciding
from aftersales.moves.deciding import AGREEABLE, AGREED
from aftersales.moves.record import About, Act, Move
from aftersales.rules import event_data
from aftersales.rules.cases import chains
from aftersales.rules.permissions import AGENTS
from aftersales.rules.refunds import second_person
from aftersales.rules.vocabulary import Role, Status

R, S = Role, Status

ALLOW: Final = Move(
    name="allow",
    asks_anew=True,
    label=_("Allow what was asked for"),
    who=frozenset({R.SUPERVISOR, R.FINANCE}),
    sources=(S.PENDING_MERCHANT,),
    targets=AGREED,
    decide=chains.after_agreement,
    guards=(second_person.asked_by_another, *AGREEABLE, second_person.within_authority),
    decides_sum=True,
    leads={S.PENDING_MERCHANT: 1},
    shows_outcome=True,
    done=_("Allowed."),
    carries=event_data.Agreed,
    said=_("allowed what was asked for"),
    hides_reason=True,
)

REQUEST_APPROVAL: Final = Move(
    name="request_approval",
    label=_("Send for approval"),
    who=AGENTS,
    sources=(S.PENDING_MERCHANT,),
    guards=(second_person.none_asked_yet,),
    leads={S.PENDING_MERCHANT: 3},
    yields_to=(deciding.APPROVE, ALLOW),
    rule="authority",
    done=_("Sent for approval."),
    carries=event_data.Amount,
    said=_("asked a second person to allow it"),
    is_internal=True,
    tells=(),
)

DECLINE_REQUEST: Final = Move(
    name="decline_request",
    label=_("Decline the request"),
    who=frozenset({R.SUPERVISOR, R.FINANCE}),
    sources=(S.PENDING_MERCHANT,),
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
