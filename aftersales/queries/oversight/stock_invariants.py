"""What must hold of the warehouse: what lies there is what its movements add up to."""

from aftersales.queries.oversight.invariant import Invariant

STOCK = [
    Invariant(
        "stock on hand, and what is reserved of it, is the sum of its movements",
        """
        SELECT coalesce(i.sku, m.sku), coalesce(i.merchant_id, m.merchant_id) FROM logistics_stockitem i FULL JOIN (
            SELECT merchant_id, sku,
                coalesce(sum(CASE WHEN kind = 'dispatch' THEN -units ELSE units END)
                    FILTER (WHERE kind IN ('restock', 'correction', 'dispatch')), 0) AS on_hand,
                coalesce(sum(CASE WHEN kind = 'reserve' THEN units ELSE -units END)
                    FILTER (WHERE kind IN ('reserve', 'release', 'dispatch')), 0) AS reserved
            FROM logistics_stockmovement WHERE sku <> '' GROUP BY 1, 2
        ) m USING (merchant_id, sku)
        WHERE (coalesce(i.on_hand, 0), coalesce(i.reserved, 0))
            IS DISTINCT FROM (coalesce(m.on_hand, 0), coalesce(m.reserved, 0))
        """,
    ),
    Invariant(
        "no case has let go of more stock than it held",
        """
        SELECT reference FROM logistics_stockmovement WHERE kind IN ('reserve', 'release', 'dispatch')
        GROUP BY merchant_id, sku, reference HAVING sum(CASE WHEN kind = 'reserve' THEN units ELSE -units END) < 0
        """,
    ),
]
