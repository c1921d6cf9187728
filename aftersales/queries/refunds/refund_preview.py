"""The refund of a case worked out line by line, and how it goes back along the payments."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext_lazy as _

from aftersales.models import Case, Charge, Refund
from aftersales.models.refunds.charge import ChargeKind
from aftersales.rules.phrases import money_text
from aftersales.rules.refunds.settlement import Draft
from aftersales.rules.vocabulary import RefundStatus
from orders import entitlement, money
from orders.models import OrderLine, Payment

ZERO = Decimal(0)
# Rules by the code that is stored with a charge or a receivable; those of percentages carry theirs behind a colon.
PERCENTAGES: Final = {
    "restocking": _("%(percent)s %% of the goods, by the policy: the reason is the buyer's"),
    "found_restocking": _("%(percent)s %% of the goods, by the policy: the buyer was found at fault"),
    "found_restocking_used": _("%(percent)s %% of opened or used goods, by the policy: the buyer was found at fault"),
    "found_restocking_late": _("%(percent)s %% of goods sent back late, by the policy: the buyer was found at fault"),
    "restocking_used": _("%(percent)s %% of opened or used goods, by the policy: the reason is the buyer's"),
    "restocking_late": _("%(percent)s %% of goods sent back late, by the policy: the reason is the buyer's"),
}
DEPRECIATION: Final = _(
    "%(days)s days of use at %(percent)s %% a day, by the policy: the same model was in stock (三包)"
)
SENTENCES: Final = {
    "bundle": _("what stays of the bundle is priced alone: the bundle's price was for all of it"),
    "freight_once": _("nothing was shipped: outbound freight goes back, once"),
    "freight_both_ways": _("the merchant pays the outbound freight too, once nothing stays with the buyer"),
    "difference": _("the replacement costs more than was paid for what it replaces"),
    "quote": _("the buyer agreed to the price of the repair"),
    "not_repaired": _("the buyer had paid for a repair that was not delivered"),
    "missing_gift": _("the gift did not come back: its marked price"),
    "free_freight_lost": _("what stays no longer earns free shipping"),
    "insured_return": _("the way back was the buyer's and is insured, once for the order"),
    "reason_says_loss": _("by the reason of the case the parcel was lost"),
    "sent_to_supplier": _("the inspection sent them back to the supplier, at what was paid for them"),
    "return_freight_receipt": _("the merchant pays the way back: by the carrier's receipt"),
    "goods_back": _("the way back to the buyer is the buyer's: the merchant paid the carrier"),
    "carrier_says_loss": _("the parcel was lost on its way to the buyer, or no longer moves"),
    "reason_says_damage": _("by the reason of the case the goods were damaged on the way"),
    "inspection_says_loss": _("the inspection found the parcel empty"),
    "inspection_says_damage": _("the inspection found damaged goods"),
    "finding_says_carrier": _("the carrier was found at fault"),
    "claimed": _("claimed on the carrier by hand"),
    "unreturned": _("the replacement was sent first, the old goods never came back"),
    "found_free_freight_lost": _("the buyer was found at fault, and what stays no longer earns free shipping"),
    "found_buyer_bears_return": _("the buyer bears the way back by the finding: the merchant advanced it"),
    "buyer_bears_return": _("the reason is the buyer's: the merchant advanced the way back"),
}


@dataclass(frozen=True)
class Row:
    """One line of the calculation, with the rule behind it in words."""

    label: str
    amount: Decimal
    rule: str = ""


@dataclass(frozen=True)
class Way:
    """A part of the money along one payment."""

    label: str
    amount: Decimal
    points: int = 0


@dataclass(frozen=True)
class Sheet:
    """The whole calculation, and the ways the money goes: `is_final` once refunds carry it."""

    rows: list[Row]
    total: Decimal
    ways: list[Way]
    shortage: str = ""
    is_final: bool = False


def final(case: Case, charges: Sequence[Charge], refunds: Sequence[Refund]) -> Sheet:
    """The calculation as it was fixed, and the refunds that carry it."""
    rows = [_row(case, charge.kind, charge.order_line, charge.units, charge.amount, charge.rule) for charge in charges]
    return Sheet(rows, sum((row.amount for row in rows), ZERO), _ways(refunds), is_final=True)


def _ways(refunds: Sequence[Refund]) -> list[Way]:
    live = [refund for refund in refunds if refund.status != RefundStatus.CANCELLED]
    return [Way(refund.payment.get_method_display(), refund.amount, refund.points) for refund in live]


def preview(
    case: Case,
    drafts: Sequence[Draft],
    sold: Sequence[OrderLine],
    payments: Sequence[Payment],
    ahead: Sequence[Refund] = (),
) -> Sheet:
    """The calculation as it stands now, and how it would be shared over the payments, or was `ahead` of the goods."""
    rows = _rows(case, drafts, sold)
    total = sum((row.amount for row in rows), ZERO)
    if total < 0:
        return Sheet(rows, total, [])
    if ahead:
        return Sheet(rows, total, _ways(ahead))
    return _shared(Sheet(rows, total, []), payments, case.currency)


def _shared(sheet: Sheet, payments: Sequence[Payment], currency: str) -> Sheet:
    """The sheet with the way its total would go along the payments, or with what they hold too little."""
    try:
        parts = entitlement.proportions(sheet.total, payments, currency)
    except money.Short as short:
        said = _("The payments of this order hold %(missing)s less than that.")
        return replace(sheet, shortage=said % {"missing": money_text(short.shortfall, currency)})
    ways = [Way(payment.get_method_display(), part) for payment, part in zip(payments, parts, strict=True) if part]
    return replace(sheet, ways=ways)


def _rows(case: Case, drafts: Sequence[Draft], sold: Sequence[OrderLine]) -> list[Row]:
    lines = {line.pk: line for line in sold}
    return [
        _row(case, draft.kind, lines.get(draft.line_id or 0), draft.units, draft.amount, draft.rule) for draft in drafts
    ]


def _row(case: Case, kind: str, line: OrderLine | None, units: int, amount: Decimal, rule: str) -> Row:
    if line is not None:
        name = " ".join(part for part in (line.title, line.variant) if part)
        if kind != ChargeKind.GOODS:
            return Row(f"{ChargeKind(kind).label}: {name} × {units}", amount, explained(rule))
        return Row(f"{name} × {units}", amount, _share_rule(line, units) or explained(rule))
    return Row(str(ChargeKind(kind).label), amount, explained(rule))


def _share_rule(line: OrderLine, units: int) -> str:
    if not units or units == line.quantity:
        return ""
    return _("%(units)d of %(sold)d units, their share of what was paid") % {"units": units, "sold": line.quantity}


def deducted(case: Case, drafts: Sequence[Draft], sold: Sequence[OrderLine]) -> list[str]:
    """Each deduction in a phrase: what it is, how much, and by which rule."""
    rows = [row for row in _rows(case, drafts, sold) if row.amount < 0]
    return [f"{row.label} {money_text(-row.amount, case.currency)} ({row.rule})" for row in rows]


def explained(rule: str) -> str:
    """The rule of a deduction or a receivable in words; a rule that nobody knows any more as it is stored."""
    code, _colon, value = rule.partition(":")
    if code == "depreciation":
        percent, _colon, days = value.partition(":")
        return DEPRECIATION % {"percent": percent, "days": days}
    if code in PERCENTAGES:
        return PERCENTAGES[code] % {"percent": value}
    return str(SENTENCES.get(code, rule))
