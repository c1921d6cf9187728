"""What becomes of an instant refund once the goods were judged: set off against what is due, the rest asked back.

"Paid ahead" is money that `instant_refunds` paid before the goods were here (`Case.advanced_at`).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from aftersales.actions.cases import holdings
from aftersales.actions.refunds import receivables
from aftersales.models import Case, Receivable, Refund
from aftersales.models.refunds.refund import AT_GATEWAY, HOLDING
from aftersales.rules import guards
from aftersales.rules.phrases import money_text
from aftersales.rules.vocabulary import RefundStatus, Status
from orders import books, entitlement, money
from orders.entitlement import Claim
from orders.models import Entry
from orders.models.posting import Account
from orders.refusals import Refused

ZERO = Decimal(0)
UNSENT = tuple(status for status in HOLDING if status not in AT_GATEWAY)


def is_open(case: Case) -> bool:
    """Whether money was paid ahead and what is due has not been worked out yet."""
    return case.advanced_at is not None and case.status == Status.REFUNDING and not case.charges.exists()


def is_in_doubt(case: Case) -> bool:
    """Whether nobody knows yet if money paid ahead arrived: what is due is worked out once the gateway has said."""
    return is_open(case) and case.refunds.filter(status__in=AT_GATEWAY).exists()


def set_off(case: Case, due: Decimal, *, at: datetime) -> Decimal:
    """Set what was paid ahead off against the sum due; answers how much of it is paid or on its way.

    Refunds that were not sent go on if they come to exactly what is missing, else they are called off. What was paid
    beyond the sum due becomes a receivable from the buyer.
    """
    if case.advanced_at is None:
        return ZERO
    paid = _sum(case, [RefundStatus.SUCCEEDED])
    unsent = _sum(case, UNSENT)
    if unsent and paid + unsent == due:
        _call_off(case, (RefundStatus.FAILED, RefundStatus.REVERSED), at=at)
        return due
    _call_off(case, (*UNSENT, RefundStatus.FAILED, RefundStatus.REVERSED), at=at)
    if paid > due:
        _ask_back(case, paid - due, at=at)
    return paid


def recover_all(case: Case, *, at: datetime) -> None:
    """Ask back all that was paid ahead, because the case ends without a refund; Refused while its outcome is unknown.

    The money stays used up on the lines of the case: nobody can be refunded for them again before the buyer has paid.
    """
    if case.advanced_at is None:
        return
    if case.refunds.filter(status__in=AT_GATEWAY).exists():
        raise Refused(guards.ADVANCE_UNKNOWN)
    _call_off(case, (*UNSENT, RefundStatus.FAILED, RefundStatus.REVERSED), at=at)
    paid = _sum(case, [RefundStatus.SUCCEEDED])
    if paid:
        holdings.narrow(case, *with_surplus(case, {}, ZERO, paid))
        holdings.use_up(case)
        _ask_back(case, paid, at=at)


def with_surplus(
    case: Case, due: Mapping[int, Claim], freight: Decimal, surplus: Decimal
) -> tuple[dict[int, Claim], Decimal]:
    """What is due on each line and of the freight, and what was paid beyond it, spread over the room that they have.

    The surplus has left the payments all the same: were it not used up here too, it could be refunded again.
    """
    held = holdings.claims_held(case)
    due_by_line = [due.get(claim.line_id, Claim(claim.line_id, 0, ZERO)) for claim in held]
    room = [claim.amount - owed.amount for claim, owed in zip(held, due_by_line, strict=True)]
    *parts, on_freight = money.allocate(surplus, [*room, max(case.freight_held - freight, ZERO)], case.currency)
    used_up = {
        owed.line_id: Claim(owed.line_id, owed.units, owed.amount + part)
        for owed, part in zip(due_by_line, parts, strict=True)
    }
    return used_up, freight + on_freight


def refuse_below_paid(case: Case, claims: Iterable[Claim], freight: Decimal, *, holds_units: bool) -> None:
    """Refuse a new application that does not cover what was paid ahead, by sum and by units."""
    if case.advanced_at is None:
        return
    paid = _sum(case, [*HOLDING, RefundStatus.SUCCEEDED])
    if not holds_units or sum((claim.amount for claim in claims), freight) < paid:
        raise Refused(
            _("%(amount)s was paid before the goods were here: ask for at least that, for the goods.")
            % {"amount": money_text(paid, case.currency)}
        )


def _sum(case: Case, statuses: Iterable[RefundStatus]) -> Decimal:
    return case.refunds.filter(status__in=statuses).aggregate(total=Sum("amount"))["total"] or ZERO


def _ask_back(case: Case, amount: Decimal, *, at: datetime) -> None:
    party = Receivable.Party
    receivables.owe(case, Receivable.Kind.CLAWBACK, amount, party.BUYER, party.MERCHANT, at=at, rule="advanced")


def _call_off(case: Case, statuses: Iterable[RefundStatus], *, at: datetime) -> None:
    entitlement.locked_order(case.order_id)
    found = case.refunds.select_for_update(of=("self",)).filter(status__in=tuple(statuses)).order_by("pk")
    for refund in found:
        _free(refund, at=at)
        refund.cancel()
        # Without an end: nothing of it was ever given, unlike one that was reversed and is paid anew.
        refund.ended_at, refund.needs_person, refund.hold_until = None, False, None
        refund.save()


def _free(refund: Refund, *, at: datetime) -> None:
    """Let go of the payment what the refund held, and take the promise back."""
    if refund.status in HOLDING:
        entitlement.shift_payment(refund.payment_id, reserved=-refund.amount)
        books.post(
            Entry.Kind.RELEASED,
            f"{refund.number}/cancelled",
            at=at,
            merchant_id=refund.merchant_id,
            currency=refund.currency,
            sides=books.moved(Account.REFUNDS_DUE, Account.MERCHANT, refund.amount),
        )
