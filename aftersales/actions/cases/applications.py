"""What a buyer asks, and what stands against it: window, evidence, count, what other cases hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.actions.cases import compensations, holdings
from aftersales.models import Case, Policy, Reason, Round
from aftersales.moves import acts
from aftersales.queries.cases import case_links
from aftersales.queries.policies import policy_choice
from aftersales.rules.actor import Actor
from aftersales.rules.cases import case_types, division, return_window
from aftersales.rules.disputes import burden_of_proof
from aftersales.rules.disputes.photo import Photo
from aftersales.rules.phrases import money_text
from aftersales.rules.vocabulary import CaseType, ChangeKind, GivenAs, Role
from orders import money
from orders.entitlement import Claim
from orders.models import Order, OrderLine
from orders.refusals import NotEntitled, Refused

ZERO = Decimal(0)


@dataclass(frozen=True)
class Swap:
    """What an exchange is to bring: another variant, and its price per unit; no price stands for the one paid."""

    sku: str = ""
    variant: str = ""
    price: Decimal | None = None


@dataclass(frozen=True)
class Wanted:
    """Units of one order line, and the money asked for them; no amount asks for all of their share.

    `price_now` is today's price of one unit, for price protection; `swap` what an exchange brings instead.
    """

    units: int
    amount: Decimal | None = None
    price_now: Decimal | None = None
    swap: Swap | None = None


@dataclass(frozen=True)
class Delivery:
    """Where an order is to go instead."""

    name: str
    phone: str
    region: str
    address: str
    postcode: str = ""


@dataclass(frozen=True)
class Application:
    """What a buyer asks. `freight` is what the buyer advanced for the way back, where that is asked for."""

    order_id: int
    type: CaseType
    reason: Reason
    lines: Mapping[int, Wanted]
    description: str = ""
    wants_freight: bool = False
    photos: Sequence[Photo] = field(default_factory=tuple)
    given_as: GivenAs = GivenAs.MONEY
    change: ChangeKind | None = None
    delivery: Delivery | None = None
    dispatches_first: bool = False
    freight: Decimal = ZERO


def applicant(order: Order, by: Actor) -> Role:
    role = by.role_for(acts.APPLY)
    foreign = by.merchant_id not in (None, order.merchant_id) or by.buyer_id not in (None, order.buyer_id)
    if role is None or foreign:
        raise gate.Forbidden(_("You may not apply for this order."))
    return role


def policy_for(order: Order, lines: Mapping[int, OrderLine], application: Application, at: datetime) -> Policy:
    first = next((lines[pk] for pk in application.lines if pk in lines), None)
    category = first.category if first else ""
    return policy_choice.resolve(order, case_type=application.type, reason=application.reason, category=category, at=at)


def refuse_unfit(
    order: Order,
    lines: Mapping[int, OrderLine],
    application: Application,
    policy: Policy,
    at: datetime,
    case: Case | None = None,
) -> None:
    asked_at = case.opened_at if case else at
    categories = {line.category for line in lines.values()}
    unfit = return_window.refusal(
        order, application.reason, policy, application.type, at, asked_at=asked_at, categories=categories
    )
    if unfit:
        raise Refused(unfit)
    shown = bool(application.photos) or (case is not None and case_links.evidence(case.pk).exists())
    if application.reason.needs_photo and not shown:
        raise Refused(_("“%(reason)s” needs a photo.") % {"reason": application.reason.name})
    unproved = burden_of_proof.against_applying(order, application.reason, shown=shown)
    if unproved:
        raise Refused(unproved)
    refuse_busy(lines, list(application.lines), application.type, case)
    _refuse_incomplete(application)


def _refuse_incomplete(application: Application) -> None:
    """A change of an order says what changes; an exchange only where goods are exchanged."""
    asks = case_types.of(application.type)
    if bool(asks.changes) != (application.change is not None):
        raise Refused(_("Say what is to be changed: the address, or cancel the order."))
    if (application.change == ChangeKind.ADDRESS) != (application.delivery is not None):
        raise Refused(_("Enter the new address."))
    if application.given_as not in asks.given_as:
        raise Refused(_("Only a compensation is given as a coupon, points or freight."))
    if application.given_as == GivenAs.FREIGHT and application.freight <= ZERO:
        raise Refused(_("Enter the freight that the buyer advanced."))
    if application.dispatches_first and not asks.may_send_first:
        raise Refused(_("Only an exchange is sent before the old goods are back."))


def refuse_busy(lines: Mapping[int, OrderLine], wanted: Sequence[int], type: str, case: Case | None) -> None:
    other = holdings.rivals(wanted, type, case).first()
    if other is not None:
        title = lines[other.order_line_id].title
        raise Refused(_("%(title)s is already in case %(number)s.") % {"title": title, "number": other.case.number})


def claims_of(
    order: Order, lines: Mapping[int, OrderLine], application: Application, policy: Policy, at: datetime
) -> list[Claim]:
    """What the application would hold, line by line; NotEntitled or Refused says what can not be had."""
    claims = []
    for pk, wanted in application.lines.items():
        line = lines.get(pk)
        if line is None:
            raise NotEntitled(_("This item is not part of the order."))
        if wanted.units:
            claims.append(_claim(order, line, wanted, application, policy, at))
    if not claims:
        raise Refused(_("Choose at least one item."))
    return claims


def _claim(
    order: Order, line: OrderLine, wanted: Wanted, application: Application, policy: Policy, at: datetime
) -> Claim:
    if not case_types.of(application.type).holds_units:
        return Claim(line.pk, 0, compensations.worth(order, line, wanted, application, policy, at))
    if not 0 < wanted.units <= line.units_left:
        return Claim(line.pk, wanted.units, ZERO)
    most = money.share_of_units(
        line.paid_amount, line.quantity, wanted.units, line.units_left, line.amount_left, order.currency
    )
    amount = most if wanted.amount is None or case_types.of(application.type).sends else wanted.amount
    if not (money.is_whole(amount, order.currency) and ZERO <= amount <= most):
        raise NotEntitled(
            _("%(title)s: at most %(most)s for %(units)d of it.")
            % {"title": line.title, "most": money_text(most, order.currency), "units": wanted.units}
        )
    return Claim(line.pk, wanted.units, amount)


def freight_of(
    order: Order, lines: Mapping[int, OrderLine], claims: Sequence[Claim], *, wanted: bool, type: str
) -> Decimal:
    """Freight goes back once, and only if nothing was shipped, with the last units."""
    if not case_types.of(type).holds_units:
        return ZERO
    last = sum(line.units_left for line in lines.values()) == sum(claim.units for claim in claims)
    if order.shipped_at is None and last:
        return order.freight_left
    if wanted:
        raise Refused(_("Freight is given back only when nothing was shipped, with the last item."))
    return ZERO


def freight_held(
    order: Order, lines: Mapping[int, OrderLine], claims: Sequence[Claim], application: Application
) -> Decimal:
    """Freight that the application holds; another address needs none of it."""
    if application.change == ChangeKind.ADDRESS:
        return ZERO
    return freight_of(order, lines, claims, wanted=application.wants_freight, type=application.type)


def refuse_too_many(lines: Mapping[int, OrderLine], application: Application, policy: Policy) -> None:
    asked = list(Round.objects.counted(application.order_id))
    for pk in application.lines:
        used = division.applications(asked, pk)
        if used >= policy.application_count:
            raise Refused(
                _("%(title)s was applied for %(used)d times; %(limit)d is the limit.")
                % {"title": lines[pk].title, "used": used, "limit": policy.application_count}
            )
