"""What must hold of limits: whatever somebody decided alone stays within what they may, of an order and in a day."""

from aftersales.queries.oversight.invariant import Invariant

# Of a case counts what was decided last: it takes the place of what was decided before, whoever did. A buyer who takes
# an offer decides nothing. What was opened again gave a part `before`: then the rest is decided apart from that part.
DECIDED = """
    SELECT e.user_id, e.action, c.order_id, c.currency, least(
            (e.data ->> 'decided')::numeric - coalesce((e.data ->> 'before')::numeric, 0), (
                SELECT min((l.data ->> 'before')::numeric) - (e.data ->> 'before')::numeric FROM aftersales_event l
                WHERE l.case_id = e.case_id AND (l.data ->> 'before')::numeric > (e.data ->> 'before')::numeric
            )
        ) AS amount,
        (e.happened_at AT TIME ZONE '$zone')::date AS day,
        CASE e.role WHEN 'senior' THEN p.authority_senior WHEN 'supervisor' THEN p.authority_supervisor
            ELSE p.authority_agent END AS at_once,
        CASE e.role WHEN 'senior' THEN p.authority_senior_day WHEN 'supervisor' THEN p.authority_supervisor_day
            ELSE p.authority_agent_day END AS in_a_day
    FROM aftersales_event e JOIN aftersales_case c ON c.id = e.case_id JOIN aftersales_policy p ON p.id = c.policy_id
    WHERE e.role IN ($limited) AND e.data ? 'decided' AND c.status NOT IN ($undecided)
        AND (c.reopened_count = 0 OR e.data ? 'before')
        AND NOT EXISTS (
            SELECT 1 FROM aftersales_event l WHERE l.case_id = e.case_id AND l.id > e.id
            AND l.action IN ($deciding) AND l.role <> 'buyer'
            AND coalesce(l.data ->> 'before', '0')::numeric = coalesce(e.data ->> 'before', '0')::numeric
        )
"""
ALONE = """
    SELECT e.user_id, c.order_id, c.currency, (e.data ->> 'alone')::numeric AS amount,
        (e.happened_at AT TIME ZONE '$zone')::date AS day, p.authority_finance, p.authority_finance_day
    FROM aftersales_event e JOIN aftersales_case c ON c.id = e.case_id JOIN aftersales_policy p ON p.id = c.policy_id
    WHERE e.data ? 'alone'
"""
LIMITS = [
    Invariant(
        "nobody has decided more in a day than they may",
        f"""
        SELECT user_id, day, currency FROM ({DECIDED}) told GROUP BY user_id, day, currency
        HAVING sum(amount) > max(coalesce(in_a_day, 'infinity'))
        """,  # noqa: S608 -- our own statement
    ),
    Invariant(
        "no more of an order was decided without a second person than one person may decide",
        f"""
        SELECT order_id FROM ({DECIDED}) told WHERE action <> 'allow'
        GROUP BY order_id HAVING sum(amount) > max(at_once)
        """,  # noqa: S608 -- likewise
    ),
    Invariant(
        "no person of finance has let go more in a day than one may alone",
        f"""
        SELECT user_id, day, currency FROM ({ALONE}) told GROUP BY user_id, day, currency
        HAVING sum(amount) > max(coalesce(authority_finance_day, 'infinity'))
        """,  # noqa: S608 -- likewise
    ),
    Invariant(
        "no more of an order was let go by one person of finance at a time than one may alone",
        f"SELECT order_id FROM ({ALONE}) told GROUP BY order_id HAVING sum(amount) > max(authority_finance)",  # noqa: S608 -- likewise
    ),
]
