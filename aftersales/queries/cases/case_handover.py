"""What somebody who takes a case over has to know: whose turn it is, what was promised, what is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from aftersales.models import Case
from aftersales.models.refunds.refund import UNPAID
from aftersales.queries.cases.case_checklist import Step
from aftersales.queries.cases.case_clock import ShownDeadline
from aftersales.queries.cases.case_page import Facts
from aftersales.queries.cases.timeline import Entry
from aftersales.rules.phrases import money_text
from logistics.models.parcel import Direction

LONGEST = 160


@dataclass(frozen=True)
class Point:
    """One thing to know; `at` is when it was, or when it is due."""

    label: str
    text: str
    at: datetime | None = None
    is_due: bool = False


def summary(
    case: Case, facts: Facts, deadlines: Sequence[ShownDeadline], entries: Sequence[Entry], steps: Sequence[Step]
) -> list[Point]:
    """Everything open, the most pressing first; `entries` are the newest of the thread."""
    return [
        *_turn(case),
        *_due(deadlines),
        *_offered(case, facts),
        *_asked(facts, case),
        *_money(case, facts),
        *_parcels(facts),
        *_unanswered(entries),
        *_noted(entries),
        *_procedure(steps),
    ]


def _turn(case: Case) -> list[Point]:
    return [Point(_("Turn"), str(case.waits_for.label), case.moved_at)] if case.waits_for else []


def _due(deadlines: Sequence[ShownDeadline]) -> list[Point]:
    return [Point(one.label, one.says, None if one.paused else one.due_at, is_due=True) for one in deadlines]


def _offered(case: Case, facts: Facts) -> list[Point]:
    offer = facts.offer
    return [Point(_("Open offer"), money_text(offer.amount, case.currency), offer.made_at)] if offer else []


def _asked(facts: Facts, case: Case) -> list[Point]:
    asked = facts.approval if facts.approval and not facts.approval.ended_why else None
    if asked is None:
        return []
    return [Point(_("Waits for a second person"), money_text(asked.amount, case.currency), asked.asked_at)]


def _money(case: Case, facts: Facts) -> list[Point]:
    return [
        Point(
            _("Money on its way"),
            f"{money_text(refund.amount, refund.currency)} · {refund.get_status_display()}",
            refund.created_at,
        )
        for refund in facts.refunds
        if refund.status in UNPAID
    ]


def _parcels(facts: Facts) -> list[Point]:
    under_way = [
        parcel for parcel in facts.parcels if parcel.direction == Direction.RETURN and parcel.received_at is None
    ]
    return [
        Point(
            _("On its way back"),
            f"{parcel.carrier} {parcel.waybill} · {parcel.get_status_display()}".strip(),
            parcel.shipped_at,
        )
        for parcel in under_way
    ]


def _unanswered(entries: Sequence[Entry]) -> list[Point]:
    """What the buyer or the merchant wrote after our last words; entries come newest first."""
    # Read backwards until our side last spoke: only what came after that is unanswered.
    open_ones = []
    for entry in entries:
        if entry.kind == "agent" and entry.text:
            break
        if entry.kind in ("buyer", "merchant") and entry.text and not entry.event:
            open_ones.append(entry)
    return [Point(_("Not answered yet"), f"{one.who}: {one.text[:LONGEST]}", one.at) for one in open_ones[:2]]


def _noted(entries: Sequence[Entry]) -> list[Point]:
    note = next((entry for entry in entries if entry.kind == "note"), None)
    return [Point(_("Last note"), f"{note.who}: {note.text[:LONGEST]}", note.at)] if note else []


def _procedure(steps: Sequence[Step]) -> list[Point]:
    done = sum(step.done is not None for step in steps)
    if not done or done == len(steps):
        return []
    rest = next(step.text for step in steps if step.done is None)
    words = {"done": done, "all": len(steps), "next": rest}
    return [Point(_("Procedure"), _("%(done)d of %(all)d steps done; next: %(next)s") % words)]
