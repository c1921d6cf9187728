"""What could be asked for an order now, and the sentence for what could not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from aftersales.models import Case, CaseLine, Policy, Reason, Round
from aftersales.queries.policies import policy_choice
from aftersales.rules.cases import case_types, division, return_window
from aftersales.rules.vocabulary import CaseType, GivenAs, GoodsState
from orders import money
from orders.models import Order, OrderLine

ZERO = Decimal(0)


@dataclass(frozen=True)
class ReasonOffer:
    """A reason that fits now, and until when it will."""

    reason: Reason
    policy: Policy
    closes_at: datetime | None


@dataclass(frozen=True)
class LineOffer:
    """Units and money of a line that can be asked for; `refusal` when none can."""

    line: OrderLine
    refusal: str = ""

    def units(self, kind: str) -> int:
        """The most units that can be asked for: those left, or for money alone those that the buyer keeps."""
        line = self.line
        if not case_types.of(kind).compensates:
            return line.units_left
        return line.quantity - line.units_settled - line.units_elsewhere

    def worth(self, units: int, currency: str) -> Decimal:
        """The most that so many units give back; nothing for more units than are left."""
        line = self.line
        if not 0 < units <= line.units_left:
            return ZERO
        return money.share_of_units(line.paid_amount, line.quantity, units, line.units_left, line.amount_left, currency)


@dataclass(frozen=True)
class Option:
    """One type of case: what fits, what does not and why; `refusal` when nothing does."""

    type: CaseType
    reasons: list[ReasonOffer] = field(default_factory=list)
    unfit: list[tuple[Reason, str]] = field(default_factory=list)
    lines: list[LineOffer] = field(default_factory=list)
    refusal: str = ""

    @property
    def open_lines(self) -> list[LineOffer]:
        """Lines that can be asked for."""
        return [offer for offer in self.lines if not offer.refusal]


def options(order: Order, lines: Iterable[OrderLine], at: datetime) -> dict[CaseType, Option]:
    """For each type what is possible now, by the rules that applying checks again; four queries."""
    lines = list(lines)
    in_force, reasons = list(policy_choice.in_force(at)), list(Reason.objects.filter(is_active=True))
    used, busy = _applications(lines), _open_cases(lines)
    return {
        kind: _option(kind, order, lines, _judged(kind, order, lines, reasons, in_force, at), used, busy, at)
        for kind in CaseType
    }


def fitting_again(case: Case, kinds: Iterable[CaseType], at: datetime) -> dict[CaseType, list[Reason]]:
    """For each type the reasons that a case can be asked again for; its window is open if it was when first asked."""
    active = list(Reason.objects.filter(is_active=True))
    categories = set(OrderLine.objects.filter(order=case.order_id).values_list("category", flat=True))

    def fits(kind: CaseType, reason: Reason) -> bool:
        said = return_window.refusal(
            case.order, reason, case.policy, kind, at, asked_at=case.opened_at, categories=categories
        )
        return said is None

    return {kind: [each for each in active if fits(kind, each)] for kind in kinds}


def freight_note(order: Order) -> str:
    """What happens to the freight, in a sentence; it goes back once, with the last item, if nothing was shipped."""
    if not order.freight_amount:
        return _("No freight was paid.")
    if order.shipped_at is not None:
        return _("The freight stays paid: goods were shipped.")
    if not order.freight_left:
        return _("The freight is asked for or given back already.")
    return ""


Judged = tuple[list[ReasonOffer], list[tuple[Reason, str]]]


def _judged(
    kind: CaseType, order: Order, lines: list[OrderLine], reasons: list[Reason], in_force: list[Policy], at: datetime
) -> Judged:
    category, categories = lines[0].category if lines else "", {line.category for line in lines}
    fit: list[ReasonOffer] = []
    unfit: list[tuple[Reason, str]] = []
    for reason in reasons:
        if kind not in reason.case_types:
            continue
        policy = _policy(in_force, order, kind, reason, category)
        refusal: str | None = _("No policy is in force for this.")
        if policy:
            refusal = return_window.refusal(order, reason, policy, kind, at, categories=categories)
        if refusal or policy is None:
            unfit.append((reason, refusal or ""))
        else:
            fit.append(ReasonOffer(reason, policy, return_window.closes_at(order, reason, policy, kind)))
    return fit, unfit


def _policy(in_force: list[Policy], order: Order, kind: str, reason: Reason, category: str) -> Policy | None:
    fitting = (policy for policy in in_force if policy_choice.fits(policy, order, kind, reason.pk, category))
    return max(fitting, key=lambda policy: (policy_choice.specificity(policy), policy.version, policy.pk), default=None)


def _option(
    kind: CaseType,
    order: Order,
    lines: list[OrderLine],
    judged: Judged,
    used: Mapping[int, int],
    busy: Mapping[tuple[int, str], str],
    at: datetime,
) -> Option:
    fit, unfit = judged
    limit = min((offer.policy.application_count for offer in fit), default=0)
    offers = [
        LineOffer(line, _line_refusal(kind, line, busy.get((line.pk, kind)), used.get(line.pk, 0), limit))
        for line in lines
    ]
    state = return_window.goods_state(order, at)
    refusal = _refusal(kind, state, fit, unfit, offers)
    return Option(kind, fit, unfit, offers, refusal)


def _refusal(
    kind: CaseType, state: GoodsState, fit: list[ReasonOffer], unfit: list[tuple[Reason, str]], offers: list[LineOffer]
) -> str:
    if not offers:
        return _("This order has no items.")
    if all(offer.refusal for offer in offers):
        sentences = {offer.refusal for offer in offers}
        return sentences.pop() if len(sentences) == 1 else _("Nothing of this order is left to ask for.")
    if fit:
        return ""
    too_late = next((sentence for reason, sentence in unfit if state in reason.goods_states), "")
    return (case_types.fits(kind, state) and too_late) or _("Not while the goods are: %(state)s.") % {
        "state": state.label
    }


def _line_refusal(kind: str, line: OrderLine, case_number: str | None, used: int, limit: int) -> str:
    if case_number:
        return _("%(title)s is already in case %(number)s.") % {"title": line.title, "number": case_number}
    left = line.units_left if case_types.of(kind).holds_units else line.amount_left
    # Freight can be given back when nothing else is left.
    if not left and GivenAs.FREIGHT not in case_types.of(kind).given_as:
        return _("Nothing of it is left to ask for.")
    if limit and used >= limit:
        return _("An item can be applied for %(limit)d times; it has been.") % {"limit": limit}
    return ""


def _applications(lines: list[OrderLine]) -> dict[int, int]:
    if not lines:
        return {}
    asked = list(Round.objects.counted(lines[0].order_id))
    return {line.pk: division.applications(asked, line.pk) for line in lines}


def _open_cases(lines: list[OrderLine]) -> dict[tuple[int, str], str]:
    held = CaseLine.objects.filter(order_line__in=lines, is_open=True).order_by()
    return {(line, kind): number for line, kind, number in held.values_list("order_line", "case_type", "case__number")}
