"""The state chart by hand: where each action leads, who may, and how it is done in a test.

Written from the transition table (§3) and the table of rights (§7) of the domain; nothing here is read from the chart
or the permissions of the product, so that each checks the other.
"""

from decimal import Decimal

from django.db import transaction

from aftersales.actions import (
    approvals,
    arbitration,
    cases,
    collecting,
    gate,
    negotiation,
    promises,
    refunds,
    repairs,
    replacements,
    returns,
)
from aftersales.models import ApprovalRequest, User
from aftersales.rules.vocabulary import Fault
from logistics.models import Parcel
from orders.refusals import Refused
from tests.aftersales.stages import AT_DOOR, again, found, refusal, tomorrow
from tests.factories import asks

DESK = "agent senior supervisor"
SHOP = f"{DESK} merchant"
BUYER = f"{DESK} buyer"
FLOOR = "warehouse supervisor merchant"

# Who has the right at all, whatever the state.
WHO = {
    "approve": f"{SHOP} clock policy",
    "allow": "supervisor finance",
    "request_approval": DESK,
    "decline_request": "supervisor finance",
    "reject": SHOP,
    "offer": SHOP,
    "accept_offer": BUYER,
    "decline_offer": BUYER,
    "lapse_offer": "clock",
    "reapply": BUYER,
    "escalate": BUYER,
    "withdraw": BUYER,
    "intercepted": f"{SHOP} carrier",
    "miss_interception": f"{SHOP} carrier clock",
    "ship_return": f"{BUYER} merchant carrier",
    "book_pickup": BUYER,
    "reschedule_pickup": BUYER,
    "cancel_pickup": f"{BUYER} carrier",
    "receive": FLOOR,
    "presume_received": "clock",
    "pass_inspection": f"{FLOOR} clock",
    "fail_inspection": FLOOR,
    "diagnose": f"{SHOP} warehouse",
    "quote_repair": SHOP,
    "send_to_repairer": f"{SHOP} warehouse",
    "back_from_repairer": f"{SHOP} warehouse",
    "finish_repair": f"{SHOP} warehouse",
    "fail_repair": f"{SHOP} warehouse",
    "offer_choice": "clock",
    "choose_exchange": BUYER,
    "choose_refund": BUYER,
    "dispatch": FLOOR,
    "give_money_instead": f"{SHOP} warehouse clock",
    "send_again": f"{SHOP} warehouse carrier",
    "confirm_receipt": f"{BUYER} clock",
    "convert": DESK,
    "split": DESK,
    "merge": DESK,
    "expire": "clock",
    "rule_for_buyer": "supervisor",
    "rule_for_merchant": "supervisor",
    "close_evidence": "clock",
    "suspend": "supervisor",
    "resume": "supervisor clock",
    "settle": "gateway finance",
    "fail_refund": "gateway",
    "retry_refund": "finance",
    "reverse_refund": "gateway",
    "platform_pays": "clock",
    "extend": f"{SHOP} buyer warehouse",
    "reopen": "supervisor",
}

