"""What is put on the record of a case and moves it nowhere; what leaves no event stands in `rights`."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from aftersales.moves.record import PARTIES, About, Act, Place
from aftersales.rules import event_data, event_goods
from aftersales.rules.console import assignment
from aftersales.rules.disputes import evidence_time
from aftersales.rules.permissions import AGENTS, AGENTS_AND_MERCHANT, AGENTS_AND_PARTIES
from aftersales.rules.vocabulary import Role

R = Role

# Applying, and what is said and shown in a case.
APPLY: Final = Act(
    name="apply",
    label=_("Apply"),
    notice=_("Applied"),
    who=AGENTS_AND_PARTIES,
    carries=event_data.Applied,
    said=_("applied"),
    asks=True,
    opens_case=True,
    has_photos=True,
    tells=PARTIES,
    needs=(
        _("The window for the reason is open."),
        _("Units, money and freight are still left."),
        _("The units are in no other open case; about money alone, in none of the type."),
        _("Applications are left for the item."),
        _("The reason's evidence is attached."),
    ),
)
EVIDENCE: Final = Act(
    name="evidence",
    who=AGENTS_AND_PARTIES | {R.WAREHOUSE},
    in_own_right=True,
    carries=event_data.Photos,
    said=_("added photos"),
    has_photos=True,
    guards=(evidence_time.evidence_taken,),
)
REVEAL: Final = Act(
    name="reveal",
    who=AGENTS_AND_MERCHANT | {R.FINANCE, R.WAREHOUSE},
    carries=event_data.Revealed,
    said=_("looked at the buyer's data"),
    is_internal=True,
    changes_nothing=True,
)

# Who works on a case, and when.
CLAIM: Final = Act(name="claim", who=AGENTS, carries=event_data.Assigned, said=_("took the case"), is_internal=True)
ASSIGN: Final = Act(
    name="assign",
    label=_("Assign"),
    who=AGENTS,
    place=Place.BESIDE,
    guards=(assignment.not_ended, assignment.free_or_supervised),
    key="a",
    done=_("Assigned."),
    carries=event_data.Assigned,
    said=_("assigned the case"),
    is_internal=True,
    names_holder=True,
)
PRIORITISE: Final = Act(
    name="prioritise",
    label=_("Priority"),
    who=AGENTS,
    place=Place.BESIDE,
    guards=(assignment.not_ended,),
    key="p",
    done=_("The priority is set."),
    carries=event_data.Prioritised,
    said=_("changed the priority"),
    is_internal=True,
)
SKIP: Final = Act(
    name="skip",
    label=_("Leave to others"),
    who=AGENTS,
    place=Place.BESIDE,
    guards=(assignment.not_ended, assignment.free_or_own),
    key="N",
    done=_("Left to others."),
    then="next",
    carries=event_data.Assigned,
    said=_("left the case to others"),
    is_internal=True,
)
DISTRIBUTE: Final = Act(
    name="distribute",
    who=frozenset({R.CLOCK}),
    carries=event_data.Assigned,
    said=_("handed the case out in turn"),
    is_internal=True,
    names_holder=True,
)
RELEASE: Final = Act(
    name="release",
    who=frozenset({R.CLOCK}),
    carries=event_data.Assigned,
    said=_("gave the case back to its team"),
    is_internal=True,
)
TEAM: Final = Act(name="team", carries=event_data.Assigned, said=_("moved the case to another team"), is_internal=True)

# Parcels and stock.
COLLECT_RETURN: Final = Act(
    name="collect_return", carries=event_goods.Collected, said=_("collected the goods at the door"), about=About.PARCELS
)
MATCH_PARCEL: Final = Act(
    name="match_parcel",
    carries=event_goods.ParcelSent,
    said=_("found a parcel that came without a case"),
    about=About.PARCELS,
)

# What the move of one case does to another.
CONTINUE: Final = Act(
    name="continue",
    carries=event_data.Continued,
    said=_("goes on with what was asked, as another type"),
    opens_case=True,
    tells=PARTIES,
    notice=_("Goes on as another type"),
)
SPLIT_OFF: Final = Act(
    name="split_off",
    carries=event_data.SplitUnits,
    said=_("gave these units a case of their own"),
    opens_case=True,
    tells=PARTIES,
    notice=_("A case of its own"),
)
TAKE_OVER: Final = Act(
    name="take_over",
    carries=event_data.OtherCase,
    said=_("merged another case into this one"),
    tells=PARTIES,
    notice=_("Another case was merged into it"),
)

MACRO: Final = Act(name="macro", carries=event_data.MacroRun, said=_("ran a macro"), is_internal=True)

# Running the platform.
TRY_AGAIN: Final = Act(
    name="try_again",
    who=frozenset({R.SUPERVISOR}),
    carries=event_data.Retried,
    said=_("let the clock try again"),
    is_internal=True,
)
ATTEMPT: Final = Act(
    name="attempt",
    carries=event_data.LateAttempt,
    said=_("came too late"),
    is_internal=True,
    changes_nothing=True,
)
