"""The forms of moves: each at the address of its case."""

from aftersales.models import Reason, RejectReason
from tests.aftersales.bad_inputs.form import Form, line_of, reason_of, sold_line_of
from tests.aftersales.bad_inputs.world import COLLECTED, HEARD, S


def _move(action, who, state, texts=("why",), **rest):
    return Form(who, lambda world: f"/cases/{world.cases[state].number}/{action}/", state=state, texts=texts, **rest)


def _tomorrow():
    return {"window_from": "2026-03-11T14:00", "window_until": "2026-03-11T16:00"}


def _address(world):
    return {"address": world.foreign.merchant.return_addresses.get().pk}


def _reapplied(world):
    line = sold_line_of(world, S.REJECTED)
    case = world.cases[S.REJECTED]
    return {"type": "return_refund", "reason": case.reason_id, "description": "x", f"units_{line.pk}": "1"}


MOVES = {
    "approve": _move("approve", "agent", S.PENDING_MERCHANT, amounts=lambda world: ("return_freight",), ids=_address),
    "request-approval": _move("request-approval", "agent", S.PENDING_MERCHANT),
    "offer": _move(
        "offer",
        "merchant",
        S.PENDING_MERCHANT,
        ("note",),
        data=lambda world: {"amount": "10", "type": "refund_only"},
        amounts=lambda world: ("amount",),
    ),
    "reject": _move(
        "reject",
        "merchant",
        S.PENDING_MERCHANT,
        ("note",),
        data=lambda world: {"reason": reason_of("already_shipped")},
        ids=lambda world: {"reason": RejectReason.objects.filter(stage="inspection").first().pk},
    ),
    "accept-offer": _move("accept-offer", "agent", S.PENDING_BUYER, ()),
    "decline-offer": _move("decline-offer", "agent", S.PENDING_BUYER),
    "reapply": _move(
        "reapply",
        "agent",
        S.REJECTED,
        ("description",),
        data=_reapplied,
        amounts=lambda world: (f"amount_{sold_line_of(world, S.REJECTED).pk}",),
        ids=lambda world: {f"units_{world.foreign.order.lines.get().pk}": "1"},
    ),
    "escalate": _move("escalate", "agent", S.REJECTED),
    "withdraw": _move("withdraw", "agent", S.PENDING_MERCHANT),
    "ship-return": _move(
        "ship-return", "agent", S.AWAITING_RETURN, ("carrier", "waybill"), data=lambda world: {"waybill": "SF1"}
    ),
    "book-pickup": _move(
        "book-pickup",
        "agent",
        S.AWAITING_RETURN,
        ("carrier", "contact_name", "contact_phone", "address", "window_from", "window_until"),
        data=lambda world: {"carrier": "SF", **_tomorrow(), "contact_name": "x", "contact_phone": "1", "address": "x"},
    ),
    "reschedule-pickup": _move(
        "reschedule-pickup",
        "agent",
        COLLECTED,
        ("window_from", "window_until"),
        data=lambda world: _tomorrow(),
    ),
    "cancel-pickup": _move("cancel-pickup", "agent", S.RETURN_IN_TRANSIT, ()),
    "rule-for-buyer": _move(
        "rule-for-buyer",
        "supervisor",
        S.ARBITRATION,
        ("ruling",),
        data=lambda world: {"ruling": "x", "liable": "merchant"},
        amounts=lambda world: ("amount",),
    ),
    "rule-for-merchant": _move(
        "rule-for-merchant", "supervisor", S.ARBITRATION, ("ruling",), data=lambda world: {"ruling": "x"}
    ),
    "ask-evidence": _move("ask-evidence", "supervisor", HEARD, data=lambda world: {"why": "x"}),
    "report-goods": _move(
        "report-goods", "warehouse", S.INSPECTING, data=lambda world: {"found": "damaged", "why": "x"}
    ),
    "suspend": _move("suspend", "supervisor", S.ARBITRATION, data=lambda world: {"cause": "court", "why": "x"}),
    "resume": _move("resume", "supervisor", S.SUSPENDED),
    "extend": _move(
        "extend",
        "supervisor",
        S.PENDING_MERCHANT,
        data=lambda world: {"why": "x", "days": "3"},
        amounts=lambda world: ("days",),
    ),
    "reopen": _move("reopen", "supervisor", S.CLOSED, data=lambda world: {"why": "x"}),
    "convert": _move(
        "convert",
        "agent",
        S.PENDING_MERCHANT,
        data=lambda world: {"type": "refund_only", "reason": Reason.objects.get(code="agreed").pk, "why": "x"},
        amounts=lambda world: ("amount",),
    ),
    "split": _move(
        "split",
        "agent",
        S.PENDING_MERCHANT,
        data=lambda world: {f"units_{line_of(world, S.PENDING_MERCHANT).pk}": "1", "why": "x"},
    ),
    "merge": Form(
        "agent",
        lambda world: f"/cases/{world.pair[0].number}/merge/",
        lambda world: {"into": world.pair[1].pk, "why": "x"},
        texts=("why",),
        ids=lambda world: {"into": world.foreign.pk},
    ),
    "assign": _move(
        "assign",
        "supervisor",
        S.PENDING_MERCHANT,
        data=lambda world: {"agent": world.users["agent"].pk},
        ids=lambda world: {"agent": world.users["merchant"].pk},
    ),
}
