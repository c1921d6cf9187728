"""What the database refuses whatever the code believes: foreign rows, changed books."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION desk_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE ON orders_entry
    FOR EACH ROW EXECUTE FUNCTION desk_append_only();
CREATE TRIGGER entry_not_truncated BEFORE TRUNCATE ON orders_entry
    FOR EACH STATEMENT EXECUTE FUNCTION desk_append_only();
CREATE TRIGGER posting_append_only BEFORE UPDATE OR DELETE ON orders_posting
    FOR EACH ROW EXECUTE FUNCTION desk_append_only();
CREATE TRIGGER posting_not_truncated BEFORE TRUNCATE ON orders_posting
    FOR EACH STATEMENT EXECUTE FUNCTION desk_append_only();
"""

BALANCED = """
CREATE FUNCTION desk_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM orders_posting WHERE entry_id = NEW.entry_id GROUP BY currency HAVING sum(amount) <> 0) THEN
        RAISE EXCEPTION 'entry % does not sum to zero', NEW.entry_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER posting_balances AFTER INSERT ON orders_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION desk_entry_balances();
"""

SAME_CURRENCY = """
ALTER TABLE orders_order ADD CONSTRAINT order_id_currency UNIQUE (id, currency);
ALTER TABLE orders_payment ADD CONSTRAINT payment_in_currency_of_order
    FOREIGN KEY (order_id, currency) REFERENCES orders_order (id, currency) DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]

    operations = [
        migrations.RunSQL(
            APPEND_ONLY,
            """
            DROP TRIGGER posting_not_truncated ON orders_posting; DROP TRIGGER posting_append_only ON orders_posting;
            DROP TRIGGER entry_not_truncated ON orders_entry; DROP TRIGGER entry_append_only ON orders_entry;
            DROP FUNCTION desk_append_only();
            """,
        ),
        migrations.RunSQL(BALANCED, "DROP TRIGGER posting_balances ON orders_posting; DROP FUNCTION desk_entry_balances();"),
        migrations.RunSQL(
            SAME_CURRENCY,
            "ALTER TABLE orders_payment DROP CONSTRAINT payment_in_currency_of_order;"
            "ALTER TABLE orders_order DROP CONSTRAINT order_id_currency;",
        ),
    ]
