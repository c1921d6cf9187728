"""Units are reserved, not lines: several open cases share an item, and together never hold more than was sold."""

from django.db import migrations

# Deferred: within a transaction units change hands between cases, and at its end they must add up. The lock on the
# order line makes two transactions that end at once see each other; whoever reserved has it already.
LINES = """
CREATE FUNCTION desk_line_never_oversold() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sold record;
    taken record;
BEGIN
    SELECT quantity, quantity - units_elsewhere AS units, paid_amount - amount_elsewhere AS amount INTO sold
    FROM orders_orderline WHERE id = NEW.order_line_id FOR NO KEY UPDATE;
    SELECT sum(units_held + units_settled) AS units, sum(amount_held + amount_settled) AS amount,
        sum(units) FILTER (WHERE is_open AND case_type = NEW.case_type) AS asked INTO taken
    FROM aftersales_caseline WHERE order_line_id = NEW.order_line_id;
    IF taken.units > sold.units OR taken.amount > sold.amount THEN
        RAISE EXCEPTION 'order line %: its cases hold and gave back % units and %, of % and %', NEW.order_line_id,
            taken.units, taken.amount, sold.units, sold.amount
            USING ERRCODE = 'check_violation', CONSTRAINT = 'case_lines_never_above_sold';
    END IF;
    -- About money alone no units are held: what is asked for in open cases counts instead.
    IF NEW.case_type IN ('price_protection', 'compensation') AND taken.asked > sold.quantity THEN
        RAISE EXCEPTION 'order line %: open cases ask money for % units of %', NEW.order_line_id, taken.asked,
            sold.quantity USING ERRCODE = 'check_violation', CONSTRAINT = 'case_lines_never_above_sold';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER case_line_never_oversold_insert AFTER INSERT ON aftersales_caseline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION desk_line_never_oversold();
-- Only what takes more can break the rule; all else is not even queued.
CREATE CONSTRAINT TRIGGER case_line_never_oversold_update AFTER UPDATE ON aftersales_caseline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (
        NEW.units_held + NEW.units_settled > OLD.units_held + OLD.units_settled
        OR NEW.amount_held + NEW.amount_settled > OLD.amount_held + OLD.amount_settled
        OR NEW.units > OLD.units OR NEW.order_line_id <> OLD.order_line_id
        OR (NEW.is_open AND NOT OLD.is_open) OR NEW.case_type <> OLD.case_type
    ) EXECUTE FUNCTION desk_line_never_oversold();
"""
NO_LINES = """
DROP TRIGGER case_line_never_oversold_update ON aftersales_caseline;
DROP TRIGGER case_line_never_oversold_insert ON aftersales_caseline;
DROP FUNCTION desk_line_never_oversold();
"""
FREIGHT = """
CREATE FUNCTION desk_freight_given_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paid numeric;
    taken numeric;
BEGIN
    SELECT freight_amount - freight_elsewhere INTO paid FROM orders_order WHERE id = NEW.order_id FOR NO KEY UPDATE;
    SELECT sum(freight_held + freight_settled) INTO taken FROM aftersales_case WHERE order_id = NEW.order_id;
    IF taken > paid THEN
        RAISE EXCEPTION 'order %: its cases hold and gave back % of % freight', NEW.order_id, taken, paid
            USING ERRCODE = 'check_violation', CONSTRAINT = 'case_freight_never_above_paid';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER case_freight_once_insert AFTER INSERT ON aftersales_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.freight_held + NEW.freight_settled > 0)
    EXECUTE FUNCTION desk_freight_given_once();
CREATE CONSTRAINT TRIGGER case_freight_once_update AFTER UPDATE ON aftersales_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (
        NEW.freight_held + NEW.freight_settled > OLD.freight_held + OLD.freight_settled
    ) EXECUTE FUNCTION desk_freight_given_once();
"""
NO_FREIGHT = """
DROP TRIGGER case_freight_once_update ON aftersales_case;
DROP TRIGGER case_freight_once_insert ON aftersales_case;
DROP FUNCTION desk_freight_given_once();
"""


class Migration(migrations.Migration):
    dependencies = [("aftersales", "0014_disputed_payments")]

    operations = [
        migrations.RemoveConstraint("caseline", "one_open_case_per_line_and_type"),
        migrations.RemoveField("caseline", "origin"),
        migrations.RunSQL(LINES, NO_LINES),
        migrations.RunSQL(FREIGHT, NO_FREIGHT),
    ]
