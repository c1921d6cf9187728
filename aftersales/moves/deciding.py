"""Deciding on a request: agreed to, refused, offered other terms, asked again, withdrawn, put off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from aftersales.moves.record import About, Move
from aftersales.rules import event_data, guards
from aftersales.rules.cases import chains, goods_told
from aftersales.rules.permissions import AGENTS_AND_BUYER, AGENTS_AND_MERCHANT
from aftersales.rules.refunds import second_person
from aftersales.rules.vocabulary import OPEN, Role, Status

if TYPE_CHECKING:
    from aftersales.models import Case

R, S = Role, Status
AGREED: Final = (S.AWAITING_RETURN, S.INTERCEPTING, S.REFUNDING, S.AWAITING_DISPATCH, S.COMPLETED)
# What every agreement asks, whoever gives it.
AGREEABLE: Final = (guards.address_still_matters, guards.return_address_known)
# Once money moves, the buyer can not take the request back.
BEFORE_REFUND: Final = (
    S.PENDING_MERCHANT,
    S.PENDING_BUYER,
    S.REJECTED,
    S.INTERCEPTING,
    S.AWAITING_RETURN,
    S.RETURN_IN_TRANSIT,
    S.INSPECTING,
    S.REPAIRING,
    S.AWAITING_DISPATCH,
    S.ARBITRATION,
)


def _agreed_or_repaired(case: Case) -> Status:
    """The buyer takes the offer, or agrees to what a repair costs."""
    return S.REPAIRING if case.is_being_repaired else chains.after_agreement(case)


def _without_the_offer(case: Case) -> Status:
    """The merchant answers what was asked; a repair that nobody agreed to pay is not made, the goods go back."""
    return S.AWAITING_DISPATCH if case.is_being_repaired else S.PENDING_MERCHANT


APPROVE: Final = Move(
    name="approve",
    label=_("Agree"),
    who=AGENTS_AND_MERCHANT | {R.CLOCK, R.POLICY},
    sources=(S.PENDING_MERCHANT,),
    targets=AGREED,
    decide=chains.after_agreement,
    guards=(guards.asked_in_time, goods_told.whereabouts_known, *AGREEABLE, second_person.within_authority),
    needs=(_("The request as it stands; a small sum is agreed to by the policy at once."),),
    decides_sum=True,
    leads={S.PENDING_MERCHANT: 2},
    rule="authority",
    shows_outcome=True,
    done=_("Agreed."),
    carries=event_data.Agreed,
    said=_("agreed"),
    said_by_clock=_("nobody answered in time: the request approved itself"),
)

OFFER: Final = Move(
    name="offer",
    label=_("Make an offer"),
    who=AGENTS_AND_MERCHANT,
    sources=(S.PENDING_MERCHANT,),
    targets=(S.PENDING_BUYER,),
    needs=(_("At most what was asked, within the maker's own limit."),),
    decides_sum=True,
    is_cut_off=True,
    rule="authority",
    key="o",
    done=_("The offer is with the buyer."),
    carries=event_data.Offered,
    said=_("made an offer"),
    about=About.MONEY,
)

ACCEPT_OFFER: Final = Move(
    name="accept_offer",
    label=_("Accept the offer"),
    who=AGENTS_AND_BUYER,
    sources=(S.PENDING_BUYER,),
    targets=(*AGREED, S.REPAIRING),
    decide=_agreed_or_repaired,
    guards=(*AGREEABLE, second_person.not_ones_own_offer, second_person.within_authority),
    decides_sum=True,
    sets_sum=True,
    is_cut_off=True,
    leads={S.PENDING_BUYER: 1},
    shows_outcome=True,
    done=_("The offer is accepted."),
    carries=event_data.Agreed,
    said=_("accepted the offer"),
    about=About.MONEY,
)

DECLINE_OFFER: Final = Move(
    name="decline_offer",
    label=_("Decline the offer"),
    who=AGENTS_AND_BUYER,
    sources=(S.PENDING_BUYER,),
    targets=(S.PENDING_MERCHANT, S.AWAITING_DISPATCH),
    decide=_without_the_offer,
    done=_("The offer is declined."),
    said=_("declined the offer"),
    about=About.MONEY,
)

LAPSE_OFFER: Final = Move(
    name="lapse_offer",
    label=_("Offer lapses"),
    who=frozenset({R.CLOCK}),
    sources=(S.PENDING_BUYER,),
    targets=(S.PENDING_MERCHANT, S.AWAITING_DISPATCH),
    decide=_without_the_offer,
    said=_("the offer lapsed"),
    about=About.MONEY,
)

REJECT: Final = Move(
    name="reject",
    label=_("Reject"),
    who=AGENTS_AND_MERCHANT,
    sources=(S.PENDING_MERCHANT,),
    targets=(S.REJECTED,),
    needs=(_("A reason from the list; text and proof where it asks for them."),),
    is_cut_off=True,
    done=_("Rejected."),
    is_danger=True,
    carries=event_data.Rejected,
    said=_("rejected the request"),
    has_photos=True,
)

REAPPLY: Final = Move(
    name="reapply",
    label=_("Modify and apply again"),
    who=AGENTS_AND_BUYER,
    sources=(S.REJECTED,),
    targets=(S.PENDING_MERCHANT,),
    guards=(guards.applications_left,),
    needs=(_("The window was open when first asked; units and money still left; the reason's evidence."),),
    is_cut_off=True,
    leads={S.REJECTED: 1},
    done=_("Applied again."),
    said=_("changed the request and applied again"),
    asks=True,
    has_photos=True,
)

WITHDRAW: Final = Move(
    name="withdraw",
    label=_("Withdraw"),
    who=AGENTS_AND_BUYER,
    sources=BEFORE_REFUND,
    targets=(S.CLOSED,),
    guards=(guards.advance_known,),
    done=_("Withdrawn."),
    is_danger=True,
    said=_("withdrew the request"),
)

EXPIRE: Final = Move(
    name="expire",
    label=_("Close, time is up"),
    who=frozenset({R.CLOCK}),
    sources=(S.AWAITING_RETURN, S.REJECTED),
    targets=(S.CLOSED,),
    guards=(guards.advance_known,),
    said=_("closed: the time was up"),
)

EXTEND: Final = Move(
    name="extend",
    label=_("Extend the deadline"),
    who=AGENTS_AND_MERCHANT | {R.BUYER, R.WAREHOUSE},
    sources=OPEN,
    guards=(guards.deadline_running, guards.extension_allowed),
    needs=(_("The reason in writing; at most 30 days."),),
    key="e",
    in_own_right=True,
    done=_("The deadline is extended."),
    carries=event_data.Extended,
    said=_("extended the deadline"),
    tells=(),
)

REOPEN: Final = Move(
    name="reopen",
    label=_("Reopen"),
    who=frozenset({R.SUPERVISOR}),
    sources=(S.COMPLETED, S.CLOSED),
    targets=(S.PENDING_MERCHANT,),
    guards=(guards.not_gone_on,),
    needs=(_("The reason in writing; something is left to give back, no other open case holds it."),),
    done=_("Opened again."),
    said=_("opened the case again"),
)