# What leads where. The case asks for goods back; a star marks what needs a condition that this case lacks.
MOVES = {
    "pending_merchant": {
        "approve": "awaiting_return",
        "allow": "awaiting_return",
        "request_approval": "pending_merchant",
        "decline_request": "pending_merchant",
        "reject": "rejected",
        "offer": "pending_buyer",
        "convert": "closed",
        "split": "pending_merchant",
        "merge": "closed",
        "withdraw": "closed",
        "extend": "pending_merchant",
    },
    "pending_buyer": {
        "accept_offer": "awaiting_return",
        "decline_offer": "pending_merchant",
        "lapse_offer": "pending_merchant",
        "convert": "closed",
        "split": "pending_buyer",
        "merge": "closed",
        "withdraw": "closed",
        "extend": "pending_buyer",
    },
    "rejected": {
        "reapply": "pending_merchant",
        "escalate": "arbitration",
        "withdraw": "closed",
        "expire": "closed",
        "convert": "closed",
        "split": "rejected",
        "merge": "closed",
        "extend": "rejected",
    },
    "intercepting": {
        "intercepted": "refunding",
        "miss_interception": "awaiting_return",
        "withdraw": "closed",
        "extend": "intercepting",
    },
    "awaiting_return": {
        "ship_return": "return_in_transit",
        "book_pickup": "return_in_transit",
        "receive": "inspecting",
        "withdraw": "closed",
        "expire": "closed",
        "extend": "awaiting_return",
    },
    "return_in_transit": {
        "reschedule_pickup": "*",
        "cancel_pickup": "awaiting_return",
        "receive": "inspecting",
        "presume_received": "refunding",
        "withdraw": "closed",
        "extend": "return_in_transit",
    },
    "inspecting": {
        "receive": "*",
        "pass_inspection": "refunding",
        "fail_inspection": "rejected",
        "withdraw": "closed",
        "extend": "inspecting",
    },
    "repairing": {
        "diagnose": "repairing",
        "quote_repair": "*",
        "send_to_repairer": "*",
        "back_from_repairer": "*",
        "finish_repair": "*",
        "fail_repair": "*",
        "offer_choice": "repairing",
        "choose_exchange": "*",
        "choose_refund": "*",
        "withdraw": "closed",
        "extend": "repairing",
    },
    "awaiting_dispatch": {
        "dispatch": "awaiting_receipt",
        "give_money_instead": "refunding",
        "withdraw": "closed",
        "extend": "awaiting_dispatch",
    },
    "awaiting_receipt": {
        "confirm_receipt": "completed",
        "send_again": "awaiting_dispatch",
        "extend": "awaiting_receipt",
    },
    "refunding": {
        "settle": "*",
        "fail_refund": "refund_failed",
        "platform_pays": "refunding",
        "extend": "refunding",
    },
    "refund_failed": {
        "settle": "*",
        "retry_refund": "refunding",
        "platform_pays": "refunding",
        "extend": "refund_failed",
    },
    "arbitration": {
        "rule_for_buyer": "awaiting_return",
        "rule_for_merchant": "closed",
        "close_evidence": "arbitration",
        "suspend": "suspended",
        "withdraw": "closed",
        "extend": "arbitration",
    },
    "suspended": {"resume": "arbitration", "extend": "suspended"},
    "completed": {"reopen": "*", "reverse_refund": "refund_failed"},
    "closed": {"reopen": "pending_merchant"},
}


# Others than a supervisor extend only the buyer's time, never that of their own side.
BUYERS_TIME = ("pending_buyer", "rejected", "awaiting_return", "awaiting_receipt")


def again_application(case):
    return asks(case.order, type=case.type)


def units(case):
    return {line.pk: line.units for line in case.lines.all()}


def findings(case, accepted):
    return [one for line in case.lines.all() for one in found(line, line.units_received, accepted=accepted)]


def only_move(action):
    def run(case, by, at):
        with gate.move(case.pk, action, by=by, at=at):
            pass

    return run


def asked_for_approval(case, at):
    """A colleague of the one who decides has asked."""
    asker = User.objects.get(username="agent2")
    ApprovalRequest.objects.create(case=case, action="approve", amount=1, asked_by=asker, asked_at=at)


def confirm_receipt(case, by, at):
    """The clock confirms only what the carrier has delivered."""
    Parcel.objects.filter(sent_cases__case=case).update(signed_at=at)
    replacements.confirm(case.pk, by=by, at=at)


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
    return refunds.retry(refund.pk, by=by, at=at)


