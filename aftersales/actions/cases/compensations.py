"""Money that does not take units: compensations, price protection; and what is given in kind."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from aftersales.actions.cases import holdings
from aftersales.actions.cases.applications import Assessment, Wanted
from aftersales.actions.refunds import receivables
from aftersales.models import Case, CaseLine, Coupon, Reason, Receivable
from aftersales.queries.cases import compensation_tiers
from aftersales.queries.orders import line_units
from aftersales.rules.cases import compensation
from aftersales.rules.cases.case_types import COMPENSATING
from aftersales.rules.phrases import money_text
from aftersales.rules.vocabulary import GivenAs
from orders import money, unit_prices
from orders.models import Order, OrderLine
from orders.refusals import NotEntitled, Refused

ZERO = Decimal(0)


def worth(assessment: Assessment, line: OrderLine, wanted: Wanted) -> Decimal:
    """What is asked for units that the buyer keeps; Refused or NotEntitled says why it is too much."""
    _refuse_more_units(assessment, line, wanted.units)
    if assessment.application.given_as == GivenAs.FREIGHT:
        return ZERO  # what the buyer advanced for freight is no money of the order
    currency = assessment.order.currency
    amount, left = _asked(assessment, line, wanted), _left(assessment, line)
    # A cent of lateness is not for each of several lines.
    is_some = amount > ZERO or assessment.application.reason.code == compensation.LATE
    if not (money.is_whole(amount, currency) and is_some and amount <= left):
        raise NotEntitled(
            _("%(title)s: at most %(most)s can still be given.")
            % {"title": line.title, "most": money_text(left, currency)}
        )
    return amount


def _refuse_more_units(assessment: Assessment, line: OrderLine, units: int) -> None:
    """No more than the buyer keeps and no other open case of the type is about: a unit is harmed once at a time."""
    kind, case = assessment.application.type, assessment.case
    places = line_units.in_open_cases([line.pk]).get(line.pk, [])
    others = line_units.of_type(places, kind, but=case.number if case else "")
    free = line_units.free(line, kind, others)
    if not 0 < units <= free:
        raise NotEntitled(line_units.sentence(line, free, others))


def _asked(assessment: Assessment, line: OrderLine, wanted: Wanted) -> Decimal:
    reason = assessment.application.reason
    if assessment.application.record.compares_prices:
        return _price_protection(assessment.order, line, wanted)
    in_time = compensation.refusal(assessment.order, reason, assessment.at)
    if in_time:
        raise Refused(in_time)
    if reason.code == compensation.LATE:
        return _for_lateness(assessment)[line.pk]
    return _below_ceiling(assessment, line, wanted, _paid_for(assessment, line, wanted.units))


def _paid_for(assessment: Assessment, line: OrderLine, units: int) -> Decimal:
    return money.share_of_units(
        line.paid_amount, line.quantity, units, line.quantity, line.paid_amount, assessment.order.currency
    )


def _for_lateness(assessment: Assessment) -> dict[int, Decimal]:
    """The order was late once: what is open of it, shared over all items that are asked for by what was paid."""
    wanted = [(assessment.lines[pk], each.units) for pk, each in assessment.application.lines.items() if each.units]
    paid = [_paid_for(assessment, line, min(units, line.quantity)) for line, units in wanted]
    rooms = [_left(assessment, line) for line, _units in wanted]
    left = min(_lateness_left(assessment, [line for line, _units in wanted], sum(paid, ZERO)), sum(rooms, ZERO))
    if left <= ZERO:
        raise Refused(_("Lateness was compensated already."))
    parts = money.allocate_capped(left, paid, rooms, assessment.order.currency)
    return {line.pk: part for (line, _units), part in zip(wanted, parts, strict=True)}


def _lateness_left(assessment: Assessment, lines: Sequence[OrderLine], paid: Decimal) -> Decimal:
    order, policy, at = assessment.order, assessment.policy, assessment.at
    if not compensation.dispatched_late(order, at):
        raise Refused(_("The order was dispatched in time, or no time was promised."))
    for_lateness = _given(assessment, order=order, case__reason__code=compensation.LATE)
    paid_in_all = sum((line.paid_amount for line in assessment.lines.values()), ZERO)
    left = compensation.lateness_left(order, policy, paid=paid, paid_in_all=paid_in_all, given=for_lateness, at=at)
    due = compensation.late_dispatch(order, policy, paid, at)
    return min(left, due - _given(assessment, order_line__in=lines))


def _below_ceiling(assessment: Assessment, line: OrderLine, wanted: Wanted, paid: Decimal) -> Decimal:
    """What is asked, or what is left below the ceiling of the reason; one of the two has to say how much."""
    reason, currency = assessment.application.reason, assessment.order.currency
    most = compensation.ceiling(reason, paid, currency)
    left = None if most is None else max(most - _given(assessment, order_line=line), ZERO)
    amount = wanted.amount if wanted.amount is not None else left
    if amount is None:
        raise Refused(_("%(title)s: say how much.") % {"title": line.title})
    if left is not None and amount > left:
        raise _above_ceiling(line, reason, money_text(left, currency))
    return amount


def _above_ceiling(line: OrderLine, reason: Reason, left: str) -> NotEntitled:
    return NotEntitled(
        _("%(title)s: for “%(reason)s” at most %(percent)d %% of what was paid; %(left)s of it is left.")
        % {"title": line.title, "reason": reason.name, "left": left, "percent": reason.compensation_percent}
    )


def _given(assessment: Assessment, **of: Any) -> Decimal:
    """What compensations have given, hold or, in kind, are asked for; what is asked for anew does not count."""
    worth = compensation_tiers.worth(but=assessment.case.pk if assessment.case else 0)
    found = CaseLine.objects.filter(case_type__in=COMPENSATING, **of)
    return found.aggregate(given=Sum(worth))["given"] or ZERO


def _left(assessment: Assessment, line: OrderLine) -> Decimal:
    """What of the money paid may still be given; in kind no more than that either, all coupons together."""
    if assessment.application.holds_money:
        return line.amount_left
    in_kind = compensation_tiers.worth_in_kind(but=assessment.case.pk if assessment.case else 0)
    given = CaseLine.objects.filter(order_line=line).aggregate(given=Sum(in_kind))["given"] or ZERO
    return max(line.amount_left - given, ZERO)


def _price_protection(order: Order, line: OrderLine, wanted: Wanted) -> Decimal:
    if wanted.price_now is None or wanted.price_now < 0 or not money.is_whole(wanted.price_now, order.currency):
        raise Refused(_("%(title)s: enter the price of today for one unit.") % {"title": line.title})
    paid = unit_prices.worth(line, wanted.units, order.currency)
    drop = compensation.price_difference(paid, wanted.price_now, wanted.units, order.currency)
    # What other cases give back lowers what was paid for all units together: the same drop is not paid twice.
    most = compensation.price_difference(line.amount_left, wanted.price_now, line.units_left, order.currency)
    difference = min(drop, most)
    if not difference:
        raise _not_lower(line, money_text(paid, order.currency))
    return difference


def _not_lower(line: OrderLine, paid: str) -> Refused:
    return Refused(
        _("%(title)s: %(paid)s was paid; the price of today is not lower.") % {"title": line.title, "paid": paid}
    )


def give_in_kind(case: Case, *, at: datetime) -> None:
    """Issue the coupon or the points, or owe the freight, that a compensation has agreed to."""
    if case.given_as == GivenAs.FREIGHT:
        _owe_freight(case, at)
        case.agreed_amount = ZERO
    else:
        case.agreed_amount = holdings.give_in_kind(case, case.agreed_amount)
        if case.agreed_amount:
            _issue(case, case.agreed_amount, at)
    Case.objects.filter(pk=case.pk).update(agreed_amount=case.agreed_amount, freight_held=case.freight_held)


def _owe_freight(case: Case, at: datetime) -> None:
    amount = case.requested_amount if case.agreed_amount is None else case.agreed_amount
    party = Receivable.Party
    if amount:
        receivables.owe(case, Receivable.Kind.BUYER_FREIGHT, amount, party.MERCHANT, party.BUYER, at=at)


def _issue(case: Case, amount: Decimal, at: datetime) -> None:
    Coupon.objects.create(
        case=case,
        merchant_id=case.merchant_id,
        buyer_id=case.buyer_id,
        kind=case.given_as,
        currency=case.currency,
        amount=amount,
        points=compensation.points_for(amount, case.policy) if case.given_as == GivenAs.POINTS else 0,
        issued_at=at,
        valid_until=at + timedelta(days=case.policy.coupon_days),
    )
