"""Every move through its form: who, in which state, what is typed, where it leads."""

from aftersales.actions.cases.reshaping import splits
from aftersales.actions.disputes import arbitration
from aftersales.actions.refunds import approvals
from aftersales.actions.returns import pickups
from aftersales.models import Case, Reason, RejectReason, Repair
from aftersales.rules.actor import CLOCK
from aftersales.rules.vocabulary import Status
from tests.aftersales.stages import AT_DOOR, HOUR, again, stage
from tests.factories import NOON

S = Status


def reason(code):
    return RejectReason.objects.get(code=code).pk


# action: who, in which state, what is typed, where it leads
HAPPY = {
    "approve": ("agent", S.PENDING_MERCHANT, {}, S.AWAITING_RETURN),
    "offer": ("merchant", S.PENDING_MERCHANT, {"amount": "４０.５０", "type": "refund_only"}, S.PENDING_BUYER),
    "accept_offer": ("agent", S.PENDING_BUYER, {}, S.AWAITING_RETURN),
    "decline_offer": ("agent", S.PENDING_BUYER, {"why": "Too little."}, S.PENDING_MERCHANT),
    "reject": ("merchant", S.PENDING_MERCHANT, {"reason": "already_shipped"}, S.REJECTED),
    "escalate": ("agent", S.REJECTED, {"why": "No answer."}, S.ARBITRATION),
    "withdraw": ("agent", S.PENDING_MERCHANT, {}, S.CLOSED),
    "ship_return": ("agent", S.AWAITING_RETURN, {"carrier": "SF", "waybill": "sf1001"}, S.RETURN_IN_TRANSIT),
    "book_pickup": (
        "agent",
        S.AWAITING_RETURN,
        {"carrier": "SF", "window_from": "2026-03-11T14:00", "window_until": "2026-03-11T16:00"},
        S.RETURN_IN_TRANSIT,
    ),
    "reschedule_pickup": (
        "agent",
        S.AWAITING_RETURN,
        {"window_from": "2026-03-12T14:00", "window_until": "2026-03-12T16:00"},
        S.RETURN_IN_TRANSIT,
    ),
    "cancel_pickup": ("agent", S.RETURN_IN_TRANSIT, {}, S.AWAITING_RETURN),
    "intercepted": ("agent", S.INTERCEPTING, {}, S.REFUNDING),
    "miss_interception": ("agent", S.INTERCEPTING, {}, S.AWAITING_RETURN),
    "rule_for_buyer": ("supervisor", S.ARBITRATION, {"ruling": "Proven.", "liable": "merchant"}, S.AWAITING_RETURN),
    "rule_for_merchant": ("supervisor", S.ARBITRATION, {"ruling": "Not proven."}, S.CLOSED),
    "ask_evidence": ("supervisor", S.ARBITRATION, {"why": "The label is not readable."}, S.ARBITRATION),
    "report_goods": ("warehouse", S.INSPECTING, {"found": "damaged", "why": "It is torn."}, S.INSPECTING),
    "suspend": ("supervisor", S.ARBITRATION, {"cause": "court", "why": "The court decides."}, S.SUSPENDED),
    "resume": ("supervisor", S.SUSPENDED, {}, S.ARBITRATION),
    "extend": ("agent", S.AWAITING_RETURN, {"why": "She is travelling."}, S.AWAITING_RETURN),
    "reopen": ("supervisor", S.CLOSED, {"why": "A mistake."}, S.PENDING_MERCHANT),
    "assign": ("supervisor", S.PENDING_MERCHANT, {"agent": "agent"}, S.PENDING_MERCHANT),
    "prioritise": ("agent", S.PENDING_MERCHANT, {"priority": "2"}, S.PENDING_MERCHANT),
    "skip": ("agent", S.PENDING_MERCHANT, {"reason": "skill", "note": ""}, S.PENDING_MERCHANT),
    "request_approval": ("agent", S.PENDING_MERCHANT, {"why": "Loyal."}, S.PENDING_MERCHANT),
    "allow": ("supervisor", S.PENDING_MERCHANT, {}, S.AWAITING_RETURN),
    "decline_request": ("supervisor", S.PENDING_MERCHANT, {"answer": "Too much."}, S.PENDING_MERCHANT),
    "convert": ("agent", S.PENDING_MERCHANT, {"type": "refund_only", "reason": "agreed"}, S.CLOSED),
    "split": ("agent", S.PENDING_MERCHANT, {"units": "1"}, S.PENDING_MERCHANT),
    "merge": ("agent", S.PENDING_MERCHANT, {}, S.CLOSED),
    "diagnose": ("merchant", S.REPAIRING, {"diagnosis": "The switch is worn.", "place": "own"}, S.REPAIRING),
    "quote_repair": ("merchant", S.REPAIRING, {"amount": "30"}, S.PENDING_BUYER),
    "send_to_repairer": ("merchant", S.REPAIRING, {"carrier": "SF", "waybill": "out1"}, S.REPAIRING),
    "back_from_repairer": ("merchant", S.REPAIRING, {"carrier": "SF", "waybill": "back1"}, S.REPAIRING),
    "finish_repair": ("merchant", S.REPAIRING, {"note": "New switch."}, S.AWAITING_DISPATCH),
    "fail_repair": ("merchant", S.REPAIRING, {"note": "No part to be had."}, S.REPAIRING),
    "choose_exchange": ("agent", S.REPAIRING, {}, S.AWAITING_DISPATCH),
    "choose_refund": ("agent", S.REPAIRING, {}, S.REFUNDING),
    "dispatch": ("merchant", S.AWAITING_DISPATCH, {"carrier": "SF", "waybill": "new1"}, S.AWAITING_RECEIPT),
    "give_money_instead": ("merchant", S.AWAITING_DISPATCH, {"why": "Sold out."}, S.REFUNDING),
    "send_again": ("agent", S.AWAITING_RECEIPT, {"why": "Lost."}, S.AWAITING_DISPATCH),
    "confirm_receipt": ("agent", S.AWAITING_RECEIPT, {}, S.COMPLETED),
    "reapply": ("agent", S.REJECTED, {"type": "return_refund", "description": "Again."}, S.PENDING_MERCHANT),
}  # fmt: skip


