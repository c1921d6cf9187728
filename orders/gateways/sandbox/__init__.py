"""A payment gateway to try everything with: its own bank in a file, its own ledger, faults on demand."""

from orders.gateways.sandbox.bank import reverse
from orders.gateways.sandbox.books import (
    RefundRow,
    balances,
    latest_rows,
    ledger_total,
    ledger_totals,
    refund_rows,
    reset,
    set_balance,
    top_up,
)
from orders.gateways.sandbox.gateway import Sandbox
from orders.gateways.sandbox.notices import Notice
from orders.gateways.sandbox.notices import acknowledge as acknowledge_notices
from orders.gateways.sandbox.notices import pull as pull_notices
from orders.gateways.sandbox.switches import FAULTS, BadFault, clear_faults, faults, parse, set_fault

__all__ = [
    "FAULTS",
    "BadFault",
    "Notice",
    "RefundRow",
    "Sandbox",
    "acknowledge_notices",
    "balances",
    "clear_faults",
    "faults",
    "latest_rows",
    "ledger_total",
    "ledger_totals",
    "parse",
    "pull_notices",
    "refund_rows",
    "reset",
    "reverse",
    "set_balance",
    "set_fault",
    "top_up",
]
