"""Reshaping a case that nobody has decided: another type, a case of its own for some units, one case of two."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from aftersales.moves.record import Move
from aftersales.rules import event_data, guards
from aftersales.rules.permissions import AGENTS
from aftersales.rules.vocabulary import Status

S = Status
UNDECIDED: Final = (S.PENDING_MERCHANT, S.PENDING_BUYER, S.REJECTED)

CONVERT: Final = Move(
    name="convert",
    label=_("Convert into another type"),
    who=AGENTS,
    sources=UNDECIDED,
    targets=(S.CLOSED,),
    guards=(guards.nothing_advanced,),
    needs=(_("A reason that fits the new type; what is held is carried over."),),
    is_cut_off=True,
    key="t",
    done=_("It goes on as this case."),
    carries=event_data.Converted,
    said=_("went on with it as another type"),
)

SPLIT: Final = Move(
    name="split",
    label=_("Split the case"),
    who=AGENTS,
    sources=UNDECIDED,
    guards=(guards.more_than_one_unit, guards.nothing_advanced),
    needs=(_("Some of the units, not all of them; the new case stands where this one does."),),
    done=_("These units have a case of their own."),
    carries=event_data.SplitUnits,
    said=_("gave some units a case of their own"),
)

MERGE: Final = Move(
    name="merge",
    label=_("Merge into another case"),
    who=AGENTS,
    sources=UNDECIDED,
    targets=(S.CLOSED,),
    guards=(guards.nothing_advanced,),
    needs=(_("Another case of the order, of the same type and state."),),
    done=_("The two are one case now."),
    carries=event_data.OtherCase,
    said=_("merged it into another case"),
)
