"""Disputing a decision: the platform is asked, hears both sides, rules, or waits for a court."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from aftersales.moves.deciding import AGREEABLE, AGREED
from aftersales.moves.record import Move
from aftersales.rules import event_data, guards
from aftersales.rules.cases import chains
from aftersales.rules.disputes import evidence_time
from aftersales.rules.permissions import AGENTS_AND_BUYER
from aftersales.rules.vocabulary import Role, Status

if TYPE_CHECKING:
    from aftersales.models import Case

R, S = Role, Status


def _as_the_merchant_would(case: Case) -> Status:
    """The platform does the merchant's step; goods that are here already need not come back again."""
    return chains.after_inspection(case) if case.goods_are_here else chains.after_agreement(case)


ESCALATE: Final = Move(
    name="escalate",
    label=_("Ask the platform to decide"),
    who=AGENTS_AND_BUYER,
    sources=(S.REJECTED,),
    targets=(S.ARBITRATION,),
    is_cut_off=True,
    done=_("The platform decides."),
    said=_("asked the platform to decide"),
)

RULE_FOR_BUYER: Final = Move(
    name="rule_for_buyer",
    asks_anew=True,
    label=_("Rule for the buyer"),
    who=frozenset({R.SUPERVISOR}),
    sources=(S.ARBITRATION,),
    targets=(*AGREED, S.REPAIRING),
    decide=_as_the_merchant_would,
    guards=AGREEABLE,
    needs=(_("A written ruling, the liable party, a sum of at most what was asked."),),
    decides_sum=True,
    sets_sum=True,
    leads={S.ARBITRATION: 1},
    shows_outcome=True,
    done=_("Ruled for the buyer."),
    carries=event_data.Agreed,
    said=_("ruled for the buyer"),
)

RULE_FOR_MERCHANT: Final = Move(
    name="rule_for_merchant",
    asks_anew=True,
    label=_("Rule for the merchant"),
    who=frozenset({R.SUPERVISOR}),
    sources=(S.ARBITRATION,),
    targets=(S.CLOSED,),
    guards=(guards.advance_known,),
    needs=(_("A written ruling."),),
    done=_("Ruled for the merchant."),
    is_danger=True,
    carries=event_data.Found,
    said=_("ruled for the merchant"),
)

ASK_EVIDENCE: Final = Move(
    name="ask_evidence",
    label=_("Ask for more evidence"),
    who=frozenset({R.SUPERVISOR}),
    sources=(S.ARBITRATION,),
    guards=(evidence_time.evidence_closed, evidence_time.first_further_round),
    needs=(_("What is missing, in writing."),),
    done=_("Both sides are asked for more evidence."),
    said=_("asked both sides for more evidence"),
)

CLOSE_EVIDENCE: Final = Move(
    name="close_evidence",
    label=_("Close the evidence"),
    who=frozenset({R.CLOCK}),
    sources=(S.ARBITRATION,),
    carries=event_data.Heard,
    said=_("evidence time is over: decided on what is on file"),
    tells=(),
)

PASS_ON_DECISION: Final = Move(
    name="pass_on_decision",
    label=_("To the next supervisor"),
    who=frozenset({R.CLOCK}),
    sources=(S.ARBITRATION,),
    carries=event_data.Assigned,
    said=_("the platform did not decide in time: the next supervisor has to"),
    is_internal=True,
    names_holder=True,
    tells=(),
)

MISS_DECISION: Final = Move(
    name="miss_decision",
    label=_("Count the decision as overdue"),
    who=frozenset({R.CLOCK}),
    sources=(S.ARBITRATION,),
    carries=event_data.Assigned,
    said=_("two supervisors did not decide in time: the decision is overdue"),
    is_internal=True,
    names_holder=True,
    tells=(),
)

SUSPEND: Final = Move(
    name="suspend",
    label=_("Suspend"),
    who=frozenset({R.SUPERVISOR}),
    sources=(S.ARBITRATION,),
    targets=(S.SUSPENDED,),
    needs=(_("The cause, and what is waited for in writing."),),
    done=_("Suspended."),
    carries=event_data.Suspended,
    said=_("suspended the case"),
)

RESUME: Final = Move(
    name="resume",
    label=_("Resume"),
    who=frozenset({R.SUPERVISOR, R.CLOCK}),
    sources=(S.SUSPENDED,),
    targets=(S.ARBITRATION,),
    leads={S.SUSPENDED: 1},
    done=_("Taken up again."),
    said=_("took the case up again"),
    said_by_clock=_("the suspension has ended"),
)
