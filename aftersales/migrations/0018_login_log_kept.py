"""The log of logins is append-only; a login is told its end once."""

from django.db import migrations

KEPT = """
CREATE FUNCTION desk_login_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.logout_time IS NOT NULL OR NEW.logout_time IS NULL
       OR to_jsonb(NEW) - 'logout_time' <> to_jsonb(OLD) - 'logout_time' THEN
        RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER login_ends_once BEFORE UPDATE ON axes_accesslog
    FOR EACH ROW EXECUTE FUNCTION desk_login_kept();
CREATE TRIGGER login_kept BEFORE DELETE ON axes_accesslog
    FOR EACH ROW EXECUTE FUNCTION desk_append_only();
CREATE TRIGGER login_not_truncated BEFORE TRUNCATE ON axes_accesslog
    FOR EACH STATEMENT EXECUTE FUNCTION desk_append_only();
CREATE TRIGGER failed_login_kept BEFORE UPDATE OR DELETE ON axes_accessfailurelog
    FOR EACH ROW EXECUTE FUNCTION desk_append_only();
CREATE TRIGGER failed_login_not_truncated BEFORE TRUNCATE ON axes_accessfailurelog
    FOR EACH STATEMENT EXECUTE FUNCTION desk_append_only();
"""
NOT_KEPT = """
DROP TRIGGER failed_login_not_truncated ON axes_accessfailurelog;
DROP TRIGGER failed_login_kept ON axes_accessfailurelog;
DROP TRIGGER login_not_truncated ON axes_accesslog; DROP TRIGGER login_kept ON axes_accesslog;
DROP TRIGGER login_ends_once ON axes_accesslog; DROP FUNCTION desk_login_kept();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("aftersales", "0017_limits_of_a_day"),
        ("axes", "0010_accessattemptexpiration"),
    ]

    operations = [migrations.RunSQL(KEPT, NOT_KEPT)]
