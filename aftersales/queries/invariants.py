"""Everything that must hold at every moment inside the database."""

from aftersales.queries.invariant import Verdict, check
from aftersales.queries.invariants_case import PROMISES, RECORD
from aftersales.queries.invariants_money import ENTITLEMENT, MONEY
from aftersales.queries.invariants_owed import OWED
from aftersales.queries.invariants_stock import STOCK

INVARIANTS = [*ENTITLEMENT, *MONEY, *OWED, *PROMISES, *RECORD, *STOCK]


def check_all() -> list[Verdict]:
    """Every invariant of the database, in seconds at a million cases."""
    return [check(invariant) for invariant in INVARIANTS]
