"""Who may do what: one table that a customer can read. Source: the roles of the platform, docs/states.md."""

from aftersales.rules.vocabulary import Role

R = Role
DESK = frozenset({R.AGENT, R.SENIOR, R.SUPERVISOR})
SHOP = DESK | {R.MERCHANT}
FOR_BUYER = DESK | {R.BUYER, R.MERCHANT}
FLOOR = frozenset({R.WAREHOUSE, R.SUPERVISOR, R.MERCHANT})

MAY: dict[str, frozenset[Role]] = {
    "apply": FOR_BUYER,
    "approve": SHOP | {R.CLOCK, R.POLICY},
    "allow": frozenset({R.SUPERVISOR, R.FINANCE}),
    "intercepted": SHOP | {R.CARRIER},
    "miss_interception": SHOP | {R.CARRIER, R.CLOCK},
    "offer": SHOP,
    "accept_offer": DESK | {R.BUYER},
    "decline_offer": DESK | {R.BUYER},
    "lapse_offer": frozenset({R.CLOCK}),
    "reject": SHOP,
    "reapply": DESK | {R.BUYER},
    "escalate": DESK | {R.BUYER},
    "withdraw": DESK | {R.BUYER},
    "ship_return": FOR_BUYER | {R.CARRIER},
    "book_pickup": DESK | {R.BUYER},
    "reschedule_pickup": DESK | {R.BUYER},
    "cancel_pickup": DESK | {R.BUYER, R.CARRIER},
    "receive": FLOOR,
    "presume_received": frozenset({R.CLOCK}),
    "pass_inspection": FLOOR | {R.CLOCK},
    "fail_inspection": FLOOR,
    "diagnose": FLOOR | SHOP,
    "quote_repair": SHOP,
    "send_to_repairer": FLOOR | SHOP,
    "back_from_repairer": FLOOR | SHOP,
    "finish_repair": FLOOR | SHOP,
    "fail_repair": FLOOR | SHOP,
    "offer_choice": frozenset({R.CLOCK}),
    "choose_exchange": DESK | {R.BUYER},
    "choose_refund": DESK | {R.BUYER},
    "dispatch": FLOOR,
    "give_money_instead": SHOP | {R.WAREHOUSE, R.CLOCK},
    "send_again": FLOOR | SHOP | {R.CARRIER},
    "confirm_receipt": DESK | {R.BUYER, R.CLOCK},
    "correct_stock": FLOOR,
    "record_parcel": FLOOR,
    "settle_parcel": FLOOR,
    "expire": frozenset({R.CLOCK}),
    "rule_for_buyer": frozenset({R.SUPERVISOR}),
    "rule_for_merchant": frozenset({R.SUPERVISOR}),
    "close_evidence": frozenset({R.CLOCK}),
    "suspend": frozenset({R.SUPERVISOR}),
    "resume": frozenset({R.SUPERVISOR, R.CLOCK}),
    "settle": frozenset({R.GATEWAY, R.FINANCE}),
    "fail_refund": frozenset({R.GATEWAY}),
    "retry_refund": frozenset({R.FINANCE}),
    "reverse_refund": frozenset({R.GATEWAY}),
    "platform_pays": frozenset({R.CLOCK}),
    "convert": DESK,
    "split": DESK,
    "merge": DESK,
    "extend": SHOP | {R.BUYER, R.WAREHOUSE},
    "request_approval": frozenset({R.AGENT, R.SENIOR, R.SUPERVISOR}),
    "decline_request": frozenset({R.SUPERVISOR, R.FINANCE}),
    "reopen": frozenset({R.SUPERVISOR}),
    "message": FOR_BUYER,
    "note": DESK,
    "tick": DESK,
    "use_tools": DESK,
    "keep_own_tools": DESK,
    "keep_team_tools": frozenset({R.SENIOR, R.SUPERVISOR}),
    "keep_all_tools": frozenset({R.SUPERVISOR}),
    "evidence": FOR_BUYER | {R.WAREHOUSE},
    "finish_chore": SHOP | {R.FINANCE},
    "release_refund": frozenset({R.FINANCE}),
    "query_refund": frozenset({R.FINANCE}),
    "settle_by_hand": frozenset({R.FINANCE}),
    "settle_demand": SHOP | {R.FINANCE},
    "waive_demand": frozenset({R.FINANCE}),
    "claim_carrier": SHOP | FLOOR,
    "assign": DESK,
    "reassign": frozenset({R.SUPERVISOR}),
    "claim": DESK,
    "skip": DESK,
    "prioritise": DESK,
    "distribute": frozenset({R.CLOCK}),
    "release": frozenset({R.CLOCK}),
    "share_view": DESK,
    "share_view_with_all": frozenset({R.SUPERVISOR}),
    "declare_outage": frozenset({R.SUPERVISOR}),
    "try_again": frozenset({R.SUPERVISOR}),
    "import_orders": frozenset({R.SUPERVISOR}),
    "print_label": FOR_BUYER | {R.WAREHOUSE},
    "reveal": SHOP | {R.FINANCE, R.WAREHOUSE},
    "sandbox": frozenset({R.ADMIN}),
}

# Pages of the console and who has them in the menu.
PAGES: dict[str, frozenset[Role]] = {
    "cases": SHOP | {R.FINANCE, R.WAREHOUSE, R.ADMIN},
    "tour": SHOP,
    "bulk": SHOP,
    "orders": SHOP | {R.FINANCE, R.ADMIN},
    "warehouse": FLOOR,
    "stock": FLOOR,
    "parcels": FLOOR,
    "finance": frozenset({R.FINANCE, R.SUPERVISOR}),
    "payout": frozenset({R.FINANCE}),
    "chores": SHOP | {R.FINANCE},
    "approvals": frozenset({R.SUPERVISOR, R.FINANCE}),
    "replies": MAY["use_tools"],
    "stuck": DESK,
    "now": frozenset({R.SUPERVISOR}),
    "trouble": frozenset({R.SUPERVISOR}),
    "imports": frozenset({R.SUPERVISOR}),
    "rules": frozenset(R) - {R.BUYER, R.CLOCK, R.POLICY, R.CARRIER, R.GATEWAY},
    "sandbox": MAY["sandbox"],
    "admin": frozenset({R.ADMIN}),
}


def may(role: str, action: str) -> bool:
    """Whether the table grants the action to the role."""
    return role in MAY[action]


def may_any(roles: frozenset[Role], action: str) -> bool:
    """Whether any of a person's roles has the action."""
    return bool(MAY[action] & roles)
