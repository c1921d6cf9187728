"""What a buyer asks, and what stands against it: window, evidence, count, what other cases hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.models import Case, CaseLine, Policy, Reason, Round
from aftersales.queries import policies
from aftersales.rules import window
from aftersales.rules.actor import Actor
from aftersales.rules.photo import Photo
from aftersales.rules.phrases import money_text
from aftersales.rules.vocabulary import CaseType, Role
from orders import money
from orders.entitlement import Claim
from orders.models import Order, OrderLine
from orders.refusals import NotEntitled, Refused

ZERO = Decimal(0)


@dataclass(frozen=True)
class Wanted:
    """Units of one order line, and the money asked for them; no amount asks for all of their share."""

    units: int
    amount: Decimal | None = None


@dataclass(frozen=True)
class Application:
    """What a buyer asks."""

    order_id: int
    type: CaseType
    reason: Reason
    lines: Mapping[int, Wanted]
    description: str = ""
    wants_freight: bool = False
    photos: Sequence[Photo] = field(default_factory=tuple)


def applicant(order: Order, by: Actor) -> Role:
    role = by.role_for("apply")
    foreign = by.merchant_id not in (None, order.merchant_id) or by.buyer_id not in (None, order.buyer_id)
    if role is None or foreign:
        raise gate.Forbidden(_("You may not apply for this order."))
    return role


def policy_for(order: Order, lines: Mapping[int, OrderLine], application: Application, at: datetime) -> Policy:
    first = next((lines[pk] for pk in application.lines if pk in lines), None)
    category = first.category if first else ""
    return policies.resolve(order, case_type=application.type, reason=application.reason, category=category, at=at)


def refuse_unfit(
    order: Order,
    lines: Mapping[int, OrderLine],
    application: Application,
    policy: Policy,
    at: datetime,
    case: Case | None = None,
) -> None:
    asked_at = case.opened_at if case else at
    unfit = window.refusal(order, application.reason, policy, application.type, at, asked_at=asked_at)
    if unfit:
        raise Refused(unfit)
    shown = bool(application.photos) or (case is not None and case.evidence.exists())
    if application.reason.needs_photo and not shown:
        raise Refused(_("“%(reason)s” needs a photo.") % {"reason": application.reason.name})
    refuse_busy(lines, list(application.lines), application.type, case)


def refuse_busy(lines: Mapping[int, OrderLine], wanted: Sequence[int], type: str, case: Case | None) -> None:
    busy = CaseLine.objects.filter(order_line__in=wanted, case_type=type, is_open=True)
    other = busy.exclude(case=case).select_related("case").first()
    if other is not None:
        title = lines[other.order_line_id].title
        raise Refused(_("%(title)s is already in case %(number)s.") % {"title": title, "number": other.case.number})


def claims_of(order: Order, lines: Mapping[int, OrderLine], application: Application) -> list[Claim]:
    claims = []
    for pk, wanted in application.lines.items():
        line = lines.get(pk)
        if line is None:
            raise NotEntitled(_("This item is not part of the order."))
        if wanted.units == 0:
            continue
        if not 0 < wanted.units <= line.units_left:
            claims.append(Claim(pk, wanted.units, ZERO))
            continue
        most = money.share_of_units(
            line.paid_amount, line.quantity, wanted.units, line.units_left, line.amount_left, order.currency
        )
        amount = most if wanted.amount is None else wanted.amount
        if not (money.is_whole(amount, order.currency) and ZERO <= amount <= most):
            raise NotEntitled(
                _("%(title)s: at most %(most)s for %(units)d of it.")
                % {"title": line.title, "most": money_text(most, order.currency), "units": wanted.units}
            )
        claims.append(Claim(pk, wanted.units, amount))
    if not claims:
        raise Refused(_("Choose at least one item."))
    return claims


def freight_of(order: Order, lines: Mapping[int, OrderLine], claims: Sequence[Claim], *, wanted: bool) -> Decimal:
    """Freight goes back once, and only if nothing was shipped, with the last units."""
    last = sum(line.units_left for line in lines.values()) == sum(claim.units for claim in claims)
    if order.shipped_at is None and last:
        return order.freight_left
    if wanted:
        raise Refused(_("Freight is given back only when nothing was shipped, with the last item."))
    return ZERO


def refuse_too_many(lines: Mapping[int, OrderLine], application: Application, policy: Policy) -> None:
    for pk in application.lines:
        used = Round.objects.filter(case__lines__order_line=pk).count()
        if used >= policy.application_count:
            raise Refused(
                _("%(title)s was applied for %(used)d times; %(limit)d is the limit.")
                % {"title": lines[pk].title, "used": used, "limit": policy.application_count}
            )
