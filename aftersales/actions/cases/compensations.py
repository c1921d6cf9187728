"""Money that does not take units: compensations, price protection; and what is given in kind."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from aftersales.actions.cases import holdings
from aftersales.actions.refunds import receivables
from aftersales.models import Case, CaseLine, Coupon, Policy, Receivable
from aftersales.rules.cases import case_types, compensation
from aftersales.rules.cases.case_types import COMPENSATING
from aftersales.rules.phrases import money_text
from aftersales.rules.vocabulary import GivenAs
from orders import money
from orders.models import Order, OrderLine
from orders.refusals import NotEntitled, Refused

if TYPE_CHECKING:
    from aftersales.actions.cases.applications import Application, Wanted

ZERO = Decimal(0)


def worth(
    order: Order, line: OrderLine, wanted: Wanted, application: Application, policy: Policy, at: datetime
) -> Decimal:
    """What is asked for units that the buyer keeps; Refused or NotEntitled says why it is too much."""
    kept = line.quantity - line.units_settled - line.units_elsewhere
    if case_types.of(application.type).compares_prices:
        kept = line.units_left
    if not 0 < wanted.units <= kept:
        raise NotEntitled(
            _("%(title)s: %(left)d of %(sold)d can still be asked for.")
            % {"title": line.title, "left": max(kept, 0), "sold": line.quantity}
        )
    if application.given_as == GivenAs.FREIGHT:
        return ZERO
    amount = _asked(order, line, wanted, application, policy, at)
    if not (money.is_whole(amount, order.currency) and ZERO < amount <= line.amount_left):
        raise NotEntitled(
            _("%(title)s: at most %(most)s can still be given.")
            % {"title": line.title, "most": money_text(line.amount_left, order.currency)}
        )
    return amount


def _asked(
    order: Order, line: OrderLine, wanted: Wanted, application: Application, policy: Policy, at: datetime
) -> Decimal:
    if case_types.of(application.type).compares_prices:
        return _price_protection(order, line, wanted)
    paid = money.share_of_units(
        line.paid_amount, line.quantity, wanted.units, line.quantity, line.paid_amount, order.currency
    )
    in_time = compensation.refusal(order, application.reason, at)
    if in_time:
        raise Refused(in_time)
    if application.reason.code == compensation.LATE:
        return _for_lateness(order, line, policy, paid, at)
    most = compensation.ceiling(application.reason, paid, order.currency)
    left = None if most is None else max(most - given_before(line), ZERO)
    amount = wanted.amount if wanted.amount is not None else left
    if amount is None:
        raise Refused(_("%(title)s: say how much.") % {"title": line.title})
    if left is not None and amount > left:
        raise NotEntitled(
            _("%(title)s: for “%(reason)s” at most %(percent)d %% of what was paid; %(left)s of it is left.")
            % {
                "title": line.title,
                "reason": application.reason.name,
                "left": money_text(left, order.currency),
                "percent": application.reason.compensation_percent,
            }
        )
    return amount


def _for_lateness(order: Order, line: OrderLine, policy: Policy, paid: Decimal, at: datetime) -> Decimal:
    if not compensation.dispatched_late(order, at):
        raise Refused(_("The order was dispatched in time, or no time was promised."))
    left = compensation.late_dispatch(order, policy, paid, at) - given_before(line)
    if left <= ZERO:
        raise Refused(_("Lateness was compensated already."))
    return min(left, line.amount_left)


def given_before(line: OrderLine) -> Decimal:
    """What other compensations for the line have given or hold; ceilings count them in."""
    others = CaseLine.objects.filter(order_line=line, case_type__in=COMPENSATING)
    return others.aggregate(given=Sum(F("amount_settled") + F("amount_held")))["given"] or ZERO


def _price_protection(order: Order, line: OrderLine, wanted: Wanted) -> Decimal:
    if wanted.price_now is None or wanted.price_now < 0 or not money.is_whole(wanted.price_now, order.currency):
        raise Refused(_("%(title)s: enter the price of today for one unit.") % {"title": line.title})
    # What earlier cases gave back lowers what was paid: the same drop is not paid twice.
    paid = money.share_of_units(
        line.amount_left, line.units_left, wanted.units, line.units_left, line.amount_left, order.currency
    )
    difference = compensation.price_difference(paid, wanted.price_now, wanted.units, order.currency)
    if not difference:
        raise Refused(
            _("%(title)s: %(paid)s was paid; the price of today is not lower.")
            % {"title": line.title, "paid": money_text(paid, order.currency)}
        )
    return difference


def give_in_kind(case: Case, *, at: datetime) -> None:
    """Issue the coupon or the points, or owe the freight, that a compensation has agreed to."""
    if case.given_as == GivenAs.FREIGHT:
        amount = case.requested_amount if case.agreed_amount is None else case.agreed_amount
        if amount:
            receivables.owe(
                case, Receivable.Kind.BUYER_FREIGHT, amount, Receivable.Party.MERCHANT, Receivable.Party.BUYER, at=at
            )
        Case.objects.filter(pk=case.pk).update(agreed_amount=ZERO)
        case.agreed_amount = ZERO
        return
    amount = holdings.narrow_to(case, case.agreed_amount)
    holdings.use_up(case)
    if amount:
        points = compensation.points_for(amount, case.policy) if case.given_as == GivenAs.POINTS else 0
        Coupon.objects.create(
            case=case,
            merchant_id=case.merchant_id,
            buyer_id=case.buyer_id,
            kind=case.given_as,
            currency=case.currency,
            amount=amount,
            points=points,
            issued_at=at,
            valid_until=at + timedelta(days=case.policy.coupon_days),
        )
    Case.objects.filter(pk=case.pk).update(agreed_amount=amount, freight_held=case.freight_held)
    case.agreed_amount = amount
