"""What the database refuses whatever the code believes, and the counts it keeps itself."""

from django.db import migrations

NUMBERS = "CREATE SEQUENCE aftersales_case_number;"

APPEND_ONLY = """
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON aftersales_event
    FOR EACH ROW EXECUTE FUNCTION desk_append_only();
CREATE TRIGGER event_not_truncated BEFORE TRUNCATE ON aftersales_event
    FOR EACH STATEMENT EXECUTE FUNCTION desk_append_only();
"""

SAME_TENANT = """
ALTER TABLE aftersales_case ADD CONSTRAINT case_of_merchant_and_currency_of_order
    FOREIGN KEY (order_id, merchant_id, currency) REFERENCES orders_order (id, merchant_id, currency) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE aftersales_case ADD CONSTRAINT case_returns_to_its_merchant
    FOREIGN KEY (return_address_id, merchant_id) REFERENCES logistics_returnaddress (id, merchant_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE aftersales_caseline ADD CONSTRAINT case_line_of_order_of_case
    FOREIGN KEY (case_id, order_id) REFERENCES aftersales_case (id, order_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE aftersales_caseline ADD CONSTRAINT case_line_of_line_of_order
    FOREIGN KEY (order_line_id, order_id) REFERENCES orders_orderline (id, order_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE aftersales_refund ADD CONSTRAINT refund_of_order_of_case
    FOREIGN KEY (case_id, order_id) REFERENCES aftersales_case (id, order_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE aftersales_refund ADD CONSTRAINT refund_along_payment_of_order
    FOREIGN KEY (payment_id, order_id, currency) REFERENCES orders_payment (id, order_id, currency) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE aftersales_refund ADD CONSTRAINT refund_of_merchant_of_order
    FOREIGN KEY (order_id, merchant_id, currency) REFERENCES orders_order (id, merchant_id, currency) DEFERRABLE INITIALLY DEFERRED;
"""

# Ranges of bigint stand in for equality: the embedded server has no btree_gist.
NO_OVERLAP = """
CREATE FUNCTION desk_scope(variadic parts text[]) RETURNS int8range LANGUAGE sql IMMUTABLE AS $$
    SELECT int8range(h, h, '[]') FROM (SELECT hashtextextended(array_to_string(parts, '|', ''), 0) / 2 AS h) scope
$$;
ALTER TABLE aftersales_policy ADD CONSTRAINT policy_periods_never_overlap EXCLUDE USING gist (
    desk_scope(merchant_id::text, reason_id::text, category, case_type, channel, currency, buyer_level::text,
        (amount_from IS NULL AND amount_below IS NULL)::text) WITH &&,
    numrange(coalesce(amount_from, 0), amount_below) WITH &&,
    tstzrange(effective_from, effective_until) WITH &&
);
"""

# No join of the two transition tables: it is planned once a session with the sizes of its first call.
BOARD = """
CREATE FUNCTION desk_board() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO aftersales_boarddelta (status, merchant_id, assignee_id, opened_on, delta)
        SELECT status, merchant_id, coalesce(assignee_id, 0), opened_on, count(*)
        FROM fresh WHERE status NOT IN ('completed', 'closed') GROUP BY 1, 2, 3, 4;
        RETURN NULL;
    END IF;
    INSERT INTO aftersales_boarddelta (status, merchant_id, assignee_id, opened_on, delta)
    SELECT side.status, side.merchant_id, coalesce(side.assignee_id, 0), side.opened_on, sum(side.delta) FROM (
        SELECT status, merchant_id, assignee_id, opened_on, 1 AS delta FROM fresh
        UNION ALL
        SELECT status, merchant_id, assignee_id, opened_on, -1 FROM stale
    ) AS side
    WHERE side.status NOT IN ('completed', 'closed')
    GROUP BY 1, 2, 3, 4 HAVING sum(side.delta) <> 0;
    UPDATE aftersales_caseline l SET is_open = c.is_open, case_type = c.type FROM (
        SELECT id, type, status NOT IN ('completed', 'closed') AS is_open FROM fresh
        EXCEPT
        SELECT id, type, status NOT IN ('completed', 'closed') FROM stale
    ) c WHERE l.case_id = c.id;
    RETURN NULL;
END $$;
CREATE TRIGGER case_board_insert AFTER INSERT ON aftersales_case
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION desk_board();
CREATE TRIGGER case_board_update AFTER UPDATE ON aftersales_case
    REFERENCING NEW TABLE AS fresh OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION desk_board();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("aftersales", "0001_initial"),
        ("orders", "0002_last_line"),
    ]

    operations = [
        migrations.RunSQL(NUMBERS, "DROP SEQUENCE aftersales_case_number;"),
        migrations.RunSQL(
            APPEND_ONLY,
            "DROP TRIGGER event_not_truncated ON aftersales_event; DROP TRIGGER event_append_only ON aftersales_event;",
        ),
        migrations.RunSQL(
            SAME_TENANT,
            """
            ALTER TABLE aftersales_refund DROP CONSTRAINT refund_of_merchant_of_order;
            ALTER TABLE aftersales_refund DROP CONSTRAINT refund_along_payment_of_order;
            ALTER TABLE aftersales_refund DROP CONSTRAINT refund_of_order_of_case;
            ALTER TABLE aftersales_caseline DROP CONSTRAINT case_line_of_line_of_order;
            ALTER TABLE aftersales_caseline DROP CONSTRAINT case_line_of_order_of_case;
            ALTER TABLE aftersales_case DROP CONSTRAINT case_returns_to_its_merchant;
            ALTER TABLE aftersales_case DROP CONSTRAINT case_of_merchant_and_currency_of_order;
            """,
        ),
        migrations.RunSQL(NO_OVERLAP, "ALTER TABLE aftersales_policy DROP CONSTRAINT policy_periods_never_overlap; DROP FUNCTION desk_scope(text[]);"),
        migrations.RunSQL(
            BOARD,
            """
            DROP TRIGGER case_board_update ON aftersales_case; DROP TRIGGER case_board_insert ON aftersales_case;
            DROP FUNCTION desk_board();
            """,
        ),
    ]
