"""Scans are append-only; only what became of judging them may be written beside them."""

from django.db import migrations

APPEND_ONLY = """
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
UNDO = """
DROP TRIGGER scan_not_truncated ON logistics_parcelevent; DROP TRIGGER scan_append_only ON logistics_parcelevent;
DROP TRIGGER scan_unchanged ON logistics_parcelevent; DROP FUNCTION logistics_scan_unchanged();
"""


class Migration(migrations.Migration):
    dependencies = [("logistics", "0002_parcels_as_carriers_tell"), ("orders", "0002_last_line")]

    operations = [migrations.RunSQL(APPEND_ONLY, UNDO)]
