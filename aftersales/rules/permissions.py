"""Roles that have the same rights, and who has which page; who may do what stands with each move and act."""

from typing import Final

from aftersales.rules.vocabulary import Role

R = Role
AGENTS: Final = frozenset({R.AGENT, R.SENIOR, R.SUPERVISOR})
AGENTS_AND_MERCHANT: Final = AGENTS | {R.MERCHANT}
AGENTS_AND_BUYER: Final = AGENTS | {R.BUYER}
AGENTS_AND_PARTIES: Final = AGENTS | {R.BUYER, R.MERCHANT}
# A merchant may run a warehouse of their own; a supervisor stands in anywhere.
WAREHOUSE_STAFF: Final = frozenset({R.WAREHOUSE, R.SUPERVISOR, R.MERCHANT})

# Whoever has one of these moves money, or gives others the role to.
MONEY_ROLES: Final = AGENTS_AND_MERCHANT | {R.FINANCE, R.ADMIN}

# Pages of the console and who has them in the menu.
PAGES: Final[dict[str, frozenset[Role]]] = {
    "cases": AGENTS_AND_MERCHANT | {R.FINANCE, R.WAREHOUSE, R.ADMIN},
    "tour": AGENTS_AND_MERCHANT,
    "bulk": AGENTS_AND_MERCHANT,
    "orders": AGENTS_AND_MERCHANT | {R.FINANCE, R.ADMIN},
    "warehouse": WAREHOUSE_STAFF,
    "stock": WAREHOUSE_STAFF,
    "parcels": WAREHOUSE_STAFF,
    "goods_owed": AGENTS | WAREHOUSE_STAFF,
    "finance": frozenset({R.FINANCE, R.SUPERVISOR}),
    "payout": frozenset({R.FINANCE}),
    "invoice_tasks": AGENTS_AND_MERCHANT | {R.FINANCE},
    "approvals": frozenset({R.SUPERVISOR, R.FINANCE}),
    "replies": AGENTS,
    "stuck": AGENTS,
    "now": frozenset({R.SUPERVISOR}),
    "trouble": frozenset({R.SUPERVISOR}),
    "imports": frozenset({R.SUPERVISOR}),
    "rules": frozenset(R) - {R.BUYER, R.CLOCK, R.POLICY, R.CARRIER, R.GATEWAY},
    "sandbox": frozenset({R.ADMIN}),
    "people": frozenset({R.ADMIN}),
    "admin": frozenset({R.ADMIN}),
}
