"""What could be asked for an order now, and the sentence for what could not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from aftersales.models import Case, Reason, Round
from aftersales.queries.orders import line_units
from aftersales.queries.orders.line_units import InCase
from aftersales.queries.orders.reason_offers import Judge, ReasonOffer
from aftersales.queries.policies import calendars, policy_choice
from aftersales.rules.cases import case_types, division, goods_told, return_window
from aftersales.rules.vocabulary import CaseType, GivenAs
from orders import unit_prices
from orders.models import Order, OrderLine

ZERO = Decimal(0)


@dataclass(frozen=True)
class LineOffer:
    """Units and money of a line that can be asked for; `refusal` when none can."""

    line: OrderLine
    refusal: str = ""
    places: Sequence[InCase] = ()

    def units(self, kind: str) -> int:
        """The most units that can be asked for: those left, or for money alone those that the buyer keeps."""
        return line_units.free(self.line, kind, self.places)

    @property
    def where(self) -> str:
        """In which open cases its units are, and how many are free; nothing where it is in none."""
        return line_units.where(self.line, self.places)

    def worth(self, units: int, currency: str) -> Decimal:
        """The most that so many units give back; nothing for more units than are left."""
        return unit_prices.worth(self.line, units, currency) if 0 < units <= self.line.units_left else ZERO


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


class Options(Mapping[CaseType, Option]):
    """For each type what is possible now, by the rules that applying checks again; each is judged when it is asked for.

    Eight queries, however many types.
    """

    def __init__(self, order: Order, lines: Iterable[OrderLine], at: datetime) -> None:
        self._known = _read(order, list(lines), at)
        self._judged: dict[CaseType, Option] = {}

    def __getitem__(self, kind: CaseType) -> Option:
        if kind not in self._judged:
            self._judged[kind] = _option(CaseType(kind), self._known)
        return self._judged[kind]

    def __iter__(self) -> Iterator[CaseType]:
        return iter(CaseType)

    def __len__(self) -> int:
        return len(CaseType)


def options(order: Order, lines: Iterable[OrderLine], at: datetime) -> Options:
    """What could be asked for an order at a moment."""
    return Options(order, lines, at)


def fitting_again(case: Case, kinds: Iterable[CaseType], at: datetime) -> dict[CaseType, list[Reason]]:
    """For each type the reasons that a case can be asked again for; its window is open if it was when first asked."""
    order, active = case.order, list(Reason.objects.filter(is_active=True))
    lines = list(order.lines.order_by("position"))
    kept = calendars.of(order.merchant_id)
    judge = Judge(order, policy_choice.for_order(order, case.opened_at), kept, at, case.opened_at)
    return {kind: [each for each in active if judge.fits_some(kind, each, lines)] for kind in kinds}


def freight_note(order: Order) -> str:
    """What happens to the freight, in a sentence; it goes back once, with the last item, if nothing was shipped."""
    if not order.freight_amount:
        return _("No freight was paid.")
    if order.dispatched is not None:
        return _("The freight stays paid: goods were shipped.")
    if not order.freight_left:
        return _("The freight is asked for or given back already.")
    return ""


@dataclass(frozen=True)
class _Known:
    """What is asked of every type, read once; `used` counts the applications of a line, `places` has its open cases."""

    order: Order
    lines: list[OrderLine]
    at: datetime
    judge: Judge
    reasons: list[Reason]
    used: Mapping[int, int]
    places: Mapping[int, list[InCase]]


def _read(order: Order, lines: list[OrderLine], at: datetime) -> _Known:
    judge = Judge(order, policy_choice.for_order(order, at), calendars.of(order.merchant_id), at)
    reasons = list(Reason.objects.filter(is_active=True))
    places = line_units.in_open_cases([line.pk for line in lines])
    return _Known(order, lines, at, judge, reasons, _applications(lines), places)


def _applications(lines: list[OrderLine]) -> dict[int, int]:
    if not lines:
        return {}
    rounds = list(Round.objects.counted(lines[0].order_id))
    return {line.pk: division.applications(rounds, line.pk) for line in lines}


def _option(kind: CaseType, known: _Known) -> Option:
    judged = [known.judge.offer(kind, reason, known.lines) for reason in known.reasons if kind in reason.case_types]
    fit = [each for each in judged if isinstance(each, ReasonOffer)]
    unfit = [each for each in judged if not isinstance(each, ReasonOffer)]
    offers = [_line_offer(kind, line, known, _limit(fit, line)) for line in known.lines]
    return Option(kind, fit, unfit, offers, _refusal(kind, known, fit, unfit, offers))


def _limit(fit: list[ReasonOffer], line: OrderLine) -> int:
    """How often an item can be applied for; the policy may depend on the reason, then the strictest counts."""
    return min((offer.policies[line.pk].application_count for offer in fit if line.pk in offer.policies), default=0)


def _line_offer(kind: CaseType, line: OrderLine, known: _Known, limit: int) -> LineOffer:
    places = known.places.get(line.pk, [])
    return LineOffer(line, _line_refusal(kind, line, places, known.used.get(line.pk, 0), limit), places)


def _line_refusal(kind: CaseType, line: OrderLine, places: Sequence[InCase], used: int, limit: int) -> str:
    record = case_types.of(kind)
    if not line_units.free(line, kind, places):
        return _none_free(line, places if record.holds_units else line_units.of_type(places, kind))
    # Freight can be given back when nothing else is left.
    if not record.holds_units and not line.amount_left and GivenAs.FREIGHT not in record.given_as:
        return _("Nothing of it is left to ask for.")
    if limit and used >= limit:
        return _("An item can be applied for %(limit)d times; it has been.") % {"limit": limit}
    return ""


def _none_free(line: OrderLine, places: Sequence[InCase]) -> str:
    if not places:
        return _("Nothing of it is left to ask for.")
    return line_units.sentence(line, 0, places)


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
    unknown = goods_told.unknown(known.order, known.at)
    if unknown:
        return unknown
    state = return_window.goods_state(known.order, known.at)
    too_late = next((sentence for reason, sentence in unfit if state in reason.goods_states), "")
    not_while = _("Not while the goods are: %(state)s.") % {"state": state.label}
    return (case_types.fits(kind, state) and too_late) or not_while
