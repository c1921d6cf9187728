"""One thing that must hold, as a query over all rows: it answers with the rows where it does not."""

from collections.abc import Iterable
from dataclasses import dataclass
from string import Template

from django.conf import settings
from django.db import connection

from aftersales import moves
from aftersales.models.refunds.refund import HOLDING
from aftersales.queries.refunds.authority import UNDECIDED
from aftersales.rules.policies.clocks import CLOCKS
from aftersales.rules.refunds.authority import LIMITED
from aftersales.rules.vocabulary import ENDED, RefundStatus
from logistics.models.parcel import STOPPED
from orders.models.goods import DELIVERED

EXAMPLES = 5


@dataclass(frozen=True)
class Invariant:
    """A promise of the whole system, and the query for what breaks it; its first column names the culprit."""

    name: str
    sql: str


@dataclass(frozen=True)
class Verdict:
    """How many rows break an invariant, and some of them."""

    name: str
    count: int
    examples: tuple[str, ...] = ()


def _listed(words: Iterable[object]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _pairs(rows: Iterable[tuple[object, ...]]) -> str:
    return ", ".join(f"({_listed(row)})" for row in rows)


# Given back, or given back once and taken back by the gateway: then the refund itself or its successor is owed.
GIVEN = """
r.status IN ('succeeded', 'reversed') OR (r.status <> 'cancelled' AND EXISTS (
    SELECT 1 FROM aftersales_refund old WHERE old.case_id = r.case_id AND old.payment_id = r.payment_id
    AND old.amount = r.amount AND old.status = 'cancelled' AND old.ended_at IS NOT NULL AND old.id < r.id))
"""
# Between whom money owed has passed; a second opinion on actions/receivables.
_ACCOUNT_OF = """CASE WHEN d.{0} IN ('merchant', 'platform') THEN d.{0}
    WHEN d.{0} = 'buyer' AND d.{1} NOT IN ('carrier', 'insurer') THEN 'bank' ELSE 'outside' END"""
WORDS = {
    "debit": _ACCOUNT_OF.format("debtor", "creditor"),
    "credit": _ACCOUNT_OF.format("creditor", "debtor"),
    "posted": "d.status = 'settled'",
    "given": GIVEN,
    "by_hand": "hand_confirmed_by_id IS NOT NULL",
    "held": _listed(HOLDING),
    "over": _listed(ENDED),
    "stopped": _listed(STOPPED),
    "delivered": _listed(sorted(DELIVERED)),
    "limited": _listed(sorted(LIMITED)),
    "undecided": _listed(UNDECIDED),
    "deciding": _listed(move.name for move in moves.DECIDING),
    "zone": settings.TIME_ZONE,
    "done": _listed([RefundStatus.SUCCEEDED, RefundStatus.CANCELLED]),
    "starts": _pairs((status, kind) for kind, clock in CLOCKS.items() for status in clock.states),
    "lines": _pairs((status, clock.line or kind, kind) for kind, clock in CLOCKS.items() for status in clock.states),
    "pauses": _pairs((status, kind) for kind, clock in CLOCKS.items() for status in clock.paused_in),
}

# Materialized: the query runs once for the count and for the examples.
COUNTED = "WITH broken AS MATERIALIZED ($sql) SELECT (SELECT count(*) FROM broken), b FROM broken b LIMIT $examples"


def check(invariant: Invariant) -> Verdict:
    """Count the rows that break the invariant, and name at most five of them."""
    sql = Template(invariant.sql).substitute(WORDS)
    with connection.cursor() as cursor:
        cursor.execute(Template(COUNTED).substitute(sql=sql, examples=EXAMPLES))
        rows = cursor.fetchall()
    return Verdict(invariant.name, rows[0][0] if rows else 0, tuple(" ".join(map(str, row[1])) for row in rows))
