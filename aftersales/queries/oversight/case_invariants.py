"""What must hold of cases: promises with a date, the log, rounds, offers, lines, the board."""

from aftersales.queries.oversight.invariant import Invariant

PROMISES = [
    Invariant(
        "a case has at most one live deadline of a kind",
        """
        SELECT case_id FROM aftersales_deadline WHERE status IN ('pending', 'paused')
        GROUP BY case_id, kind HAVING count(*) > 1
        """,
    ),
    Invariant(
        "a deadline has one outcome: ended with its time, or live without",
        """
        SELECT id FROM aftersales_deadline
        WHERE (status IN ('met', 'fired', 'missed')) <> (ended_at IS NOT NULL)
           OR (status = 'paused') <> ("left" IS NOT NULL)
        """,
    ),
    Invariant(
        "no deadline runs on an ended case",
        """
        SELECT c.number FROM aftersales_deadline d JOIN aftersales_case c ON c.id = d.case_id
        WHERE d.status IN ('pending', 'paused') AND c.closed_at IS NOT NULL
        """,
    ),
    # $starts and $pauses are made from the table of clocks, so this follows a clock that is added.
    Invariant(
        "an open case runs under one deadline of each line that its state starts",
        """
        SELECT c.number FROM aftersales_case c JOIN (
            SELECT status, array_agg(kind) AS kinds FROM (VALUES $lines) clocks (status, line, kind)
            GROUP BY status, line
        ) lines ON lines.status = c.status
        CROSS JOIN LATERAL (
            SELECT count(*) AS number, count(*) FILTER (WHERE d.status = 'pending') AS running
            FROM aftersales_deadline d
            WHERE d.case_id = c.id AND d.kind = ANY (lines.kinds) AND d.status IN ('pending', 'quarantined')
        ) has WHERE has.number = 0 OR has.running > 1
        """,
    ),
    Invariant(
        "no open case waits without a clock",
        """
        SELECT c.number FROM aftersales_case c WHERE c.closed_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM aftersales_deadline d WHERE d.case_id = c.id AND d.kind <> 'first_reply'
            AND d.status IN ('pending', 'quarantined'))
        """,
    ),
    Invariant(
        "a case runs, or pauses, only the deadlines of its state",
        """
        SELECT c.number FROM aftersales_deadline d JOIN aftersales_case c ON c.id = d.case_id
        WHERE d.kind <> 'first_reply' AND c.closed_at IS NULL AND (
            (d.status = 'pending' AND (c.status, d.kind) NOT IN (VALUES $starts))
            OR (d.status = 'paused' AND (c.status, d.kind) NOT IN (VALUES $pauses)))
        """,
    ),
    Invariant(
        "a case shows the earliest deadline that runs",
        """
        SELECT c.number FROM aftersales_case c LEFT JOIN (
            SELECT case_id, min(due_at) FILTER (WHERE status = 'pending') AS due_at,
                bool_or(status = 'quarantined') AS is_stuck
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
            SELECT case_id, from_status, version, lag(to_status, 1, '') OVER story AS before,
                lag(version, 1, 0) OVER story AS earlier
            FROM aftersales_event WHERE action <> 'attempt' WINDOW story AS (PARTITION BY case_id ORDER BY id)
        ) e WHERE from_status <> before OR version NOT IN (earlier, earlier + 1) GROUP BY case_id
        """,
    ),
    Invariant(
        "a case is in its last round, and that round is decided when the case is",
        """
        SELECT c.number FROM aftersales_case c LEFT JOIN (
            SELECT DISTINCT ON (case_id) case_id, number, outcome FROM aftersales_round ORDER BY case_id, number DESC
        ) r ON r.case_id = c.id
        WHERE r.number IS DISTINCT FROM c.round_number OR (c.status IN ($over) AND r.outcome = 'open')
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
        "an approval is waited for only while the case stands where it was asked, for the sum that it asks",
        """
        SELECT c.number FROM aftersales_approvalrequest a JOIN aftersales_case c ON c.id = a.case_id
        WHERE a.status = 'pending' AND (c.status <> a.asked_in
            OR (a.action = 'approve' AND (a.case_type <> c.type OR a.amount < c.requested_amount)))
        """,
    ),
    Invariant(
        "a case line is open, and of the type, as its case",
        """
        SELECT c.number FROM aftersales_caseline l JOIN aftersales_case c ON c.id = l.case_id
        WHERE l.is_open <> (c.status NOT IN ($over)) OR l.case_type <> c.type
        """,
    ),
    Invariant(
        "open cases about money alone ask for each unit of a line once",
        """
        SELECT l.order_line_id FROM aftersales_caseline l JOIN aftersales_case c ON c.id = l.case_id
        JOIN orders_orderline o ON o.id = l.order_line_id
        WHERE c.status NOT IN ($over) AND c.type IN ('price_protection', 'compensation')
        GROUP BY l.order_line_id, c.type, o.quantity HAVING sum(l.units) > o.quantity
        """,
    ),
    Invariant(
        "what was converted goes on in a case that continues it, what was merged in the one that took it over",
        """
        SELECT c.number FROM aftersales_case c LEFT JOIN aftersales_case other ON other.id = c.parent_id
        WHERE (c.close_reason = 'merged' AND other.order_id IS DISTINCT FROM c.order_id)
           OR (c.close_reason = 'converted' AND NOT EXISTS (
                SELECT 1 FROM aftersales_case next WHERE next.parent_id = c.id AND next.order_id = c.order_id))
        """,
    ),
    Invariant(
        "the board and its pending changes are the live counts",
        """
        SELECT kind, status, subject, sum(number) FROM (
            SELECT kind, status, subject, count AS number FROM aftersales_boardcount
            UNION ALL
            SELECT s.kind, c.status, s.subject, c.number FROM (
                SELECT status, merchant_id, assignee_id, opened_on, delta AS number FROM aftersales_boarddelta
                UNION ALL
                SELECT status, merchant_id, coalesce(assignee_id, 0), opened_on, -count(*)
                FROM aftersales_case WHERE status NOT IN ($over) GROUP BY 1, 2, 3, 4
            ) c CROSS JOIN LATERAL (
                VALUES ('day', c.opened_on - date '1970-01-01'), ('assignee', c.assignee_id),
                    ('merchant', c.merchant_id)
            ) s (kind, subject)
        ) counted GROUP BY 1, 2, 3 HAVING sum(number) <> 0
        """,
    ),
]
