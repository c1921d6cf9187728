"""Why a move is not possible now: each guard answers with a sentence for the person, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from aftersales.rules import authority, chains
from aftersales.rules.chart import CHART, CUT_OFF
from aftersales.rules.phrases import moment_text, money_text
from aftersales.rules.vocabulary import CloseReason, Role, Status

if TYPE_CHECKING:
    from aftersales.models import Case
    from aftersales.rules.actor import Actor
    from aftersales.rules.facts import Facts

ADVANCE_UNKNOWN = gettext_lazy("The refund at once is at the gateway: wait until its outcome is known.")
Guard = Callable[["Case", "Actor", Role, datetime, "Facts"], "str | None"]


def within_authority(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    """The sum is within what this role decides alone: at one time, of one order, and in one day."""
    return authority.above(case.requested_amount + case.freight_held, case, role, facts.decided_today)


def asked_by_another(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    """Somebody else asked for it."""
    if facts.pending_approval is None:
        return _("Nobody has asked for an approval.")
    if facts.pending_approval.asked_by_id == by.user_id:
        return _("You asked for this yourself: a second person has to decide.")
    return None


def none_asked_yet(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    """No request is waiting."""
    return _("It already waits for a second person.") if facts.pending_approval else None


def return_address_known(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    """Goods that must come back need somewhere to go."""
    stopped = case.status == Status.INTERCEPTING and not chains.changes_address(case)
    held_back = case.status == Status.AWAITING_DISPATCH and not (case.dispatches_first and not case.goods_are_here)
    if (stopped or case.goods_must_return) and not held_back and not facts.has_return_address:
        return _("%(merchant)s has no return address: add one first.") % {"merchant": case.merchant.name}
    return None


def applications_left(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    """Creating and modifying count; withdrawing does not reset."""
    if facts.application_count >= case.policy.application_count:
        return _("An item can be applied for %(limit)d times; it has been.") % {"limit": case.policy.application_count}
    return None


def nothing_received(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    """No unit has arrived yet."""
    if case.has_received_units:
        return _("Goods have arrived: the return is being inspected.")
    return None


def courier_expected(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    """A courier is expected."""
    if not facts.is_courier_expected:
        return _("No courier is expected: there is no pickup to reschedule.")
    return None


def nothing_collected(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    """No courier has collected the goods."""
    if facts.is_collected:
        return _("The courier has collected the goods: the pickup can not be cancelled.")
    return None


def something_received(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    """At least one unit is here; the clock asks nobody: an empty parcel that was not judged in time counts as good."""
    if role != Role.CLOCK and not case.has_received_units:
        return _("Nothing has been received yet.")
    return None


def all_refunds_paid(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    """Every movement of money has succeeded."""
    if facts.has_unpaid_refund:
        return _("A refund of this case is not paid yet.")
    return None


def advance_known(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    """What became of a refund that was sent before the goods came is known."""
    if case.advanced_at is not None and facts.has_refund_at_gateway:
        return str(ADVANCE_UNKNOWN)
    return None


def nothing_advanced(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    """No money was paid before the goods came."""
    if case.advanced_at is not None:
        return _("Money was paid in this case before the goods were here: it is brought to its end here.")
    return None


def diagnosed(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    """What is broken, and who repairs it, is on record."""
    if facts.open_repair is None:
        return _("Record the diagnosis first.")
    return None


def at_the_repairer(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    """The goods were sent to a repairer and are not back."""
    if facts.open_repair is None or not facts.open_repair.is_away:
        return _("The goods are not at a repairer.")
    return None


def repair_is_here(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    """The goods are not at a repairer."""
    if facts.open_repair is not None and facts.open_repair.is_away:
        return _("The goods are still at the repairer: record that they are back first.")
    return None


def choice_open(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    """The repair took too long, or failed too often: the buyer may take an exchange or the money (三包)."""
    policy = case.policy
    if case.choice_offered_at is not None or facts.failed_repair_count >= policy.repair_attempt_count:
        return None
    return _("Possible after %(days)d days of repair or %(count)d failed repairs; so far %(failed)d failed.") % {
        "days": policy.repair_days,
        "count": policy.repair_attempt_count,
        "failed": facts.failed_repair_count,
    }


def difference_settled(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    """What the buyer owes for the replacement or the repair is paid."""
    owed = facts.unpaid_by_buyer
    if owed is not None:
        return _("%(what)s: the buyer still owes %(amount)s.") % {
            "what": owed.get_kind_display(),
            "amount": money_text(owed.amount, case.currency),
        }
    return None


def signed_before_the_clock(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    """The clock completes only what the carrier has delivered; a person may know better."""
    if role == Role.CLOCK and not facts.is_replacement_signed:
        return _("The carrier has told of no signature: trace the parcel, and send again what is lost.")
    return None


def more_than_one_unit(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    """There is something to divide."""
    if facts.units < 2:
        return _("A case about a single unit can not be split.")
    return None


def not_gone_on(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    """It does not go on as another case."""
    if case.close_reason not in (CloseReason.CONVERTED, CloseReason.MERGED):
        return None
    return _("It goes on as %(number)s.") % {"number": facts.goes_on_as.number if facts.goes_on_as else "–"}


def deadline_running(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    """Something is due."""
    return None if case.running_deadline else _("No deadline is running.")


def extension_allowed(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    """A supervisor may always extend; others the buyer's time, as often as the policy says."""
    if role == Role.SUPERVISOR:
        return None
    if case.waits_for != Role.BUYER:
        return _("Nobody extends the time of their own side: ask a supervisor.")
    live = case.running_deadline
    if live and live.extension_count >= case.policy.extension_count:
        return _("It was extended %(count)d time(s) already: ask a supervisor.") % {"count": live.extension_count}
    return None


GUARDS: dict[str, Guard] = {
    guard.__name__: guard
    for guard in (
        within_authority,
        asked_by_another,
        none_asked_yet,
        return_address_known,
        applications_left,
        nothing_received,
        courier_expected,
        nothing_collected,
        something_received,
        all_refunds_paid,
        advance_known,
        nothing_advanced,
        diagnosed,
        at_the_repairer,
        repair_is_here,
        choice_open,
        difference_settled,
        signed_before_the_clock,
        more_than_one_unit,
        not_gone_on,
        deadline_running,
        extension_allowed,
    )
}


def first_refusal(case: Case, action: str, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    """The first sentence that forbids the action, in the order of the chart."""
    asked = (GUARDS[name](case, by, role, at, facts) for name in CHART[action].guards)
    return next((sentence for sentence in asked if sentence), None)


def too_late(case: Case, action: str, at: datetime) -> str | None:
    """After the cut-off the promise decides, not the person who was late."""
    if action in CUT_OFF and case.due_at and at > case.due_at:
        return _("Time was up at %(due)s: what was promised for that moment is being done.") % {
            "due": moment_text(case.due_at)
        }
    return None


def wrong_state(case: Case, action: str) -> str | None:
    """Sentence when the action does not start from the state the case is in."""
    return None if case.status in CHART[action].sources else _not_from(action, case.status, get_language())


# A page tells it of every action that its case's state does not allow.
@lru_cache(maxsize=2048)
def _not_from(action: str, status: str, _language: str | None) -> str:
    states = pgettext("between states", ", ").join(str(each.label) for each in CHART[action].sources)
    return _("“%(action)s” is possible while a case is: %(states)s. This one is: %(now)s.") % {
        "action": CHART[action].label,
        "states": states,
        "now": Status(status).label,
    }
