"""Who pays the freight of a case: worked out when it is asked for, and again when its terms change."""

from decimal import Decimal

from django.db.models import F, Sum

from aftersales.models import Case, Policy, Reason
from aftersales.rules.refunds import freight
from aftersales.rules.refunds.freight import Freight
from orders.models import Order, OrderLine

ZERO = Decimal(0)


def of(order: Order, reason: Reason, policy: Policy, case_type: str, *, finding: str = "") -> Freight:
    """Who pays the freight of a case; the case must hold what it asks for already: the rest of the lines stays."""
    return freight.payers(
        problem_class=reason.problem_class,
        fault=reason.fault,
        reason_payer=reason.freight_payer,
        case_type=case_type,
        has_free_freight=order.has_free_freight,
        still_free=freight.earns_free(_stays(order, policy), policy.free_freight_from),
        finding=finding,
    )


def _stays(order: Order, policy: Policy) -> Decimal:
    """The worth of what the buyer keeps; summed up only where free shipping depends on it."""
    if not order.has_free_freight or policy.free_freight_from is None:
        return ZERO
    left = F("paid_amount") - F("amount_reserved") - F("amount_settled") - F("amount_elsewhere")
    return OrderLine.objects.filter(order=order).aggregate(stays=Sum(left))["stays"] or ZERO


def renew(case: Case, case_type: str | None = None) -> None:
    """Work out anew who pays, because the type, the reason or the finding has changed; the caller saves."""
    found = of(case.order, case.reason, case.policy, case_type or case.type, finding=case.liable_party)
    case.freight_payer, case.outbound_payer, case.freight_rule = found.back, found.out, found.rule
