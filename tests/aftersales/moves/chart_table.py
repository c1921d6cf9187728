"""The state chart by hand: where each action leads, and who may; chart_deeds does them.

Written from the transition table (§3) and the table of rights (§7) of the domain; nothing here is read from the chart
or the permissions of the product, so that each checks the other.
"""

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


def expected(state, action, role):
    if role not in WHO[action].split():
        return "forbidden"
    if action == "extend" and role != "supervisor" and state not in BUYERS_TIME:
        return "*" if action in MOVES[state] else "not from here"
    return MOVES[state].get(action, "not from here")
