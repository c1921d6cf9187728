"""Whether a move is possible now: what stands against it is its state, its time, or one of its guards."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from aftersales.moves.record import Act, Move
from aftersales.rules.phrases import moment_text
from aftersales.rules.vocabulary import Role, Status

if TYPE_CHECKING:
    from aftersales.models import Case
    from aftersales.rules.actor import Actor
    from aftersales.rules.facts import Facts


def wrong_state(case: Case, move: Move) -> str | None:
    """Sentence when the move does not start from the state the case is in."""
    return None if case.status in move.sources else _not_from(move, case.status, get_language())


# A page tells it of every move that its case's state does not allow.
@lru_cache(maxsize=2048)
def _not_from(move: Move, status: str, _language: str | None) -> str:
    states = pgettext("between states", ", ").join(str(each.label) for each in move.sources)
    return _("“%(action)s” is possible while a case is: %(states)s. This one is: %(now)s.") % {
        "action": move.label,
        "states": states,
        "now": Status(status).label,
    }


def too_late(case: Case, move: Move, at: datetime) -> str | None:
    """After the cut-off the promise decides, not the person who was late."""
    # The sweep comes up to a minute later; in between the person would undo what was promised. See docs/adr/0006.
    if move.is_cut_off and case.due_at and at > case.due_at:
        return _("Time was up at %(due)s: what was promised for that moment is being done.") % {
            "due": moment_text(case.due_at)
        }
    return None


def first_refusal(case: Case, act: Act, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    """The first sentence that forbids it, in the order of its guards."""
    return next((sentence for guard in act.guards if (sentence := guard(case, by, role, at, facts))), None)
