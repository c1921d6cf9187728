"""Everything that must hold at every moment inside the database."""

from aftersales.queries.oversight.authority_invariants import LIMITS
from aftersales.queries.oversight.case_invariants import PROMISES, RECORD
from aftersales.queries.oversight.goods_invariants import GOODS
from aftersales.queries.oversight.invariant import Verdict, check
from aftersales.queries.oversight.money_invariants import ENTITLEMENT, MONEY
from aftersales.queries.oversight.receivable_invariants import RECEIVABLES
from aftersales.queries.oversight.stock_invariants import STOCK

INVARIANTS = [*ENTITLEMENT, *MONEY, *RECEIVABLES, *PROMISES, *RECORD, *LIMITS, *STOCK, *GOODS]


def check_all() -> list[Verdict]:
    """Every invariant of the database, in seconds at a million cases."""
    return [check(invariant) for invariant in INVARIANTS]
