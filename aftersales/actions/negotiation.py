"""Offers: other terms, proposed, accepted, declined, lapsed."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from aftersales.actions import cases, consequences, freight, gate, holdings, repairs
from aftersales.models import Case, Offer
from aftersales.queries import authority
from aftersales.rules import case_types
from aftersales.rules.actor import Actor
from aftersales.rules.phrases import money_text
from aftersales.rules.vocabulary import CaseType, GivenAs, GoodsState
from orders import money
from orders.refusals import Refused


@gate.transactional
def offer(
    case_id: int,
    *,
    by: Actor,
    at: datetime,
    amount: Decimal,
    type: CaseType | None = None,
    given_as: GivenAs = GivenAs.MONEY,
    note: str = "",
    version: int | None = None,
) -> Case:
    """Propose a sum, and perhaps another type; at most what was asked, within the maker's limit."""
    with gate.move(case_id, "offer", by=by, at=at, version=version, why=note, data={"amount": str(amount)}) as case:
        role = gate.role_to("offer", by, case)
        asked = case.requested_amount + case.freight_held
        if not (money.is_whole(amount, case.currency) and Decimal(0) <= amount <= asked):
            raise Refused(
                _("An offer lies between 0 and what was asked, %(asked)s.")
                % {"asked": money_text(asked, case.currency)}
            )
        refusal = authority.above(amount, case, by, role, at)
        if refusal:
            raise Refused(refusal)
        if given_as not in case_types.of(type or case.type).given_as:
            raise Refused(_("Only a compensation is given as a coupon, points or freight."))
        if case.advanced_at is not None and not case_types.of(type or case.type).holds_units:
            raise Refused(_("Money was paid before the goods were here: offer terms for the goods."))
        _refuse_other_ground(case, type or case.type, given_as)
        holdings.refuse_taken(case, type or case.type)
        Offer.objects.create(
            case=case,
            round_number=case.round_number,
            type=type or case.type,
            given_as=given_as,
            amount=amount,
            note=note,
            made_by_id=by.user_id,
            made_role=role,
            made_at=at,
        )
    return case


def _refuse_other_ground(case: Case, type: str, given_as: str) -> None:
    """What holds money alone stays about money; what the buyer advanced for freight is no money of the order."""
    if (case.given_as == GivenAs.FREIGHT) != (given_as == GivenAs.FREIGHT):
        raise Refused(_("Freight that the buyer advanced is given back as freight, and nothing else is."))
    if type != case.type and not case_types.of(case.type).holds_units and not case_types.of(type).compensates:
        raise Refused(
            _("“%(type)s” is about other things than this case: convert the case instead.")
            % {"type": CaseType(type).label}
        )


@gate.transactional
def accept(case_id: int, *, by: Actor, at: datetime, version: int | None = None) -> Case:
    """The buyer takes the offer: the case goes on as agreed, on the new terms."""
    with gate.move(case_id, "accept_offer", by=by, at=at, version=version) as case:
        terms = case.offers.get(status=Offer.Status.OPEN)
        if terms.is_quote:
            repairs.agree_to_quote(case, terms, at=at)
        else:
            _agree(case, terms, by=by, at=at)
        _close(terms, Offer.Status.ACCEPTED, at)
    return consequences.follow(case, by=by, at=at)


def _agree(case: Case, terms: Offer, *, by: Actor, at: datetime) -> None:
    """The case goes on as what was offered; goods that the buyer keeps count as signed for."""
    holdings.refuse_taken(case, terms.type)
    case.agreed_amount = terms.amount
    if case.goods_must_return and not case_types.of(terms.type).returns:
        case.goods_state = GoodsState.SIGNED
    if terms.type != case.type:
        case.type, case.change, case.dispatches_first = terms.type, "", False
    case.given_as = terms.given_as
    freight.renew(case)
    cases.prepare_agreement(case, by=by, at=at)
    cases.rounds_agreed([case.pk], at=at)


@gate.transactional
def decline(case_id: int, *, by: Actor, at: datetime, why: str = "", version: int | None = None) -> Case:
    """The buyer wants what was asked; the merchant's clock goes on with what was left."""
    with gate.move(case_id, "decline_offer", by=by, at=at, version=version, why=why) as case:
        _refuse(case, Offer.Status.DECLINED, at)
    return consequences.follow(case, by=by, at=at)


@gate.transactional
def lapse(case_id: int, *, by: Actor, at: datetime) -> Case:
    """Nobody answered the offer in time."""
    with gate.move(case_id, "lapse_offer", by=by, at=at) as case:
        _refuse(case, Offer.Status.LAPSED, at)
    return consequences.follow(case, by=by, at=at)


def _refuse(case: Case, status: Offer.Status, at: datetime) -> None:
    terms = case.offers.get(status=Offer.Status.OPEN)
    if terms.is_quote:
        repairs.leave_unrepaired(case, at=at)
    _close(terms, status, at)


def _close(terms: Offer, status: Offer.Status, at: datetime) -> None:
    terms.status, terms.answered_at = status, at
    terms.save(update_fields=["status", "answered_at"])
