"""What a case hands on to another one: who works on it, how long there is, what it was about."""

import copy
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models.base import ModelState
from django.utils.translation import gettext as _

from aftersales.actions.cases import stored_cases
from aftersales.actions.deadlines import Plan
from aftersales.models import Case, CaseLine, Deadline
from aftersales.rules.cases import chains
from aftersales.rules.vocabulary import DeadlineKind, DeadlineStatus
from orders.refusals import Refused

ZERO = Decimal(0)
# What is the same of a request whatever case it goes on as.
INHERITED = ("opened_at", "opened_on", "assignee_id", "team_id", "applied_by_id", "applied_role")


def keep(case: Case, new: Case) -> None:
    """The new case goes on where the old one is: asked then, by the same, looked after by the same."""
    new.parent = case
    for name in INHERITED:
        setattr(new, name, getattr(case, name))
    new.save(update_fields=["parent", *(name.removesuffix("_id") for name in INHERITED)])


def answered(case: Case, new: Case) -> None:
    """A first reply, and a deadline that was missed, are those of the buyer's request, whatever it is now called."""
    new.first_reply_at, new.breached_at = case.first_reply_at, case.breached_at


def twin(case: Case, *, at: datetime) -> Case:
    """A case of the same terms in the same state, without lines yet."""
    new = copy.copy(case)
    new._state = ModelState()
    # Its own cache, filled: the copy asks for no related row that the case has read, and changes none of the case.
    new._state.fields_cache = dict(case._state.fields_cache)
    new.__dict__.pop("_prefetched_objects_cache", None)
    new.pk, new.parent, new.number = None, case, stored_cases.next_number(at)
    # The new case has a history of its own, which begins here.
    new.version, new.reopened_count, new.moved_at = 1, 0, at
    new.freight_held = new.freight_settled = new.return_freight_amount = new.buyer_freight_amount = ZERO
    new.save(force_insert=True)
    return new


def same_deadlines(live: Iterable[Deadline], new: Case) -> Plan:
    """The deadlines of a twin: due when those of its case are, paused where they are."""
    plan = Plan()
    for deadline in live:
        if deadline.kind == DeadlineKind.FIRST_REPLY:
            continue  # the buyer asked once, and is answered once: in the case that was split
        copied = _same_deadline(deadline, new)
        if copied.status == DeadlineStatus.PENDING:
            plan.running.append(copied)
    return plan


def _same_deadline(deadline: Deadline, new: Case) -> Deadline:
    """What the sweep noted on the row when it stumbled stays with the old one."""
    copied = copy.copy(deadline)
    copied._state = ModelState()
    copied.pk, copied.case = None, new
    copied.tries, copied.hold_until, copied.last_error = 0, None, ""
    copied.save(force_insert=True)
    return copied


def units_of(case: Case, line: CaseLine) -> int:
    """Units of a line that can still go to another case."""
    return line.units_held if chains.of(case).holds_units else line.units


def refuse_begun(lines: Sequence[CaseLine]) -> None:
    """Refused once goods have moved or something was given back: then the case goes on as it is."""
    if any(line.units_received or line.units_here or line.units_sent or _has_given(line) for line in lines):
        raise Refused(_("Goods have moved or something was given back already: this case goes on as it is."))


def _has_given(line: CaseLine) -> bool:
    return bool(line.units_settled or line.amount_settled or line.amount_in_kind)
