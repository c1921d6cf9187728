"""How likely people do what in each state; numbers are weights against each other."""

from aftersales.rules.vocabulary import Status
from aftersales.simulation.behaviours import conversation as talk
from aftersales.simulation.behaviours import decisions, disputes, inspections, refunds, replacements, reshaping, returns
from aftersales.simulation.behaviours.situation import Behaviour

# Mostly nothing happens for a while: without silence no deadline would ever pass.
ALWAYS: dict[Behaviour, int] = {
    talk.write: 6, talk.note: 2, disputes.show: 2, decisions.extend: 4, talk.assign: 2, talk.silence: 12,
    reshaping.convert: 1, reshaping.split: 1, reshaping.merge: 1,
}  # fmt: skip
ODDS: dict[str, dict[Behaviour, int]] = {
    Status.PENDING_MERCHANT: {
        decisions.approve: 34, decisions.offer: 14, decisions.reject: 18, decisions.ask_approval: 6,
        decisions.allow: 6, decisions.decline_request: 2, decisions.withdraw: 3,
    },
    Status.PENDING_BUYER: {decisions.accept_offer: 38, decisions.decline_offer: 24, decisions.withdraw: 4},
    Status.REJECTED: {decisions.reapply: 30, disputes.escalate: 30, decisions.withdraw: 5},
    Status.INTERCEPTING: {returns.intercepted: 40, returns.miss_interception: 25, decisions.withdraw: 4},
    Status.AWAITING_RETURN: {returns.ship: 52, returns.book_pickup: 8, returns.receive: 6, decisions.withdraw: 5},
    Status.RETURN_IN_TRANSIT: {
        returns.receive: 42, returns.carrier_signs: 16, returns.cancel_pickup: 8, decisions.withdraw: 3,
    },
    Status.INSPECTING: {
        returns.receive: 14, decisions.withdraw: 3, inspections.passes: 46, inspections.fails: 14, returns.report: 4,
    },
    Status.REFUNDING: {
        decisions.withdraw: 2, refunds.release: 40, refunds.retry: 8, refunds.settle_by_hand: 5,
    },
    Status.REFUND_FAILED: {decisions.withdraw: 1, refunds.retry: 45, refunds.settle_by_hand: 24},
    Status.ARBITRATION: {
        disputes.rule_for_buyer: 34, disputes.rule_for_merchant: 18, disputes.suspend: 10, decisions.withdraw: 4,
        disputes.ask_evidence: 6,
        disputes.show: 12,
    },
    Status.SUSPENDED: {disputes.resume: 30},
    Status.COMPLETED: {decisions.reopen: 10, talk.silence: 90, refunds.take_back: 8},
    Status.CLOSED: {decisions.reopen: 10, talk.silence: 90},
    Status.REPAIRING: {
        replacements.diagnose: 26, replacements.quote: 8, replacements.send_out: 8, replacements.take_back: 14,
        replacements.finish: 22, replacements.fail: 12, replacements.choose: 5, decisions.withdraw: 2,
    },
    Status.AWAITING_DISPATCH: {replacements.dispatch: 60, replacements.give_money: 6, decisions.withdraw: 2},
    Status.AWAITING_RECEIPT: {replacements.deliver: 34, replacements.confirm: 30, replacements.lose: 6},
}  # fmt: skip
