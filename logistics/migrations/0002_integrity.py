"""What the database refuses whatever the code believes: changed scans and stock movements, pickups that go back."""

from django.db import migrations

# Only what became of judging a scan may be written beside it.
SCANS = """
CREATE FUNCTION logistics_scan_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.parcel_id, NEW.happened_at, NEW.status, NEW.is_problem, NEW.text, NEW.place, NEW.recorded_by,
        NEW.recorded_at, NEW.digest) IS DISTINCT FROM
       (OLD.id, OLD.parcel_id, OLD.happened_at, OLD.status, OLD.is_problem, OLD.text, OLD.place, OLD.recorded_by,
        OLD.recorded_at, OLD.digest)
       OR (OLD.judged_at IS NOT NULL AND NEW.judged_at IS DISTINCT FROM OLD.judged_at) THEN
        RAISE EXCEPTION 'a scan is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER scan_unchanged BEFORE UPDATE ON logistics_parcelevent
    FOR EACH ROW EXECUTE FUNCTION logistics_scan_unchanged();
CREATE TRIGGER scan_append_only BEFORE DELETE ON logistics_parcelevent
    FOR EACH ROW EXECUTE FUNCTION desk_append_only();
CREATE TRIGGER scan_not_truncated BEFORE TRUNCATE ON logistics_parcelevent
    FOR EACH STATEMENT EXECUTE FUNCTION desk_append_only();
"""
NO_SCANS = """
DROP TRIGGER scan_not_truncated ON logistics_parcelevent; DROP TRIGGER scan_append_only ON logistics_parcelevent;
DROP TRIGGER scan_unchanged ON logistics_parcelevent; DROP FUNCTION logistics_scan_unchanged();
"""
STOCK = """
CREATE TRIGGER stock_movement_append_only BEFORE UPDATE OR DELETE ON logistics_stockmovement
    FOR EACH ROW EXECUTE FUNCTION desk_append_only();
CREATE TRIGGER stock_movement_not_truncated BEFORE TRUNCATE ON logistics_stockmovement
    FOR EACH STATEMENT EXECUTE FUNCTION desk_append_only();
CREATE TRIGGER stock_export_append_only BEFORE UPDATE OR DELETE ON logistics_stockexport
    FOR EACH ROW EXECUTE FUNCTION desk_append_only();
CREATE TRIGGER stock_export_not_truncated BEFORE TRUNCATE ON logistics_stockexport
    FOR EACH STATEMENT EXECUTE FUNCTION desk_append_only();
"""
NO_STOCK = """
DROP TRIGGER stock_export_not_truncated ON logistics_stockexport;
DROP TRIGGER stock_export_append_only ON logistics_stockexport;
DROP TRIGGER stock_movement_not_truncated ON logistics_stockmovement;
DROP TRIGGER stock_movement_append_only ON logistics_stockmovement;
"""
PICKUPS = """
CREATE FUNCTION logistics_pickup_never_back() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ranks text[] := ARRAY['requested', 'booked', 'accepted', 'failed', 'cancelled', 'collected'];
BEGIN
    IF array_position(ranks, NEW.status::text) < array_position(ranks, OLD.status::text) THEN
        RAISE EXCEPTION 'a pickup never goes back' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pickup_never_back BEFORE UPDATE OF status ON logistics_pickup
    FOR EACH ROW EXECUTE FUNCTION logistics_pickup_never_back();
"""
NO_PICKUPS = """
DROP TRIGGER pickup_never_back ON logistics_pickup; DROP FUNCTION logistics_pickup_never_back();
"""


class Migration(migrations.Migration):
    dependencies = [("logistics", "0001_initial"), ("orders", "0002_integrity")]

    operations = [
        migrations.RunSQL(SCANS, NO_SCANS),
        migrations.RunSQL(STOCK, NO_STOCK),
        migrations.RunSQL(PICKUPS, NO_PICKUPS),
    ]
