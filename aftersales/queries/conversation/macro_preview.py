"""What a macro does, in words: each step before it is done, and what is different after all of them."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from aftersales.models import ApprovalRequest, Case, Deadline, MacroStep, Offer, Refund
from aftersales.models.cases.deadline import LIVE
from aftersales.moves import approving, deciding
from aftersales.queries.cases import wording
from aftersales.rules.conversation.tools import StepKind, Whom
from aftersales.rules.phrases import money_text
from aftersales.rules.refunds import authority
from aftersales.rules.refunds.authority import Decided
from aftersales.rules.vocabulary import CaseType, DeadlineKind, DeadlineStatus, RefundStatus, Role, Status

# Whom an agent could ask: the clock and the policy are nobody's colleagues.
COLLEAGUES: Final = (Role.SENIOR, Role.SUPERVISOR, Role.FINANCE)
ALLOWS: Final = {
    StepKind.APPROVE: (deciding.APPROVE, approving.ALLOW),
    StepKind.OFFER: (deciding.OFFER, approving.ALLOW),
}


@dataclass(frozen=True)
class Sum:
    """A sum that moves, is offered, or waits for a decision."""

    label: str
    amount: Decimal


@dataclass(frozen=True)
class Snapshot:
    """What a macro may change in a case. `rows` are ids of refunds, offers and requests for approval."""

    status: str
    holder: str
    deadlines: dict[str, tuple[str, datetime]]
    rows: dict[str, frozenset[int]]


@dataclass(frozen=True)
class Outcome:
    """What is different after a macro; `starts` and `rests` are deadlines."""

    before: str
    after: str
    sums: list[Sum] = field(default_factory=list)
    starts: list[tuple[str, datetime]] = field(default_factory=list)
    rests: list[str] = field(default_factory=list)
    holder: str = ""

    @property
    def moves(self) -> bool:
        """Whether the case is in another state afterwards."""
        return self.before != self.after


def says(step: MacroStep, case: Case, amount: Decimal | None) -> str:
    """What a step does in this case, in a sentence, beside the text that it sends."""
    if step.kind == StepKind.APPROVE and amount is not None:
        return wording.consequence(case, case.type, amount)
    if step.kind == StepKind.OFFER and amount is not None:
        return _offered(step, case, amount)
    if step.kind == StepKind.TICK:
        return _ticked(step, dict(case.reason.steps))
    sentences = {StepKind.EXTEND: _extended(case), StepKind.ASSIGN: _assigned(step)}
    return sentences.get(StepKind(step.kind)) or _plainly(step)


def _extended(case: Case) -> str:
    days = case.policy.extension_days
    sentence = ngettext("By %(days)d day, as the policy says.", "By %(days)d days, as the policy says.", days)
    return sentence % {"days": days}


def _assigned(step: MacroStep) -> str:
    return str(step.team or "") if step.whom == Whom.TEAM else str(step.get_whom_display())


def _ticked(step: MacroStep, procedure: dict[str, str]) -> str:
    named = [procedure[words] for words in step.ticks if words in procedure]
    return pgettext("between names", ", ").join(named) or _("The procedure of this case has none of these steps.")


def _offered(step: MacroStep, case: Case, amount: Decimal) -> str:
    words = {
        "amount": money_text(amount, case.currency),
        "terms": CaseType(step.terms or case.type).label,
        "asked": money_text(case.requested_amount + case.freight_held, case.currency),
    }
    return _("%(amount)s of the %(asked)s that is asked, as: %(terms)s.") % words


def _plainly(step: MacroStep) -> str:
    return {
        StepKind.MESSAGE: _("The buyer and the merchant read this."),
        StepKind.NOTE: _("Only our people read this."),
        StepKind.REJECT: step.reject_reason.name if step.reject_reason else "",
        StepKind.REQUEST_APPROVAL: _("A second person decides."),
    }.get(StepKind(step.kind), "")


def deciders(step: MacroStep, case: Case, amount: Decimal, on_order: Decimal) -> str:
    """Which roles may decide about a sum, with what was decided alone on the order; empty when no colleague may.

    What each of them has decided today is theirs, and unknown here.
    """
    granted = frozenset[Role]().union(*(move.who for move in ALLOWS[StepKind(step.kind)]))
    before = Decided(on_order=on_order)
    unable = {role for role in authority.LIMITED if authority.above(amount, case, role, before)}
    able = [role for role in COLLEAGUES if role in granted and role not in unable]
    if not able:
        return ""
    named = pgettext("between names", ", ").join(str(role.label) for role in able)
    return _("May decide it: %(roles)s.") % {"roles": named}


def snapshot(case: Case) -> Snapshot:
    """The case as it is now."""
    live = Deadline.objects.filter(LIVE, case=case)
    return Snapshot(
        case.status,
        f"{case.assignee or ''}~{case.team or ''}",
        {each.kind: (each.status, each.due_at) for each in live},
        {name: frozenset(rows.values_list("pk", flat=True)) for name, rows in _rows(case).items()},
    )


def _rows(case: Case) -> dict[str, QuerySet[Any]]:
    return {
        "refunds": Refund.objects.filter(case=case),
        "offers": Offer.objects.filter(case=case),
        "approvals": ApprovalRequest.objects.filter(case=case),
    }


def outcome(before: Snapshot, case: Case) -> Outcome:
    """The difference between a snapshot and the case as it is now."""
    now = snapshot(case)
    running, ran = _pending(now), _pending(before)
    return Outcome(
        str(Status(before.status).label),
        str(Status(now.status).label),
        _new_sums(before, case),
        [(_promise(kind), due) for kind, due in running.items() if ran.get(kind) != due],
        [_promise(kind) for kind in ran if kind not in running],
        str(case.assignee or case.team or _("Nobody")) if now.holder != before.holder else "",
    )


def _pending(snapshot: Snapshot) -> dict[str, datetime]:
    return {kind: due for kind, (status, due) in snapshot.deadlines.items() if status == DeadlineStatus.PENDING}


def _promise(kind: str) -> str:
    return str(DeadlineKind(kind).label)


def _new_sums(before: Snapshot, case: Case) -> list[Sum]:
    new = {name: rows.exclude(pk__in=before.rows[name]).order_by("pk") for name, rows in _rows(case).items()}
    return [
        *(Sum(_refund_label(each), each.amount) for each in new["refunds"].select_related("payment")),
        *(Sum(_("Offer to the buyer"), each.amount) for each in new["offers"]),
        *(Sum(_("For a second person to decide"), each.amount) for each in new["approvals"]),
    ]


def _refund_label(refund: Refund) -> str:
    waits = refund.status == RefundStatus.AWAITING_RELEASE
    return _("Refund, once finance has released it") if waits else _("Refund, sent at once")
