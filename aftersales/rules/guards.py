"""Why a move is not possible now: each guard answers with a sentence for the person, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.rules.cases import chains
from aftersales.rules.disputes import burden_of_proof
from aftersales.rules.phrases import moment_text, money_text
from aftersales.rules.vocabulary import CloseReason, Condition, GoodsState, Role, Status

if TYPE_CHECKING:
    from aftersales.models import Case
    from aftersales.rules.actor import Actor
    from aftersales.rules.facts import Facts

ADVANCE_UNKNOWN = gettext_lazy("The refund at once is at the gateway: wait until its outcome is known.")
Answer = Callable[["Case", "Actor", Role, datetime, "Facts"], "str | None"]


@dataclass(frozen=True, eq=False)
class Guard:
    """A rule that may stand against a move: what it asks for, and its answer for a case as it is."""

    name: str
    condition: Promise
    answer: Answer

    def __call__(self, case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
        return self.answer(case, by, role, at, facts)


def guard(condition: Promise) -> Callable[[Answer], Guard]:
    """Make a guard of a function; `condition` is what the tables of rules say of it."""
    return lambda answer: Guard(answer.__name__, condition, answer)


@guard(gettext_lazy("Silence agrees only to what was asked in time, by the dates known now; a person may be lenient."))
def asked_in_time(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    if role not in (Role.CLOCK, Role.POLICY) or facts.window_end is None or case.opened_at < facts.window_end:
        return None
    words = {"end": facts.window_end_text, "asked": moment_text(case.opened_at)}
    return _("By the dates known now the time to ask ended at %(end)s; it was asked at %(asked)s.") % words


@guard(gettext_lazy("An address is changed only until the goods have arrived."))
def address_still_matters(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    if chains.changes_address(case) and case.goods_state == GoodsState.SIGNED:
        return _("The goods have arrived: their address can not be changed any more.")
    return None


@guard(gettext_lazy("Goods that must come back need somewhere to go."))
def return_address_known(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    # A parcel that is not stopped becomes a return, whatever the type says. And from here on nothing comes back any
    # more where goods are here, unless the replacement was to go first and the old ones are still with the buyer.
    stopped = case.status == Status.INTERCEPTING and not chains.changes_address(case)
    held_back = case.status == Status.AWAITING_DISPATCH and not (case.dispatches_first and not case.goods_are_here)
    if (stopped or case.goods_must_return) and not held_back and not facts.has_return_address:
        return _("%(merchant)s has no return address: add one first.") % {"merchant": case.merchant.name}
    return None


@guard(gettext_lazy("What was not received is never asked back, until a proof of the signature says otherwise."))
def arrival_proved(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    if burden_of_proof.concerns(case.reason) and not facts.is_signed_for and not facts.has_proof_of_others:
        return _("Nothing shows that the goods arrived: add the carrier's proof of the signature first.")
    return None


@guard(gettext_lazy("No signature for the goods is known."))
def not_signed_for(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    return _("The goods were signed for: they are not lost.") if facts.is_signed_for else None


@guard(gettext_lazy("Creating and modifying count; withdrawing does not reset."))
def applications_left(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    if facts.application_limit is None:
        return None
    return _("An item can be applied for %(limit)d times; it has been.") % {"limit": facts.application_limit}


@guard(gettext_lazy("No unit has arrived yet."))
def nothing_received(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    if case.has_received_units:
        return _("Goods have arrived: the return is being inspected.")
    return None


@guard(gettext_lazy("A courier is expected."))
def courier_expected(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    if not facts.is_courier_expected:
        return _("No courier is expected: there is no pickup to reschedule.")
    return None


@guard(gettext_lazy("No courier has collected the goods."))
def nothing_collected(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    if facts.is_collected:
        return _("The courier has collected the goods: the pickup can not be cancelled.")
    return None


@guard(gettext_lazy("At least one unit is here."))
def something_received(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    return None if case.has_received_units else _("Nothing has been received yet.")


@guard(gettext_lazy("Silence passes only goods against which nothing is on record."))
def nothing_against_the_goods(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    found = Condition(facts.found_against).label if role == Role.CLOCK and facts.found_against else ""
    said = _("On record: “%(found)s”. A supervisor decides, not the clock.")
    return said % {"found": found} if found else None


@guard(gettext_lazy("Something is on record against the goods: empty, wrong, swapped or damaged."))
def something_against_the_goods(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    return None if facts.found_against else _("Nothing is on record against the goods.")


@guard(gettext_lazy("Every movement of money has succeeded."))
def all_refunds_paid(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    if facts.has_unpaid_refund:
        return _("A refund of this case is not paid yet.")
    return None


@guard(gettext_lazy("What became of a refund that was sent before the goods came is known."))
def advance_known(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    if case.advanced_at is not None and facts.has_refund_at_gateway:
        return str(ADVANCE_UNKNOWN)
    return None


@guard(gettext_lazy("No money was paid before the goods came."))
def nothing_advanced(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    if case.advanced_at is not None:
        return _("Money was paid in this case before the goods were here: it is brought to its end here.")
    return None


@guard(gettext_lazy("What is broken, and who repairs it, is on record."))
def diagnosed(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    if facts.open_repair is None:
        return _("Record the diagnosis first.")
    return None


@guard(gettext_lazy("The goods were sent to a repairer and are not back."))
def at_the_repairer(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    if facts.open_repair is None or not facts.open_repair.is_away:
        return _("The goods are not at a repairer.")
    return None


@guard(gettext_lazy("The goods are not at a repairer."))
def repair_is_here(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    if facts.open_repair is not None and facts.open_repair.is_away:
        return _("The goods are still at the repairer: record that they are back first.")
    return None


@guard(
    gettext_lazy("The repair took too long, or failed too often: the buyer may take an exchange or the money (三包).")
)
def choice_open(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    policy = case.policy
    if case.choice_offered_at is not None or facts.failed_repair_count >= facts.repair_attempt_count:
        return None
    return _("Possible after %(days)d days of repair or %(count)d failed repairs; so far %(failed)d failed.") % {
        "days": policy.repair_days,
        "count": facts.repair_attempt_count,
        "failed": facts.failed_repair_count,
    }


@guard(gettext_lazy("What the buyer owes for the replacement or the repair is paid."))
def difference_settled(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    owed = facts.unpaid_by_buyer
    if owed is not None:
        return _("%(what)s: the buyer still owes %(amount)s.") % {
            "what": owed.get_kind_display(),
            "amount": money_text(owed.amount, case.currency),
        }
    return None


@guard(gettext_lazy("The clock completes only what the carrier has delivered; a person may know better."))
def signed_before_the_clock(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    if role == Role.CLOCK and not facts.is_replacement_signed:
        return _("The carrier has told of no signature: trace the parcel, and send again what is lost.")
    return None


@guard(gettext_lazy("There is something to divide."))
def more_than_one_unit(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    if facts.units < 2:
        return _("A case about a single unit can not be split.")
    return None


@guard(gettext_lazy("It does not go on as another case."))
def not_gone_on(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    if case.close_reason not in (CloseReason.CONVERTED, CloseReason.MERGED):
        return None
    return _("It goes on as %(number)s.") % {"number": facts.goes_on_as.number if facts.goes_on_as else "–"}


@guard(gettext_lazy("Something is due."))
def deadline_running(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    return None if case.running_deadline else _("No deadline is running.")


@guard(gettext_lazy("A supervisor may always extend; others the buyer's time, as often as the policy says."))
def extension_allowed(case: Case, by: Actor, role: Role, at: datetime, facts: Facts) -> str | None:
    if role == Role.SUPERVISOR:
        return None
    if case.waits_for != Role.BUYER:
        return _("Nobody extends the time of their own side: ask a supervisor.")
    live = case.running_deadline
    if live and live.extension_count >= case.policy.extension_count:
        return _("It was extended %(count)d time(s) already: ask a supervisor.") % {"count": live.extension_count}
    return None
