"""Offers: other terms, proposed, accepted, declined, lapsed."""

from datetime import datetime
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext as _

from aftersales.actions import current_goods, gate
from aftersales.actions.cases import agreement, holdings, on_enter
from aftersales.actions.effects import MoveContext, Outcome
from aftersales.actions.refunds import freight
from aftersales.actions.replacements import repairs
from aftersales.models import Case, Offer
from aftersales.rules.actor import Actor
from aftersales.rules.cases import case_types, offered_terms
from aftersales.rules.phrases import money_text
from aftersales.rules.vocabulary import IN_KIND, CaseType, GivenAs
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
    terms = Offer(case_id=case_id, type=type or "", given_as=given_as, amount=amount, note=note)
    data = {"amount": str(amount)}
    return gate.move(
        case_id, "offer", effect=partial(propose, terms), by=by, at=at, version=version, why=note, data=data
    )


def propose(terms: Offer, case: Case, context: MoveContext) -> None:
    """The effect of an offer, by whoever has made it: a second person may let it go out."""
    refuse_unless_possible(terms, case, context)
    terms.round_number = case.round_number
    terms.made_by_id = terms.made_by_id or context.by.user_id
    terms.made_role, terms.made_at = context.role, context.at
    terms.save(force_insert=True)


def refuse_unless_possible(terms: Offer, case: Case, context: MoveContext) -> None:
    """Refused where the case can not go on as what is offered."""
    terms.case, terms.type = case, terms.type or case.type
    _refuse_other_sum(case, terms.amount, current_goods.asked(case, context.at))
    _refuse_other_kind(case, terms)
    _refuse_other_ground(case, terms.type, terms.given_as)
    holdings.refuse_taken(case, terms.type)


def _refuse_other_sum(case: Case, amount: Decimal, asked: Decimal) -> None:
    if not (money.is_whole(amount, case.currency) and Decimal(0) <= amount <= asked):
        raise Refused(
            _("An offer lies between 0 and what was asked, %(asked)s.") % {"asked": money_text(asked, case.currency)}
        )


def _refuse_other_kind(case: Case, terms: Offer) -> None:
    if terms.given_as not in case_types.of(terms.type).given_as:
        raise Refused(_("Only a compensation is given as a coupon, points or freight."))
    if case.advanced_at is not None and not case_types.of(terms.type).holds_units:
        raise Refused(_("Money was paid before the goods were here: offer terms for the goods."))


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
    case = gate.move(case_id, "accept_offer", effect=take, by=by, at=at, version=version)
    return on_enter.run(case, by=by, at=at)


def take(case: Case, context: MoveContext) -> Outcome | None:
    """The effect of taking what was offered, or of agreeing to what a repair costs."""
    terms = case.offers.get(status=Offer.Status.OPEN)
    _close(terms, Offer.Status.ACCEPTED, context.at)
    if terms.is_quote:
        repairs.agree_to_quote(case, terms, at=context.at)
        return None
    return _agree(case, terms, context)


def _agree(case: Case, terms: Offer, context: MoveContext) -> Outcome:
    """The case goes on as what was offered."""
    # Asked again: another case of that type may have been opened while the buyer thought.
    holdings.refuse_taken(case, offered_terms.type_by_now(case, terms, context.before))
    if case.given_as in IN_KIND and terms.given_as not in IN_KIND:
        holdings.hold_money(case)
    offered_terms.take(case, terms, context.before)
    freight.renew(case)
    return agreement.begin(case, context)


@gate.transactional
def decline(case_id: int, *, by: Actor, at: datetime, why: str = "", version: int | None = None) -> Case:
    """The buyer wants what was asked; the merchant's clock goes on with what was left."""
    refused = partial(_refuse, Offer.Status.DECLINED)
    case = gate.move(case_id, "decline_offer", effect=refused, by=by, at=at, version=version, why=why)
    return on_enter.run(case, by=by, at=at)


@gate.transactional
def lapse(case_id: int, *, by: Actor, at: datetime) -> Case:
    """The offer lapses: nobody answered it in time, and the merchant decides again."""
    case = gate.move(case_id, "lapse_offer", effect=partial(_refuse, Offer.Status.LAPSED), by=by, at=at)
    return on_enter.run(case, by=by, at=at)


def _refuse(status: Offer.Status, case: Case, context: MoveContext) -> None:
    terms = case.offers.get(status=Offer.Status.OPEN)
    if terms.is_quote:
        repairs.leave_unrepaired(case, at=context.at)
    _close(terms, status, context.at)


def _close(terms: Offer, status: Offer.Status, at: datetime) -> None:
    terms.status, terms.answered_at = status, at
    terms.save(update_fields=["status", "answered_at"])
