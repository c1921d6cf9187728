"""Refunds that were paid outside the gateway: one person of finance proposes to settle them, a second confirms."""

from datetime import datetime

from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.actions.people import second_person
from aftersales.actions.refunds import intents, retries
from aftersales.models import Refund
from aftersales.queries.disputes import payment_disputes
from aftersales.rules.actor import Actor
from aftersales.rules.vocabulary import RefundStatus
from orders.refusals import Refused


@gate.transactional
def propose(refund_id: int, *, by: Actor, at: datetime, reference: str) -> Refund:
    """The first person names the reference under which it was paid; nothing is sent until the second has answered."""
    refund, role = intents.refund_for("settle_by_hand", refund_id, by)
    if not reference.strip():
        raise Refused(_("Say under which reference the money was paid."))
    if refund.status not in intents.SETTLED_MANUALLY:
        raise Refused(_("Only a failed, unknown or reversed refund can be settled by hand."))
    _refuse_while_sending(refund, at)
    _refuse_disputed(refund)
    refund.hand_reference, refund.hand_proposed_by_id, refund.hand_proposed_at = reference.strip(), by.user_id, at
    refund.save()
    intents.log(refund, "propose_settlement", role, by, at=at, reference=refund.hand_reference)
    return refund


@gate.transactional
def drop(refund_id: int, *, by: Actor, at: datetime) -> Refund:
    """Withdraw a mistaken proposal, as either person may: the gateway is asked again, or finance decides anew."""
    refund, role = intents.refund_for("settle_by_hand", refund_id, by)
    _refuse_unproposed(refund)
    intents.drop_proposal(refund)
    refund.save()
    intents.log(refund, "drop_settlement", role, by, at=at)
    return refund


@gate.transactional
def confirm(refund_id: int, *, by: Actor, at: datetime) -> Refund:
    """The second person confirms that the money was paid; then the refund has succeeded."""
    refund, role = intents.refund_for("settle_by_hand", refund_id, by)
    _refuse_unproposed(refund)
    _refuse_proposer(refund, by)
    second_person.insist(refund.hand_proposed_by_id, by.user_id, at=at)
    _refuse_while_sending(refund, at)
    _refuse_disputed(refund)
    refund = _fit_to_settle(refund, at=at)
    refund.hand_confirmed_by_id = by.user_id
    intents.paid(refund, at=at)
    intents.log(refund, "confirm_settlement", role, by, at=at, reference=refund.hand_reference)
    intents.complete_if_paid(refund.case, at=at)
    return refund


def _fit_to_settle(refund: Refund, *, at: datetime) -> Refund:
    """The refund to settle: a failed one holds its sum once more, a reversed one is replaced by a new number."""
    if refund.status == RefundStatus.FAILED:
        retries.hold_again(refund, at=at)
    return retries.owed_again(refund, at=at) if refund.status == RefundStatus.REVERSED else refund


def _refuse_unproposed(refund: Refund) -> None:
    if refund.hand_proposed_by_id is None or refund.status not in intents.SETTLED_MANUALLY:
        raise Refused(_("Nobody has proposed a settlement by hand for this refund."))


def _refuse_disputed(refund: Refund) -> None:
    if payment_disputes.is_open(refund.payment_id):
        raise Refused(_("The payment is disputed at the buyer's bank: the buyer may get this money from there."))


def _refuse_proposer(refund: Refund, by: Actor) -> None:
    if refund.hand_proposed_by_id == by.user_id:
        raise Refused(_("You proposed this settlement: a second person has to confirm it."))


def _refuse_while_sending(refund: Refund, at: datetime) -> None:
    # The gateway may be paying at this moment: settled now, the buyer would have the money twice.
    if refund.lease_until and refund.lease_until > at:
        raise Refused(_("The gateway is being asked about this refund right now. Try again in a minute."))
