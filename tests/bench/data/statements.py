"""The SQL with which the seed is prepared and completed."""

# What a seeded row leaves out is as in a row that nothing has happened to.
PLAIN = """
DO $$ DECLARE c record; BEGIN
    FOR c IN SELECT table_name, column_name, CASE
            WHEN column_name = 'given_as' THEN quote_literal('money')
            WHEN data_type IN ('character varying', 'text') THEN quote_literal('')
            WHEN data_type = 'boolean' THEN 'false' ELSE '0' END AS value
        FROM information_schema.columns
        WHERE table_schema = 'public' AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'
          AND table_name IN ('orders_order', 'orders_orderline', 'orders_payment', 'aftersales_case',
              'aftersales_caseline', 'aftersales_round', 'aftersales_offer', 'aftersales_refund')
          AND data_type IN ('character varying', 'text', 'boolean', 'numeric', 'integer', 'smallint')
    LOOP
        EXECUTE format('ALTER TABLE %I ALTER COLUMN %I SET DEFAULT %s', c.table_name, c.column_name, c.value);
    END LOOP;
END $$
"""
# The ids of each table lie a hundred million apart.
APART = """
CREATE SEQUENCE bench_number;
SELECT setval('aftersales_case_number', 1900000000);
SELECT setval(pg_get_serial_sequence(c.table_name, 'id'), 2000000000 + 100000000 * row_number() OVER (ORDER BY c.table_name))
FROM information_schema.columns c JOIN information_schema.tables USING (table_schema, table_name)
WHERE c.table_schema = 'public' AND c.column_name = 'id' AND c.is_identity = 'YES' AND c.data_type = 'bigint'
"""
INDEXES = """
SELECT i.relname, pg_get_indexdef(x.indexrelid) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_class t ON t.oid = x.indrelid
WHERE t.relname = ANY(%s) AND NOT x.indisunique AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = x.indexrelid)
"""
BOARD = """
INSERT INTO aftersales_boardcount (kind, status, subject, count)
SELECT side.kind, c.status, side.subject, count(*) FROM aftersales_case c CROSS JOIN LATERAL (
    VALUES ('day', (opened_on - date '1970-01-01')::bigint), ('assignee', coalesce(assignee_id, 0)), ('merchant', merchant_id)
) AS side (kind, subject) WHERE c.status NOT IN ('completed', 'closed') GROUP BY 1, 2, 3
"""
STAGED_BOARD = """
INSERT INTO aftersales_boarddelta (status, merchant_id, assignee_id, opened_on, delta)
SELECT status, merchant_id, coalesce(assignee_id, 0), opened_on, count(*) FROM aftersales_case
WHERE id >= 600000000 + %s AND id < 600000000 + %s AND status NOT IN ('completed', 'closed') GROUP BY 1, 2, 3, 4
"""
# What was promised and paid before, one entry a merchant.
BOOKS = """
WITH sums AS (
    SELECT r.merchant_id, side.kind, side.account, sum(r.amount) AS amount FROM aftersales_refund r
    JOIN (VALUES ('intended', 'refunds_due', 'awaiting_release'), ('paid', 'gateway', 'succeeded'))
        AS side (kind, account, status) ON side.status = r.status GROUP BY 1, 2, 3
), entries AS (
    INSERT INTO orders_entry (kind, reference, posted_at) SELECT kind, 'bench-' || merchant_id, now() FROM sums
    RETURNING id, kind, reference
)
INSERT INTO orders_posting (entry_id, account, merchant_id, currency, amount)
SELECT e.id, side.account, s.merchant_id, 'CNY', side.amount FROM entries e
JOIN sums s ON s.kind = e.kind AND e.reference = 'bench-' || s.merchant_id
CROSS JOIN LATERAL (VALUES ('merchant', s.amount), (s.account, -s.amount)) AS side (account, amount)
"""
NAMES = """
INSERT INTO orders_personname (text)
(SELECT receiver_name FROM orders_order UNION SELECT name FROM orders_buyer) EXCEPT SELECT text FROM orders_personname
"""
CALM = """
SET session_replication_role = replica;
UPDATE aftersales_deadline SET due_at = due_at + interval '8 years' WHERE status = 'pending' AND due_at < '2021-01-01';
UPDATE aftersales_case SET due_at = due_at + interval '8 years' WHERE closed_at IS NULL AND due_at < '2021-01-01';
SET session_replication_role = origin
"""
