"""What about a buyer or a case is worth a second look; nothing here decides anything by itself."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aftersales.rules.phrases import money_text

if TYPE_CHECKING:
    from aftersales.models import Case


@dataclass(frozen=True)
class Record:
    """What a buyer ordered and asked back in the days a policy looks back; money in the currency of the case."""

    order_count: int
    paid: Decimal
    case_count: int
    lapsed_count: int
    given_back: Decimal
    dispute_count: int = 0

    @property
    def percent_disputed(self) -> int:
        """Share of the cases that went to the platform, rounded down."""
        return 100 * self.dispute_count // self.case_count if self.case_count else 0

    @property
    def percent_back(self) -> int:
        """Share of what was paid that was given back, rounded down; nothing paid gives nothing."""
        return int(100 * self.given_back / self.paid) if self.paid else 0


@dataclass(frozen=True)
class Signal:
    """One thing worth a look, with its reason; `cases` when the cases behind it can be listed."""

    text: str
    cases: str = ""


def signals(case: Case, record: Record, same_photos: list[str]) -> list[Signal]:
    """Everything that speaks for a second look, the strongest first; `same_photos` are numbers of other cases."""
    shown = _("A photo of this case was shown in case %(number)s too.")
    judged = (_many(case, record), _much(case, record), _disputed(case, record), _lapsed(record), _held(case))
    return [
        *(Signal(shown % {"number": number}, number) for number in same_photos),
        *(signal for signal in judged if signal),
    ]


def _many(case: Case, record: Record) -> Signal | None:
    if record.case_count < case.policy.risk_case_count:
        return None
    words = {"cases": record.case_count, "orders": record.order_count, "days": case.policy.risk_days}
    return Signal(_("Cases in %(days)d days: %(cases)d; orders: %(orders)d.") % words, "buyer")


def _much(case: Case, record: Record) -> Signal | None:
    if not record.given_back or record.percent_back < case.policy.risk_refund_percent:
        return None
    words = {
        "back": money_text(record.given_back, case.currency),
        "paid": money_text(record.paid, case.currency),
        "percent": record.percent_back,
        "days": case.policy.risk_days,
    }
    return Signal(_("%(back)s of %(paid)s paid in %(days)d days went back: %(percent)d %%.") % words, "buyer")


def _disputed(case: Case, record: Record) -> Signal | None:
    if not record.dispute_count or record.percent_disputed < case.policy.risk_dispute_percent:
        return None
    words = {"count": record.dispute_count, "cases": record.case_count, "days": case.policy.risk_days}
    return Signal(_("Of %(cases)d cases in %(days)d days, %(count)d went to the platform.") % words, "buyer")


def _lapsed(record: Record) -> Signal | None:
    if not record.lapsed_count:
        return None
    said = ngettext(
        "%(count)d case was opened and then let lapse.",
        "%(count)d cases were opened and then let lapse.",
        record.lapsed_count,
    )
    return Signal(said % {"count": record.lapsed_count}, "buyer")


def _held(case: Case) -> Signal | None:
    count = case.order.receipt_hold_count
    if count < 2:  # the first one is this case, or any other
        return None
    return Signal(_("Cases have held up the receipt of this order %(count)d times.") % {"count": count})
