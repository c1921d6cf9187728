"""The state chart by hand: where each action leads, and who may; chart_cells does them.

Written from the transition table (§3) and the table of rights (§7) of the domain; nothing here is read from the chart
or the permissions of the product, so that each checks the other.
"""

AGENTS = "agent senior supervisor"
AGENTS_AND_MERCHANT = f"{AGENTS} merchant"
BUYER = f"{AGENTS} buyer"
WAREHOUSE_STAFF = "warehouse supervisor merchant"

# Who has the right at all, whatever the state.
WHO = {
    "approve": f"{AGENTS_AND_MERCHANT} clock policy",
    "allow": "supervisor finance",
    "request_approval": AGENTS,
    "decline_request": "supervisor finance",
    "reject": AGENTS_AND_MERCHANT,
    "offer": AGENTS_AND_MERCHANT,
    "accept_offer": BUYER,
    "decline_offer": BUYER,
    "lapse_offer": "clock",
    "reapply": BUYER,
    "escalate": BUYER,
    "withdraw": BUYER,
    "intercepted": f"{AGENTS_AND_MERCHANT} carrier",
    "miss_interception": f"{AGENTS_AND_MERCHANT} carrier clock",
    "lose_parcel": "carrier clock",
    "ship_return": f"{BUYER} merchant carrier",
    "book_pickup": BUYER,
    "reschedule_pickup": BUYER,
    "cancel_pickup": f"{BUYER} carrier",
    "receive": WAREHOUSE_STAFF,
    "report_goods": WAREHOUSE_STAFF,
    "presume_received": "clock",
    "pass_inspection": f"{WAREHOUSE_STAFF} clock",
    "fail_inspection": WAREHOUSE_STAFF,
    "refer_inspection": "clock",
    "diagnose": f"{AGENTS_AND_MERCHANT} warehouse",
    "quote_repair": AGENTS_AND_MERCHANT,
    "send_to_repairer": f"{AGENTS_AND_MERCHANT} warehouse",
    "back_from_repairer": f"{AGENTS_AND_MERCHANT} warehouse",
    "finish_repair": f"{AGENTS_AND_MERCHANT} warehouse",
    "fail_repair": f"{AGENTS_AND_MERCHANT} warehouse",
    "offer_choice": "clock",
    "choose_exchange": BUYER,
    "choose_refund": BUYER,
    "dispatch": WAREHOUSE_STAFF,
    "give_money_instead": f"{AGENTS_AND_MERCHANT} warehouse clock",
    "send_again": f"{AGENTS_AND_MERCHANT} warehouse carrier",
    "confirm_receipt": f"{BUYER} clock",
    "convert": AGENTS,
    "split": AGENTS,
    "merge": AGENTS,
    "expire": "clock",
    "rule_for_buyer": "supervisor",
    "rule_for_merchant": "supervisor",
    "ask_evidence": "supervisor",
    "close_evidence": "clock",
    "pass_on_decision": "clock",
    "miss_decision": "clock",
    "suspend": "supervisor",
    "resume": "supervisor clock",
    "settle": "gateway finance",
    "fail_refund": "gateway",
    "retry_refund": "finance",
    "reverse_refund": "gateway",
    "platform_pays": "clock",
    "extend": f"{AGENTS_AND_MERCHANT} buyer warehouse",
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
        "allow": "awaiting_return",
        "request_approval": "pending_buyer",
        "decline_request": "pending_buyer",
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
        "receive": "*",
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
        "lose_parcel": "refunding",
        "withdraw": "closed",
        "extend": "intercepting",
    },
    "awaiting_return": {
        "lose_parcel": "*",
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
        "report_goods": "inspecting",
        "pass_inspection": "refunding",
        "refer_inspection": "*",
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
        "allow": "*",
        "request_approval": "*",
        "decline_request": "*",
        "withdraw": "closed",
        "extend": "repairing",
    },
    "awaiting_dispatch": {
        "dispatch": "awaiting_receipt",
        "give_money_instead": "refunding",
        "allow": "refunding",
        "request_approval": "awaiting_dispatch",
        "decline_request": "awaiting_dispatch",
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
        "receive": "*",
        "rule_for_buyer": "awaiting_return",
        "rule_for_merchant": "closed",
        "request_approval": "*",
        "allow": "*",
        "decline_request": "*",
        "ask_evidence": "*",
        "close_evidence": "arbitration",
        "pass_on_decision": "arbitration",
        "miss_decision": "arbitration",
        "suspend": "suspended",
        "withdraw": "closed",
        "extend": "arbitration",
    },
    "suspended": {"receive": "*", "resume": "arbitration", "extend": "suspended"},
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
