"""The database knows the calendar of a shop that names none: programs of the version before still write such rows."""

from django.db import migrations

DEFAULT = """
CREATE FUNCTION desk_default_calendar() RETURNS bigint STABLE LANGUAGE sql
    AS $$ SELECT id FROM orders_businesscalendar WHERE code = 'cn' $$;
ALTER TABLE orders_merchant ALTER COLUMN calendar_id SET DEFAULT desk_default_calendar();
"""
NONE = "ALTER TABLE orders_merchant ALTER COLUMN calendar_id DROP DEFAULT; DROP FUNCTION desk_default_calendar();"


class Migration(migrations.Migration):
    dependencies = [("orders", "0014_account_of_outsiders")]

    operations = [migrations.RunSQL(DEFAULT, NONE)]
