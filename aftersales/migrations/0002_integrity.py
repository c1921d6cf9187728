"""What the database refuses whatever the code believes: foreign rows, a changed record, policies that overlap."""

from django.db import migrations

NUMBERS = "CREATE SEQUENCE aftersales_case_number;"
APPEND_ONLY = """
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON aftersales_event
    FOR EACH ROW EXECUTE FUNCTION desk_append_only();
CREATE TRIGGER event_not_truncated BEFORE TRUNCATE ON aftersales_event
    FOR EACH STATEMENT EXECUTE FUNCTION desk_append_only();
"""
NO_APPEND_ONLY = """
DROP TRIGGER event_not_truncated ON aftersales_event; DROP TRIGGER event_append_only ON aftersales_event;
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
ALTER TABLE aftersales_receivable ADD CONSTRAINT receivable_of_order_of_case
    FOREIGN KEY (case_id, order_id) REFERENCES aftersales_case (id, order_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE aftersales_receivable ADD CONSTRAINT receivable_of_merchant_and_currency_of_order
    FOREIGN KEY (order_id, merchant_id, currency) REFERENCES orders_order (id, merchant_id, currency) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE aftersales_coupon ADD CONSTRAINT coupon_of_merchant_of_case
    FOREIGN KEY (case_id, merchant_id) REFERENCES aftersales_case (id, merchant_id) DEFERRABLE INITIALLY DEFERRED;
"""
ANY_TENANT = """
ALTER TABLE aftersales_coupon DROP CONSTRAINT coupon_of_merchant_of_case;
ALTER TABLE aftersales_receivable DROP CONSTRAINT receivable_of_merchant_and_currency_of_order;
ALTER TABLE aftersales_receivable DROP CONSTRAINT receivable_of_order_of_case;
ALTER TABLE aftersales_refund DROP CONSTRAINT refund_of_merchant_of_order;
ALTER TABLE aftersales_refund DROP CONSTRAINT refund_along_payment_of_order;
ALTER TABLE aftersales_refund DROP CONSTRAINT refund_of_order_of_case;
ALTER TABLE aftersales_caseline DROP CONSTRAINT case_line_of_line_of_order;
ALTER TABLE aftersales_caseline DROP CONSTRAINT case_line_of_order_of_case;
ALTER TABLE aftersales_case DROP CONSTRAINT case_returns_to_its_merchant;
ALTER TABLE aftersales_case DROP CONSTRAINT case_of_merchant_and_currency_of_order;
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
OVERLAP = """
ALTER TABLE aftersales_policy DROP CONSTRAINT policy_periods_never_overlap; DROP FUNCTION desk_scope(text[]);
"""


class Migration(migrations.Migration):
    dependencies = [("aftersales", "0001_initial"), ("logistics", "0002_integrity"), ("orders", "0002_integrity")]

    operations = [
        migrations.RunSQL(NUMBERS, "DROP SEQUENCE aftersales_case_number;"),
        migrations.RunSQL(APPEND_ONLY, NO_APPEND_ONLY),
        migrations.RunSQL(SAME_TENANT, ANY_TENANT),
        migrations.RunSQL(NO_OVERLAP, OVERLAP),
    ]