DO = {
    "approve": lambda case, by, at: cases.approve(case.pk, by=by, at=at),
    "allow": allow,
    "request_approval": lambda case, by, at: approvals.ask(case.pk, by=by, at=at),
    "decline_request": decline_request,
    "reject": lambda case, by, at: cases.reject(case.pk, by=by, at=at, reason=refusal()),
    "offer": lambda case, by, at: negotiation.offer(case.pk, by=by, at=at, amount=Decimal(10)),
    "accept_offer": lambda case, by, at: negotiation.accept(case.pk, by=by, at=at),
    "decline_offer": lambda case, by, at: negotiation.decline(case.pk, by=by, at=at),
    "lapse_offer": lambda case, by, at: negotiation.lapse(case.pk, by=by, at=at),
    "reapply": lambda case, by, at: cases.reapply(case.pk, again_application(case), by=by, at=at),
    "escalate": lambda case, by, at: arbitration.escalate(case.pk, by=by, at=at),
    "withdraw": lambda case, by, at: cases.withdraw(case.pk, by=by, at=at),
    "intercepted": lambda case, by, at: returns.intercepted(case.pk, by=by, at=at),
    "miss_interception": lambda case, by, at: returns.miss_interception(case.pk, by=by, at=at),
    "ship_return": lambda case, by, at: returns.ship(case.pk, by=by, at=at, carrier="SF", waybill="SF777"),
    "book_pickup": lambda case, by, at: collecting.book(
        case.pk, by=by, at=at, carrier="SF", window=tomorrow(at), at_door=AT_DOOR
    ),
    "reschedule_pickup": lambda case, by, at: collecting.reschedule(case.pk, by=by, at=at, window=tomorrow(at)),
    "cancel_pickup": lambda case, by, at: returns.cancel_pickup(case.pk, by=by, at=at),
    "receive": lambda case, by, at: returns.receive(case.pk, by=by, at=at, units=units(case)),
    "presume_received": lambda case, by, at: returns.presume_received(case.pk, by=by, at=at),
    "pass_inspection": lambda case, by, at: returns.pass_inspection(case.pk, findings(case, True), by=by, at=at),
    "fail_inspection": lambda case, by, at: returns.fail_inspection(
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
    "dispatch": lambda case, by, at: replacements.dispatch(case.pk, by=by, at=at, carrier="SF", waybill="NEW1"),
    "give_money_instead": lambda case, by, at: replacements.give_money(case.pk, by=by, at=at),
    "send_again": lambda case, by, at: replacements.send_again(case.pk, by=by, at=at),
    "confirm_receipt": confirm_receipt,
    "convert": only_move("convert"),
    "split": only_move("split"),
    "merge": only_move("merge"),
    "expire": lambda case, by, at: cases.expire(case.pk, by=by, at=at),
    "rule_for_buyer": lambda case, by, at: arbitration.rule_for_buyer(
        case.pk, by=by, at=at, ruling="The photo shows it.", liable=Fault.MERCHANT
    ),
    "rule_for_merchant": lambda case, by, at: arbitration.rule_for_merchant(
        case.pk, by=by, at=at, ruling="The goods are fine."
    ),
    "close_evidence": lambda case, by, at: arbitration.close_evidence(case.pk, by=by, at=at),
    "suspend": lambda case, by, at: arbitration.suspend(case.pk, by=by, at=at, why="The police asks."),
    "resume": lambda case, by, at: arbitration.resume(case.pk, by=by, at=at),
    "settle": lambda case, by, at: refunds.settle(case.pk, by=by, at=at),
    "fail_refund": only_move("fail_refund"),
    "retry_refund": retry,
    "reverse_refund": only_move("reverse_refund"),
    "platform_pays": lambda case, by, at: refunds.platform_pays(case.pk, by=by, at=at),
    "extend": lambda case, by, at: promises.extend(case.pk, by=by, at=at, why="The buyer is travelling."),
    "reopen": lambda case, by, at: cases.reopen(case.pk, by=by, at=at, why="The buyer showed more."),
}


class Undone(Exception):
    """Takes a cell back, so that the next one finds the case as it was."""


def outcome(case, action, by, at):
    """The next state, or the kind of refusal; nothing of it stays."""
    result = None
    try:
        with transaction.atomic():
            DO[action](case, by, at)
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


def expected(state, action, role):
    if role not in WHO[action].split():
        return "forbidden"
    if action == "extend" and role != "supervisor" and state not in BUYERS_TIME:
        return "*" if action in MOVES[state] else "not from here"
    return MOVES[state].get(action, "not from here")
