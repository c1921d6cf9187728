"""What must hold of goods that lie with us: a case that has ended keeps only what it gave money or goods for."""

from aftersales.queries.oversight.invariant import Invariant

GOODS = [
    Invariant(
        "what an ended case still holds was paid for or replaced, or is owed back",
        """
        SELECT c.number FROM aftersales_caseline l JOIN aftersales_case c ON c.id = l.case_id
        WHERE c.closed_at IS NOT NULL AND l.units_here > CASE WHEN c.status <> 'completed' THEN 0
            ELSE greatest(l.units_accepted, l.units_settled + l.units_sent) END
        """,
    ),
    # Not by the count of what lies here, but by what the warehouse wrote down of each unit.
    Invariant(
        "of an ended case every unit that an inspection saw is the merchant's, owed back, or back with the buyer",
        """
        SELECT c.number FROM (
            SELECT l.case_id, l.order_line_id, count(*) - l.units_here
                - CASE WHEN l.case_type = 'repair' THEN l.units_sent ELSE 0 END AS units
            FROM aftersales_inspectedunit u
            JOIN aftersales_caseline l ON l.id = u.case_line_id JOIN aftersales_case i ON i.id = l.case_id
            WHERE u.condition <> 'empty' AND u.round_number = i.round_number GROUP BY l.id
        ) seen JOIN aftersales_case c ON c.id = seen.case_id
        LEFT JOIN (
            SELECT g.case_id, s.order_line_id, sum(s.units) AS units FROM aftersales_goodsowed g
            JOIN aftersales_goodsowedline s ON s.goods_owed_id = g.id GROUP BY 1, 2
        ) owed ON owed.case_id = seen.case_id AND owed.order_line_id = seen.order_line_id
        WHERE c.closed_at IS NOT NULL AND c.close_reason NOT IN ('converted', 'merged')
          AND coalesce(owed.units, 0) < seen.units
        """,
    ),
    Invariant(
        "goods that were sent back left in a parcel to the buyer of their order",
        """
        SELECT c.number FROM aftersales_goodsowed g JOIN aftersales_case c ON c.id = g.case_id
        LEFT JOIN logistics_parcel p ON p.id = g.parcel_id
        WHERE g.outcome IN ('sent', 'came_back')
          AND (p.direction <> 'outbound' OR p.order_id IS DISTINCT FROM c.order_id)
        """,
    ),
    # A scan that nobody has judged yet says nothing so far; what reached the buyer before is asked back all the same.
    Invariant(
        "what was lost on its way to the buyer is neither stopped nor asked back",
        """
        SELECT c.number FROM aftersales_case c JOIN orders_order o ON o.id = c.order_id
        JOIN (
            SELECT p.order_id, bool_or(p.status = 'lost') AND bool_and(p.status IN ('lost', $stopped)) AS is_lost
            FROM logistics_parcel p WHERE p.direction = 'outbound' AND p.status <> 'cancelled'
              AND NOT EXISTS (SELECT 1 FROM aftersales_sentparcel s WHERE s.parcel_id = p.id)
              AND NOT EXISTS (SELECT 1 FROM aftersales_goodsowed g WHERE g.parcel_id = p.id)
            GROUP BY 1
        ) sent ON sent.order_id = o.id AND sent.is_lost
        WHERE c.status IN ('intercepting', 'awaiting_return')
          AND o.signed_at IS NULL AND o.status NOT IN ($delivered)
          AND NOT EXISTS (SELECT 1 FROM aftersales_caseline l WHERE l.case_id = c.id AND l.units_received > 0)
          AND NOT EXISTS (
            SELECT 1 FROM logistics_parcelevent e JOIN logistics_parcel p ON p.id = e.parcel_id
            WHERE p.order_id = o.id AND e.judged_at IS NULL)
        """,
    ),
    Invariant(
        "goods owed back name what they are",
        """
        SELECT g.id FROM aftersales_goodsowed g
        WHERE NOT EXISTS (SELECT 1 FROM aftersales_goodsowedline s WHERE s.goods_owed_id = g.id)
        """,
    ),
]
