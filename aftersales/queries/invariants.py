"""What must hold at every moment, each as one query over all rows: it answers with the rows where it does not."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from aftersales.models.refund import HOLDING
from aftersales.rules.clocks import CLOCKS
from aftersales.rules.vocabulary import ENDED, RefundStatus

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


def _pairs(pairs: Iterable[tuple[object, object]]) -> str:
    return ", ".join(f"('{first}', '{second}')" for first, second in pairs)


HELD = _listed(HOLDING)
OVER = _listed(ENDED)
DONE = _listed([RefundStatus.SUCCEEDED, RefundStatus.CANCELLED])
STARTS = _pairs((status, kind) for kind, clock in CLOCKS.items() for status in clock.states)
PAUSES = _pairs((status, kind) for kind, clock in CLOCKS.items() for status in clock.paused_in)
# These clocks may act without ending the state that started them: the promise is then used up.
USED_UP = _listed(kind for kind, clock in CLOCKS.items() if clock.action in ("platform_pays", "close_evidence"))

ENTITLEMENT = [
    Invariant(
        "a line's units and money in open cases are what its open cases hold",
        """
        SELECT l.id FROM orders_orderline l LEFT JOIN (
            SELECT cl.order_line_id, sum(cl.units_held) AS units, sum(cl.amount_held) AS amount
            FROM aftersales_caseline cl JOIN aftersales_case c ON c.id = cl.case_id AND c.closed_at IS NULL GROUP BY 1
        ) held ON held.order_line_id = l.id
        WHERE (l.units_reserved, l.amount_reserved) <> (coalesce(held.units, 0), coalesce(held.amount, 0))
        """,
    ),
    Invariant(
        "a line's units and money given back are what its cases gave back",
        """
        SELECT l.id FROM orders_orderline l LEFT JOIN (
            SELECT order_line_id, sum(units_settled) AS units, sum(amount_settled) AS amount
            FROM aftersales_caseline GROUP BY 1
        ) gone ON gone.order_line_id = l.id
        WHERE (l.units_settled, l.amount_settled) <> (coalesce(gone.units, 0), coalesce(gone.amount, 0))
        """,
    ),
    Invariant(
        "an order's freight in cases and given back is what its cases hold and gave back",
        """
        SELECT o.number FROM orders_order o LEFT JOIN (
            SELECT order_id, sum(freight_held) AS held, sum(freight_settled) AS settled FROM aftersales_case GROUP BY 1
        ) c ON c.order_id = o.id
        WHERE (o.freight_reserved, o.freight_settled) <> (coalesce(c.held, 0), coalesce(c.settled, 0))
        """,
    ),
    Invariant(
        "a line never gives back more units or money than were sold",
        """
        SELECT id FROM orders_orderline
        WHERE units_reserved + units_settled + units_elsewhere > quantity
           OR amount_reserved + amount_settled + amount_elsewhere > paid_amount
           OR least(units_reserved, units_settled, units_elsewhere) < 0
           OR least(amount_reserved, amount_settled, amount_elsewhere) < 0
        """,
    ),
    Invariant(
        "an order never gives back more freight than was paid",
        """
        SELECT number FROM orders_order
        WHERE freight_reserved + freight_settled + freight_elsewhere > freight_amount
           OR least(freight_reserved, freight_settled, freight_elsewhere) < 0
        """,
    ),
    Invariant(
        "an ended case holds nothing",
        """
        SELECT c.number FROM aftersales_case c WHERE c.closed_at IS NOT NULL AND (c.freight_held <> 0 OR EXISTS (
            SELECT 1 FROM aftersales_caseline l WHERE l.case_id = c.id AND (l.units_held <> 0 OR l.amount_held <> 0)))
        """,
    ),
]

MONEY = [
    Invariant(
        "a payment holds its refunds under way and has given back its paid ones",
        f"""
        SELECT p.id FROM orders_payment p LEFT JOIN (
            SELECT payment_id, coalesce(sum(amount) FILTER (WHERE status IN ({HELD})), 0) AS held,
                coalesce(sum(amount) FILTER (WHERE status = 'succeeded'), 0) AS paid
            FROM aftersales_refund GROUP BY 1
        ) r ON r.payment_id = p.id
        WHERE (p.reserved, p.settled) <> (coalesce(r.held, 0), coalesce(r.paid, 0))
        """,
    ),
    Invariant(
        "a payment never gives back more than it captured",
        """
        SELECT id FROM orders_payment
        WHERE reserved + settled + elsewhere > captured OR least(reserved, settled, elsewhere) < 0
        """,
    ),
    Invariant(
        "every journal entry sums to zero and has two sides",
        """
        SELECT e.id FROM orders_entry e LEFT JOIN orders_posting p ON p.entry_id = e.id
        GROUP BY e.id HAVING coalesce(sum(p.amount), 0) <> 0 OR count(p.id) < 2 OR count(DISTINCT p.currency) > 1
        """,
    ),
    *(
        Invariant(
            f"account “{account}” is what the refunds say",
            f"""
            SELECT merchant_id, currency, sum(booked) AS booked, sum(owed) AS owed FROM (
                SELECT p.merchant_id, p.currency, sum(p.amount) AS booked, 0 AS owed FROM orders_posting p
                JOIN orders_entry e ON e.id = p.entry_id AND e.kind <> 'deposit' WHERE p.account = '{account}' GROUP BY 1, 2
                UNION ALL
                SELECT merchant_id, currency, 0, sum({expected}) FROM aftersales_refund GROUP BY 1, 2
            ) sides GROUP BY 1, 2 HAVING sum(booked) <> sum(owed)
            """,
        )
        for account, expected in {
            "refunds_due": f"CASE WHEN status IN ({HELD}) THEN -amount ELSE 0 END",
            "gateway": "CASE WHEN status = 'succeeded' THEN -amount ELSE 0 END",
            # A refund that was reversed and made anew is cancelled; its guarantee was charged once for both.
            "guarantee": "CASE WHEN payer = 'platform' AND status <> 'cancelled' THEN amount ELSE 0 END",
            "merchant": (
                f"CASE WHEN status IN ({HELD}, 'succeeded') THEN amount ELSE 0 END"
                " - CASE WHEN payer = 'platform' AND status <> 'cancelled' THEN amount ELSE 0 END"
            ),
        }.items()
    ),
    Invariant(
        "the guarantee account is charged at most once for a refund, and only where the platform pays",
        """
        SELECT r.number FROM orders_entry e JOIN aftersales_refund r ON r.number = split_part(e.reference, '/', 1)
        WHERE e.kind = 'guarantee_charged' GROUP BY r.number, r.payer HAVING count(*) > 1 OR r.payer <> 'platform'
        """,
    ),
    Invariant(
        "a completed case has paid what was agreed, and all its refunds",
        f"""
        WITH completed AS (
            SELECT c.id, c.number, c.agreed_amount, coalesce(max(e.happened_at), '-infinity') AS since
            FROM aftersales_case c LEFT JOIN aftersales_event e ON e.case_id = c.id AND e.action = 'reopen'
            WHERE c.status = 'completed' GROUP BY c.id
        )
        SELECT c.number FROM completed c LEFT JOIN aftersales_refund r ON r.case_id = c.id
        GROUP BY c.number, c.agreed_amount
        HAVING count(r.id) FILTER (WHERE r.status NOT IN ({DONE})) > 0 OR c.agreed_amount IS NULL
            OR c.agreed_amount <> coalesce(sum(r.amount) FILTER (WHERE r.status = 'succeeded' AND r.created_at >= c.since), 0)
        """,
    ),
    Invariant(
        "an ended case has given back, line by line and in freight, what it paid",
        """
        SELECT c.number FROM aftersales_case c
        LEFT JOIN (SELECT case_id, sum(amount_settled) AS goods FROM aftersales_caseline GROUP BY 1) l ON l.case_id = c.id
        LEFT JOIN (
            SELECT case_id, sum(amount) AS paid FROM aftersales_refund WHERE status = 'succeeded' GROUP BY 1
        ) r ON r.case_id = c.id
        WHERE c.closed_at IS NOT NULL AND coalesce(l.goods, 0) + c.freight_settled <> coalesce(r.paid, 0)
        """,
    ),
    Invariant(
        "a refunding case waits for a refund under way, a failed one for a refund that somebody must deal with",
        f"""
        SELECT c.number FROM aftersales_case c
        WHERE (c.status = 'refunding' AND NOT EXISTS (
                SELECT 1 FROM aftersales_refund r WHERE r.case_id = c.id AND r.status IN ({HELD})))
           OR (c.status = 'refund_failed' AND NOT EXISTS (
                SELECT 1 FROM aftersales_refund r WHERE r.case_id = c.id AND r.status IN ('failed', 'reversed')))
        """,
    ),
    Invariant(
        "no refund is under way for a case that does not refund",
        f"""
        SELECT r.number FROM aftersales_refund r JOIN aftersales_case c ON c.id = r.case_id
        WHERE r.status IN ({HELD}, 'failed', 'reversed') AND c.status NOT IN ('refunding', 'refund_failed')
        """,
    ),
]

PROMISES = [
    Invariant(
        "a case has at most one live deadline of a kind",
        """
        SELECT case_id FROM aftersales_deadline WHERE status IN ('pending', 'paused') GROUP BY case_id, kind HAVING count(*) > 1
        """,
    ),
    Invariant(
        "a deadline has one outcome: ended with its time, or live without",
        """
        SELECT id FROM aftersales_deadline
        WHERE (status IN ('met', 'fired', 'missed')) <> (ended_at IS NOT NULL) OR (status = 'paused') <> ("left" IS NOT NULL)
        """,
    ),
    Invariant(
        "no deadline runs on an ended case",
        """
        SELECT c.number FROM aftersales_deadline d JOIN aftersales_case c ON c.id = d.case_id
        WHERE d.status IN ('pending', 'paused') AND c.closed_at IS NOT NULL
        """,
    ),
    Invariant(
        "an open case runs under the deadlines that its state starts",
        f"""
        SELECT c.number FROM aftersales_case c JOIN (VALUES {STARTS}) starts (status, kind) ON starts.status = c.status
        WHERE NOT EXISTS (
            SELECT 1 FROM aftersales_deadline d WHERE d.case_id = c.id AND d.kind = starts.kind
            AND (d.status IN ('pending', 'quarantined') OR (d.status = 'fired' AND d.kind IN ({USED_UP}))))
        """,
    ),
    Invariant(
        "a case runs, or pauses, only the deadlines of its state",
        f"""
        SELECT c.number FROM aftersales_deadline d JOIN aftersales_case c ON c.id = d.case_id
        WHERE d.kind <> 'first_reply' AND c.closed_at IS NULL AND (
            (d.status = 'pending' AND (c.status, d.kind) NOT IN (VALUES {STARTS}))
            OR (d.status = 'paused' AND (c.status, d.kind) NOT IN (VALUES {PAUSES})))
        """,
    ),
    Invariant(
        "a case shows the earliest deadline that runs",
        """
        SELECT c.number FROM aftersales_case c LEFT JOIN (
            SELECT case_id, min(due_at) FILTER (WHERE status = 'pending') AS due_at, bool_or(status = 'quarantined') AS is_stuck
            FROM aftersales_deadline WHERE kind <> 'first_reply' AND status IN ('pending', 'quarantined') GROUP BY 1
        ) d ON d.case_id = c.id
        WHERE c.due_at IS DISTINCT FROM d.due_at AND NOT coalesce(d.is_stuck, false)
        """,
    ),
    Invariant(
        "what a case shows as due is a running deadline of that kind",
        """
        SELECT c.number FROM aftersales_case c WHERE c.due_at IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM aftersales_deadline d WHERE d.case_id = c.id AND d.kind = c.due_kind AND d.due_at = c.due_at
            AND d.status IN ('pending', 'quarantined'))
        """,
    ),
]

RECORD = [
    Invariant(
        "the last event of a case tells its state and version",
        """
        SELECT c.number FROM aftersales_case c LEFT JOIN LATERAL (
            SELECT to_status, version FROM aftersales_event e WHERE e.case_id = c.id AND e.action <> 'attempt'
            ORDER BY e.id DESC LIMIT 1
        ) last ON true
        WHERE (last.to_status, last.version) IS DISTINCT FROM (c.status, c.version)
        """,
    ),
    Invariant(
        "events follow each other without a gap, each move one version up",
        """
        SELECT case_id FROM (
            SELECT case_id, from_status, version, lag(to_status, 1, '') OVER story AS before, lag(version, 1, 0) OVER story AS earlier
            FROM aftersales_event WHERE action <> 'attempt' WINDOW story AS (PARTITION BY case_id ORDER BY id)
        ) e WHERE from_status <> before OR version NOT IN (earlier, earlier + 1) GROUP BY case_id
        """,
    ),
    Invariant(
        "a case is in its last round, and that round is decided when the case is",
        f"""
        SELECT c.number FROM aftersales_case c LEFT JOIN (
            SELECT DISTINCT ON (case_id) case_id, number, outcome FROM aftersales_round ORDER BY case_id, number DESC
        ) r ON r.case_id = c.id
        WHERE r.number IS DISTINCT FROM c.round_number OR (c.status IN ({OVER}) AND r.outcome = 'open')
           OR (c.status IN ('awaiting_return', 'refunding', 'completed') AND r.outcome <> 'agreed')
           OR (c.status = 'pending_merchant' AND r.outcome <> 'open')
        """,
    ),
    Invariant(
        "an offer stands only while the buyer is asked, and then one does",
        """
        SELECT c.number FROM aftersales_case c LEFT JOIN aftersales_offer o ON o.case_id = c.id AND o.status = 'open'
        WHERE (c.status = 'pending_buyer') <> (o.id IS NOT NULL)
        """,
    ),
    Invariant(
        "an approval is waited for only while the case is undecided",
        """
        SELECT c.number FROM aftersales_approvalrequest a JOIN aftersales_case c ON c.id = a.case_id
        WHERE a.status = 'pending' AND c.status NOT IN ('pending_merchant', 'pending_buyer')
        """,
    ),
    Invariant(
        "a case line is open, and of the type, as its case",
        f"""
        SELECT c.number FROM aftersales_caseline l JOIN aftersales_case c ON c.id = l.case_id
        WHERE l.is_open <> (c.status NOT IN ({OVER})) OR l.case_type <> c.type
        """,
    ),
    Invariant(
        "an order line is in one open case of a type",
        f"""
        SELECT l.order_line_id FROM aftersales_caseline l JOIN aftersales_case c ON c.id = l.case_id
        WHERE c.status NOT IN ({OVER}) GROUP BY l.order_line_id, c.type HAVING count(*) > 1
        """,
    ),
    Invariant(
        "the board and its pending changes are the live counts",
        f"""
        SELECT kind, status, subject, sum(number) FROM (
            SELECT kind, status, subject, count AS number FROM aftersales_boardcount
            UNION ALL
            SELECT s.kind, c.status, s.subject, c.number FROM (
                SELECT status, merchant_id, assignee_id, opened_on, delta AS number FROM aftersales_boarddelta
                UNION ALL
                SELECT status, merchant_id, coalesce(assignee_id, 0), opened_on, -count(*)
                FROM aftersales_case WHERE status NOT IN ({OVER}) GROUP BY 1, 2, 3, 4
            ) c CROSS JOIN LATERAL (
                VALUES ('day', c.opened_on - date '1970-01-01'), ('assignee', c.assignee_id), ('merchant', c.merchant_id)
            ) s (kind, subject)
        ) counted GROUP BY 1, 2, 3 HAVING sum(number) <> 0
        """,
    ),
]

INVARIANTS = [*ENTITLEMENT, *MONEY, *PROMISES, *RECORD]


def check(invariant: Invariant) -> Verdict:
    """Ask the database for what breaks it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH broken AS MATERIALIZED ({invariant.sql}) SELECT (SELECT count(*) FROM broken), b FROM broken b LIMIT {EXAMPLES}"
        )  # noqa: S608 -- constants of this module
        rows = cursor.fetchall()
    return Verdict(invariant.name, rows[0][0] if rows else 0, tuple(str(row[1]) for row in rows))
