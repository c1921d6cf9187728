"""What agents may do with who works on a case, in sentences; moves of the case itself are judged by `guards`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from aftersales.models import Case
    from aftersales.rules.actor import Actor

# Acts beside the chart: they change who works on a case and when, never its state.
BESIDE: Final = ("assign", "prioritise", "skip")


def against(case: Case, action: str, by: Actor) -> str | None:
    """The sentence against an act beside the chart, or nothing."""
    if not case.is_open:
        return _("This case has ended.")
    is_theirs = case.assignee_id in (None, by.user_id)
    if action == "skip" and not is_theirs:
        return _("%(person)s works on this case.") % {"person": case.assignee}
    if action == "assign" and not is_theirs and by.role_for("reassign") is None:
        return _("%(person)s works on this case: only a supervisor takes it from them.") % {"person": case.assignee}
    return None
