"""What lies here of cases that are older than the count: of open ones it stays, of ended ones it is owed back.

Nobody was told of those before: their 72 hours begin with this migration.
"""

from django.db import migrations

# What a silence took as received nobody has seen; of an inspected line only what was no empty parcel was there.
LIES_HERE = """
CREATE TEMPORARY TABLE lies_here ON COMMIT DROP AS
SELECT l.id, l.case_id, l.order_line_id, c.status, c.closed_at,
    greatest(l.units_received - coalesce(e.missing, 0)
        - CASE WHEN l.case_type = 'repair' THEN l.units_sent ELSE 0 END, 0) AS units,
    CASE WHEN c.status <> 'completed' THEN 0
        ELSE greatest(l.units_accepted - CASE WHEN l.case_type = 'repair' THEN l.units_sent ELSE 0 END, 0)
    END AS taken
FROM aftersales_caseline l JOIN aftersales_case c ON c.id = l.case_id
LEFT JOIN LATERAL (
    SELECT l.units_received - count(*) FILTER (WHERE u.condition <> 'empty') AS missing
    FROM aftersales_inspectedunit u WHERE u.case_line_id = l.id AND u.round_number = c.round_number
    HAVING count(*) > 0
) e ON e.missing > 0
WHERE l.units_received > 0 AND NOT EXISTS (
    SELECT 1 FROM aftersales_event v WHERE v.case_id = c.id AND v.action = 'presume_received');

UPDATE aftersales_caseline l SET units_here = CASE WHEN h.closed_at IS NULL THEN h.units ELSE least(h.units, h.taken) END
FROM lies_here h WHERE h.id = l.id;

INSERT INTO aftersales_goodsowed (case_id, cause, payer, rule, created_at, due_at, outcome, note)
SELECT c.id, 'ended',
    CASE WHEN c.liable_party IN ('merchant', 'carrier') THEN 'merchant'
        WHEN c.liable_party <> '' OR c.close_reason IN ('withdrawn', 'expired') OR c.status = 'completed' THEN 'buyer'
        ELSE c.freight_payer END,
    CASE WHEN c.liable_party <> '' THEN 'found_' || c.liable_party
        WHEN c.close_reason = 'withdrawn' THEN 'withdrawn'
        WHEN c.close_reason = 'expired' OR c.status = 'completed' THEN 'refused'
        ELSE 'as_return_' || c.freight_payer END,
    now(), now() + p.goods_back_hours * interval '1 hour', 'waiting', ''
FROM aftersales_case c JOIN aftersales_policy p ON p.id = c.policy_id
WHERE EXISTS (
    SELECT 1 FROM lies_here h WHERE h.case_id = c.id AND h.closed_at IS NOT NULL AND h.units > h.taken);

INSERT INTO aftersales_goodsowedline (goods_owed_id, order_line_id, title, units)
SELECT g.id, h.order_line_id, left(trim(o.title || ' ' || o.variant), 300), h.units - h.taken
FROM lies_here h JOIN aftersales_goodsowed g ON g.case_id = h.case_id JOIN orders_orderline o ON o.id = h.order_line_id
WHERE h.closed_at IS NOT NULL AND h.units > h.taken;

DROP TABLE lies_here;
"""


class Migration(migrations.Migration):
    dependencies = [("aftersales", "0032_goods_owed")]

    operations = [migrations.RunSQL(LIES_HERE, migrations.RunSQL.noop)]
