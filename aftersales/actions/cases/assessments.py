"""Whether what a buyer asks for can be had: window, evidence, count, what is left, what other cases hold."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.actions.cases import compensations, replaced_units
from aftersales.actions.cases.applications import Application, Assessment, Wanted
from aftersales.models import Round
from aftersales.moves import acts
from aftersales.queries.cases import case_links
from aftersales.queries.orders import line_units
from aftersales.rules.actor import Actor
from aftersales.rules.cases import case_types, division, item_eligibility, return_window
from aftersales.rules.disputes import burden_of_proof
from aftersales.rules.phrases import money_text
from aftersales.rules.vocabulary import ChangeKind, GivenAs, Role
from orders import money, unit_prices
from orders.entitlement import Claim
from orders.models import Order, OrderLine
from orders.refusals import NotEntitled, Refused

ZERO = Decimal(0)


def applicant(order: Order, by: Actor) -> Role:
    """The role in which somebody applies for an order; Forbidden for the orders of others."""
    role = by.role_for(acts.APPLY)
    foreign = by.merchant_id not in (None, order.merchant_id) or by.buyer_id not in (None, order.buyer_id)
    if role is None or foreign:
        raise gate.Forbidden(_("You may not apply for this order."))
    return role


def refuse_unfit(assessment: Assessment) -> None:
    """Refused when the reason, the proof or the goods do not allow the request, whatever it is worth."""
    _refuse_outside_window(assessment)
    _refuse_without_proof(assessment)
    _refuse_incomplete(assessment.application)


def _refuse_outside_window(assessment: Assessment) -> None:
    asked_at = assessment.case.opened_at if assessment.case else None
    against = {pk: _against(assessment, pk, asked_at) for pk in assessment.rules.of_items}
    said = item_eligibility.sentence({pk: assessment.lines[pk].title for pk in against}, against)
    if said:
        raise Refused(said)


def _against(assessment: Assessment, pk: int, asked_at: datetime | None) -> str | None:
    """What the policy of one item says against the reason, whatever else is asked for."""
    return return_window.refusal(
        assessment.order,
        assessment.application.reason,
        assessment.rules.of_items[pk],
        assessment.application.type,
        assessment.at,
        calendar=assessment.calendar,
        asked_at=asked_at,
        categories={assessment.lines[pk].category},
        longer=assessment.longer.of(assessment.order.pk, pk),
        replaced_at=replaced_units.signed_at(assessment, pk, asked_at or assessment.at),
    )


def _refuse_without_proof(assessment: Assessment) -> None:
    """Photos of earlier rounds and of the cases that this one continues count too."""
    reason, case = assessment.application.reason, assessment.case
    shown = bool(assessment.application.photos) or (case is not None and case_links.evidence(case.pk).exists())
    if reason.needs_photo and not shown:
        raise Refused(_("“%(reason)s” needs a photo.") % {"reason": reason.name})
    unproved = burden_of_proof.against_applying(assessment.order, reason, shown=shown)
    if unproved:
        raise Refused(unproved)


def _refuse_incomplete(application: Application) -> None:
    """A change of an order says what changes; an exchange only where goods are exchanged."""
    if bool(application.record.changes) != (application.change is not None):
        raise Refused(_("Say what is to be changed: the address, or cancel the order."))
    if (application.change == ChangeKind.ADDRESS) != (application.delivery is not None):
        raise Refused(_("Enter the new address."))
    _refuse_other_kind(application)
    if application.dispatches_first and not application.record.may_send_first:
        raise Refused(_("Only an exchange is sent before the old goods are back."))


def _refuse_other_kind(application: Application) -> None:
    if application.given_as not in application.record.given_as:
        raise Refused(_("Only a compensation is given as a coupon, points or freight."))
    if application.given_as == GivenAs.FREIGHT and application.freight <= ZERO:
        raise Refused(_("Enter the freight that the buyer advanced."))


def claims_of(assessment: Assessment) -> list[Claim]:
    """What the application would hold, line by line; NotEntitled or Refused says what can not be had."""
    wanted = [(_line(assessment, pk), each) for pk, each in assessment.application.lines.items()]
    claims = [_claim(assessment, line, each) for line, each in wanted if each.units]
    if not claims:
        raise Refused(_("Choose at least one item."))
    return claims


def held_of(application: Application, claims: Sequence[Claim]) -> Sequence[Claim]:
    """What of the claims is held of the order: a coupon or points consume nothing that was paid."""
    return claims if application.holds_money else []


def _line(assessment: Assessment, pk: int) -> OrderLine:
    if pk not in assessment.lines:
        raise NotEntitled(_("This item is not part of the order."))
    return assessment.lines[pk]


def _claim(assessment: Assessment, line: OrderLine, wanted: Wanted) -> Claim:
    if not assessment.application.record.holds_units:
        return Claim(line.pk, 0, compensations.worth(assessment, line, wanted))
    if not 0 < wanted.units <= line.units_left:
        places = line_units.in_open_cases([line.pk]).get(line.pk, [])
        raise NotEntitled(line_units.sentence(line, line.units_left, [each for each in places if each.is_held]))
    return Claim(line.pk, wanted.units, _amount(assessment, line, wanted))


def _amount(assessment: Assessment, line: OrderLine, wanted: Wanted) -> Decimal:
    currency = assessment.order.currency
    most = unit_prices.worth(line, wanted.units, currency)
    # Something is sent for the units: all of their price is held, in case nothing can be sent after all.
    amount = most if wanted.amount is None or assessment.application.record.sends else wanted.amount
    if not (money.is_whole(amount, currency) and ZERO <= amount <= most):
        raise NotEntitled(
            _("%(title)s: at most %(most)s for %(units)d of it.")
            % {"title": line.title, "most": money_text(most, currency), "units": wanted.units}
        )
    return amount


def freight_held(assessment: Assessment, claims: Sequence[Claim]) -> Decimal:
    """Freight that the application holds; another address needs none of it."""
    application = assessment.application
    if application.change == ChangeKind.ADDRESS:
        return ZERO
    return freight_of(
        assessment.order, assessment.lines, claims, wanted=application.wants_freight, type=application.type
    )


def freight_of(
    order: Order, lines: Mapping[int, OrderLine], claims: Sequence[Claim], *, wanted: bool, type: str
) -> Decimal:
    """Freight goes back once, and only if nothing was shipped, with the last units."""
    if not case_types.of(type).holds_units:
        return ZERO
    last = sum(line.units_left for line in lines.values()) == sum(claim.units for claim in claims)
    if order.dispatched is None and last:
        return order.freight_left
    if wanted:
        raise Refused(_("Freight is given back only when nothing was shipped, with the last item."))
    return ZERO


def refuse_too_many(assessment: Assessment) -> None:
    """Refused when a line was applied for as often as the policy allows; withdrawn applications count."""
    rounds = list(Round.objects.counted(assessment.application.order_id))
    for pk in assessment.application.lines:
        used = division.applications(rounds, pk)
        limit = assessment.rules.of_items[pk].application_count
        if used >= limit:
            raise Refused(
                _("%(title)s was applied for %(used)d times; %(limit)d is the limit.")
                % {"title": assessment.lines[pk].title, "used": used, "limit": limit}
            )
