"""How each move of the chart is done in a test, and what came of it."""

import contextlib
from decimal import Decimal

from django.db import transaction

from aftersales.actions import gate
from aftersales.actions.cases import decisions, extensions, negotiation
from aftersales.actions.disputes import arbitration
from aftersales.actions.refunds import approvals, intents, retries
from aftersales.actions.replacements import dispatches, repairs
from aftersales.actions.returns import inspections, interceptions, pickups, receipts, shipments
from aftersales.models import User
from aftersales.queries.people.actors import actor_for
from aftersales.rules.vocabulary import Fault
from logistics.models import Parcel
from orders.refusals import Refused
from tests.aftersales.stages import AT_DOOR, again, found, refusal, tomorrow
from tests.factories import asks
from tests.people import trusted


def again_application(case):
    return asks(case.order, type=case.type)


def units(case):
    return {line.pk: line.units for line in case.lines.all()}


def findings(case, accepted):
    return [one for line in case.lines.all() for one in found(line, line.units_received, accepted=accepted)]


def only_move(action):
    def run(case, by, at):
        gate.move(case.pk, action, by=by, at=at)

    return run


def asked_for_approval(case, at):
    """A colleague of the one who decides has asked, where it can be asked at all."""
    with contextlib.suppress(Refused):
        approvals.ask(case.pk, by=trusted(actor_for(User.objects.get(username="agent2"))), at=at)


def confirm_receipt(case, by, at):
    """The clock confirms only what the carrier has delivered."""
    Parcel.objects.filter(sent_cases__case=case).update(signed_at=at)
    dispatches.confirm(case.pk, by=by, at=at)


def allow(case, by, at):
    asked_for_approval(case, at)
    approvals.allow(case.pk, by=by, at=at)


def decline_request(case, by, at):
    asked_for_approval(case, at)
    approvals.decline(case.pk, by=by, at=at, answer="Too much.")


def retry(case, by, at):
    refund = case.refunds.first()
    if refund is None or refund.status != "failed":
        return only_move("retry_refund")(case, by, at)
    return retries.retry(refund.pk, by=by, at=at)


