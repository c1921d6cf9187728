"""What could be asked for an order now, and the sentence for what could not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from aftersales.models import Case, CaseLine, Policy, Reason, Round
from aftersales.queries.policies import policy_choice
from aftersales.rules.cases import case_types, division, return_window
from aftersales.rules.vocabulary import CaseType, GivenAs
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
    known = _read(order, list(lines), at)
    return {kind: _option(kind, known) for kind in CaseType}


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


@dataclass(frozen=True)
class _Known:
    """What is asked of every type, read once; `used` counts the applications of a line, `busy` names its open cases."""

    order: Order
    lines: list[OrderLine]
    at: datetime
    policies: list[Policy]
    reasons: list[Reason]
    used: Mapping[int, int]
    busy: Mapping[tuple[int, str], str]


def _read(order: Order, lines: list[OrderLine], at: datetime) -> _Known:
    policies, reasons = list(policy_choice.in_force(at)), list(Reason.objects.filter(is_active=True))
    return _Known(order, lines, at, policies, reasons, _applications(lines), _open_cases(lines))


def _applications(lines: list[OrderLine]) -> dict[int, int]:
    if not lines:
        return {}
    rounds = list(Round.objects.counted(lines[0].order_id))
    return {line.pk: division.applications(rounds, line.pk) for line in lines}


def _open_cases(lines: list[OrderLine]) -> dict[tuple[int, str], str]:
    held = CaseLine.objects.filter(order_line__in=lines, is_open=True).order_by()
    return {(line, kind): number for line, kind, number in held.values_list("order_line", "case_type", "case__number")}


def _option(kind: CaseType, known: _Known) -> Option:
    judged = [_judged(kind, reason, known) for reason in known.reasons if kind in reason.case_types]
    fit = [each for each in judged if isinstance(each, ReasonOffer)]
    unfit = [each for each in judged if not isinstance(each, ReasonOffer)]
    limit = min((offer.policy.application_count for offer in fit), default=0)
    offers = [LineOffer(line, _line_refusal(kind, line, known, limit)) for line in known.lines]
    return Option(kind, fit, unfit, offers, _refusal(kind, known, fit, unfit, offers))


def _judged(kind: CaseType, reason: Reason, known: _Known) -> ReasonOffer | tuple[Reason, str]:
    """A reason as it is offered, or with the sentence against it."""
    order, at = known.order, known.at
    policy = _policy(known, kind, reason)
    if policy is None:
        return reason, _("No policy is in force for this.")
    categories = {line.category for line in known.lines}
    refusal = return_window.refusal(order, reason, policy, kind, at, categories=categories)
    return (reason, refusal) if refusal else _offered(order, reason, policy, kind)


def _offered(order: Order, reason: Reason, policy: Policy, kind: CaseType) -> ReasonOffer:
    return ReasonOffer(reason, policy, return_window.closes_at(order, reason, policy, kind))


def _policy(known: _Known, kind: CaseType, reason: Reason) -> Policy | None:
    """The most special policy that fits, as `policy_choice.resolve` finds it, of those that were read."""
    category = known.lines[0].category if known.lines else ""
    fitting = [each for each in known.policies if policy_choice.fits(each, known.order, kind, reason.pk, category)]
    return max(fitting, key=lambda policy: (policy_choice.specificity(policy), policy.version, policy.pk), default=None)


def _line_refusal(kind: CaseType, line: OrderLine, known: _Known, limit: int) -> str:
    case_number = known.busy.get((line.pk, kind))
    if case_number:
        return _("%(title)s is already in case %(number)s.") % {"title": line.title, "number": case_number}
    left = line.units_left if case_types.of(kind).holds_units else line.amount_left
    # Freight can be given back when nothing else is left.
    if not left and GivenAs.FREIGHT not in case_types.of(kind).given_as:
        return _("Nothing of it is left to ask for.")
    if limit and known.used.get(line.pk, 0) >= limit:
        return _("An item can be applied for %(limit)d times; it has been.") % {"limit": limit}
    return ""


def _refusal(
    kind: CaseType, known: _Known, fit: list[ReasonOffer], unfit: list[tuple[Reason, str]], offers: list[LineOffer]
) -> str:
    """The one sentence when nothing of the type is possible."""
    if not offers:
        return _("This order has no items.")
    if all(offer.refusal for offer in offers):
        sentences = {offer.refusal for offer in offers}
        return sentences.pop() if len(sentences) == 1 else _("Nothing of this order is left to ask for.")
    return "" if fit else _no_reason_fits(kind, known, unfit)


def _no_reason_fits(kind: CaseType, known: _Known, unfit: list[tuple[Reason, str]]) -> str:
    """That the time is over, where it is only that; else that goods in this state are not what the type is for."""
    state = return_window.goods_state(known.order, known.at)
    too_late = next((sentence for reason, sentence in unfit if state in reason.goods_states), "")
    not_while = _("Not while the goods are: %(state)s.") % {"state": state.label}
    return (case_types.fits(kind, state) and too_late) or not_while
