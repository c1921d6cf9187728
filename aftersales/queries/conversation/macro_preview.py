"""What a macro does, in words: each step before it is done, and what is different once all are."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from aftersales import moves
from aftersales.models import ApprovalRequest, Case, Deadline, MacroStep, Offer, Refund
from aftersales.models.cases.deadline import LIVE
from aftersales.moves import deciding
from aftersales.queries.cases import wording
from aftersales.rules.conversation.tools import StepKind, Whom
from aftersales.rules.phrases import money_text
from aftersales.rules.refunds import authority
from aftersales.rules.vocabulary import CaseType, DeadlineKind, DeadlineStatus, RefundStatus, Role, Status

# Whom an agent could ask: the clock and the policy are nobody's colleagues.
COLLEAGUES: Final = (Role.SENIOR, Role.SUPERVISOR, Role.FINANCE)
ALLOWS: Final = {StepKind.APPROVE: moves.DECIDING, StepKind.OFFER: (deciding.OFFER,)}


@dataclass(frozen=True)
class Sum:
    """Money that moves, or that somebody is to decide about."""

    label: str
    amount: Decimal


@dataclass(frozen=True)
class Snapshot:
    """What of a case a macro may change."""

    status: str
    holder: str
    deadlines: dict[str, tuple[str, datetime]]
    known: dict[str, frozenset[int]]


@dataclass(frozen=True)
class Outcome:
    """The difference between two snapshots."""

    before: str
    after: str
    sums: list[Sum] = field(default_factory=list)
    starts: list[tuple[str, datetime]] = field(default_factory=list)
    rests: list[str] = field(default_factory=list)
    holder: str = ""

    @property
    def moves(self) -> bool:
        """Whether the case stands in another state afterwards."""
        return self.before != self.after


def says(step: MacroStep, case: Case, amount: Decimal | None) -> str:
    """What a step does in this case, beyond the text that it sends."""
    kind = step.kind
    if kind == StepKind.APPROVE and amount is not None:
        return wording.consequence(case, case.type, amount)
    if kind == StepKind.OFFER and amount is not None:
        return _offered(step, case, amount)
    if kind == StepKind.EXTEND:
        days = case.policy.extension_days
        return ngettext("By %(days)d day, as the policy says.", "By %(days)d days, as the policy says.", days) % {
            "days": days
        }
    if kind == StepKind.ASSIGN:
        return str(step.team or "") if step.whom == Whom.TEAM else str(step.get_whom_display())
    if kind == StepKind.TICK:
        return _ticked(step, dict(case.reason.steps))
    return _plainly(step)


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


def deciders(step: MacroStep, case: Case, amount: Decimal) -> str:
    """Who decides such a sum, with their limits."""
    granted = frozenset[Role]().union(*(move.who for move in ALLOWS[StepKind(step.kind)]))
    able = [role for role in COLLEAGUES if role in granted and authority.above_once(amount, case, role) is None]
    if not able:
        return ""
    named = pgettext("between names", ", ").join(str(role.label) for role in able)
    return _("May decide it: %(roles)s.") % {"roles": named}


def snapshot(case: Case) -> Snapshot:
    """The case now."""
    live = Deadline.objects.filter(LIVE, case=case)
    kept = {
        "refunds": Refund.objects.filter(case=case),
        "offers": Offer.objects.filter(case=case),
        "asked": ApprovalRequest.objects.filter(case=case),
    }
    return Snapshot(
        case.status,
        f"{case.assignee or ''}~{case.team or ''}",
        {each.kind: (each.status, each.due_at) for each in live},
        {name: frozenset(rows.values_list("pk", flat=True)) for name, rows in kept.items()},
    )


def outcome(before: Snapshot, case: Case) -> Outcome:
    """What has become of the case since."""
    now = snapshot(case)
    running = {kind: due for kind, (status, due) in now.deadlines.items() if status == DeadlineStatus.PENDING}
    ran = {kind: due for kind, (status, due) in before.deadlines.items() if status == DeadlineStatus.PENDING}
    holder = str(case.assignee or case.team or _("Nobody")) if now.holder != before.holder else ""
    return Outcome(
        str(Status(before.status).label),
        str(Status(now.status).label),
        _sums(before, case),
        [(_promise(kind), due) for kind, due in running.items() if ran.get(kind) != due],
        [_promise(kind) for kind in ran if kind not in running],
        holder,
    )


def _promise(kind: str) -> str:
    return str(DeadlineKind(kind).label)


def _sums(before: Snapshot, case: Case) -> list[Sum]:
    new = {"case": case}
    refunds = Refund.objects.filter(**new).exclude(pk__in=before.known["refunds"]).select_related("payment")
    offers = Offer.objects.filter(**new).exclude(pk__in=before.known["offers"])
    asked = ApprovalRequest.objects.filter(**new).exclude(pk__in=before.known["asked"])
    waits = RefundStatus.AWAITING_RELEASE
    return [
        *(
            Sum(
                _("Refund, once finance has released it") if each.status == waits else _("Refund, sent at once"),
                each.amount,
            )
            for each in refunds.order_by("pk")
        ),
        *(Sum(_("Offer to the buyer"), each.amount) for each in offers.order_by("pk")),
        *(Sum(_("For a second person to decide"), each.amount) for each in asked.order_by("pk")),
    ]
