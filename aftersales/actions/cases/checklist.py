"""Steps of a procedure, ticked off and taken back."""

from datetime import datetime

from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.models import StepDone, User
from aftersales.rules.actor import Actor
from orders.refusals import Refused


@gate.transactional
def tick(case_id: int, step: str, *, is_done: bool, by: Actor, at: datetime) -> None:
    """Note that a step is done, or that it is not after all; Refused for a step that the procedure does not have."""
    case = gate.locked(case_id)
    gate.role_to("tick", by, case)
    if step not in dict(case.reason.steps):
        raise Refused(_("The procedure has no such step any more. Look at it again."))
    done = StepDone.objects.filter(case=case, reason=case.reason, step=step)
    if not is_done:
        done.delete()
    elif not done.exists():
        person = User.objects.get(pk=by.user_id or 0)
        StepDone.objects.create(case=case, reason=case.reason, step=step, user=person, done_at=at)