# A move that is not here is made by the gate alone, without what its verb does besides.
DO = {
    "approve": lambda case, by, at: decisions.approve(case.pk, by=by, at=at),
    "allow": allow,
    "request_approval": lambda case, by, at: approvals.ask(case.pk, by=by, at=at),
    "decline_request": decline_request,
    "reject": lambda case, by, at: decisions.reject(case.pk, by=by, at=at, reason=refusal()),
    "offer": lambda case, by, at: negotiation.offer(case.pk, by=by, at=at, amount=Decimal(10)),
    "accept_offer": lambda case, by, at: negotiation.accept(case.pk, by=by, at=at),
    "decline_offer": lambda case, by, at: negotiation.decline(case.pk, by=by, at=at),
    "lapse_offer": lambda case, by, at: negotiation.lapse(case.pk, by=by, at=at),
    "reapply": lambda case, by, at: decisions.reapply(case.pk, again_application(case), by=by, at=at),
    "escalate": lambda case, by, at: arbitration.escalate(case.pk, by=by, at=at),
    "withdraw": lambda case, by, at: decisions.withdraw(case.pk, by=by, at=at),
    "intercepted": lambda case, by, at: interceptions.intercepted(case.pk, by=by, at=at),
    "lose_parcel": lambda case, by, at: interceptions.lose_parcel(case.pk, by=by, at=at),
    "miss_interception": lambda case, by, at: interceptions.miss_interception(case.pk, by=by, at=at),
    "ship_return": lambda case, by, at: shipments.ship(case.pk, by=by, at=at, carrier="SF", waybill="SF777"),
    "book_pickup": lambda case, by, at: pickups.book(
        case.pk, by=by, at=at, carrier="SF", window=tomorrow(at), at_door=AT_DOOR
    ),
    "reschedule_pickup": lambda case, by, at: pickups.reschedule(case.pk, by=by, at=at, window=tomorrow(at)),
    "cancel_pickup": lambda case, by, at: pickups.cancel_pickup(case.pk, by=by, at=at),
    "receive": lambda case, by, at: receipts.receive(case.pk, by=by, at=at, units=units(case)),
    "report_goods": lambda case, by, at: receipts.report(case.pk, by=by, at=at, found="damaged", why="It is torn."),
    "presume_received": lambda case, by, at: inspections.presume_received(case.pk, by=by, at=at),
    "pass_inspection": lambda case, by, at: inspections.pass_inspection(case.pk, findings(case, True), by=by, at=at),
    "fail_inspection": lambda case, by, at: inspections.fail_inspection(
        case.pk, findings(case, False), by=by, at=at, reason=refusal()
    ),
    "diagnose": lambda case, by, at: repairs.diagnose(
        case.pk, by=by, at=at, diagnosis="The switch is worn.", place="own"
    ),
    "quote_repair": lambda case, by, at: repairs.quote(case.pk, by=by, at=at, amount=Decimal(30)),
    "send_to_repairer": lambda case, by, at: repairs.send_out(case.pk, by=by, at=at, carrier="SF", waybill="R1"),
    "back_from_repairer": lambda case, by, at: repairs.take_back(case.pk, by=by, at=at),
    "finish_repair": lambda case, by, at: repairs.finish(case.pk, by=by, at=at, note="New switch."),
    "fail_repair": lambda case, by, at: repairs.fail(case.pk, by=by, at=at, note="No part to be had."),
    "offer_choice": lambda case, by, at: repairs.offer_choice(case.pk, by=by, at=at),
    "choose_exchange": lambda case, by, at: repairs.choose_exchange(case.pk, by=by, at=at),
    "choose_refund": lambda case, by, at: repairs.choose_refund(case.pk, by=by, at=at),
    "dispatch": lambda case, by, at: dispatches.dispatch(case.pk, by=by, at=at, carrier="SF", waybill="NEW1"),
    "give_money_instead": lambda case, by, at: dispatches.give_money(case.pk, by=by, at=at),
    "send_again": lambda case, by, at: dispatches.send_again(case.pk, by=by, at=at),
    "confirm_receipt": confirm_receipt,
    "expire": lambda case, by, at: decisions.expire(case.pk, by=by, at=at),
    "rule_for_buyer": lambda case, by, at: arbitration.rule_for_buyer(
        case.pk, by=by, at=at, ruling="The photo shows it.", liable=Fault.MERCHANT
    ),
    "rule_for_merchant": lambda case, by, at: arbitration.rule_for_merchant(
        case.pk, by=by, at=at, ruling="The goods are fine."
    ),
    "close_evidence": lambda case, by, at: arbitration.close_evidence(case.pk, by=by, at=at),
    "suspend": lambda case, by, at: arbitration.suspend(case.pk, by=by, at=at, cause="police", why="It asks."),
    "resume": lambda case, by, at: arbitration.resume(case.pk, by=by, at=at),
    "settle": lambda case, by, at: intents.settle(case.pk, by=by, at=at),
    "retry_refund": retry,
    "platform_pays": lambda case, by, at: retries.platform_pays(case.pk, by=by, at=at),
    "extend": lambda case, by, at: extensions.extend(case.pk, by=by, at=at, why="The buyer is travelling."),
    "reopen": lambda case, by, at: decisions.reopen(case.pk, by=by, at=at, why="The buyer showed more."),
}


class Undone(Exception):
    """Takes a cell back, so that the next one finds the case as it was."""


def outcome(case, action, by, at):
    """The next state, or the kind of refusal; nothing of it stays."""
    result = None
    try:
        with transaction.atomic():
            DO.get(action, only_move(action))(case, by, at)
            result = again(case).status
            raise Undone
    except Undone:
        return result
    except gate.Forbidden as refused:
        assert refused.sentence
        return "forbidden"
    except gate.Overtaken as refused:
        assert refused.sentence
        return "not from here"
    except Refused as refused:
        assert refused.sentence
        return "*"