# What is possible once it is on record what is broken.
FOUND = ("quote_repair", "send_to_repairer", "back_from_repairer", "finish_repair", "fail_repair")


def prepared(action, order, people):
    """The case, who acts, and the fields of the form as the person would fill them."""
    who, state, typed, leads_to = HAPPY[action]
    case, fields = again(stage(state, order, people)), dict(typed)
    if action in FOUND:
        sent_out = NOON if action == "back_from_repairer" else None
        Repair.objects.create(case=case, attempt=1, diagnosis="Worn.", place="own", diagnosed_at=NOON, sent_at=sent_out)
    if action == "reschedule_pickup":
        at = case.moved_at
        window = (at + 24 * HOUR, at + 26 * HOUR)
        pickups.book(case.pk, by=people.buyer, at=at, carrier="SF", window=window, at_door=AT_DOOR)
        case = again(case)
    if action == "ask_evidence":
        case = arbitration.close_evidence(case.pk, by=CLOCK, at=case.moved_at)
    if action.startswith("choose_"):
        Case.objects.filter(pk=case.pk).update(choice_offered_at=NOON)
    if action == "reject":
        fields["reason"] = reason(fields["reason"])
    if action == "assign":
        fields["agent"] = people.agent.user_id
    if action in ("allow", "decline_request"):
        approvals.ask(case.pk, by=people.agent, at=case.moved_at)
        case = again(case)
    if action == "reapply":
        line = case.lines.get().order_line_id
        fields |= {"reason": case.reason_id, f"units_{line}": "1", f"amount_{line}": "50"}
    if action == "convert":
        fields["reason"] = Reason.objects.get(code=fields["reason"]).pk
    if action == "split":
        fields = {f"units_{case.lines.get().pk}": fields["units"]}
    if action == "merge":
        part = splits.split(case.pk, {case.lines.get().pk: 1}, by=people.agent, at=case.moved_at)
        case, fields = again(case), {"into": part.pk}
    return case, getattr(people, who), fields, leads_to
