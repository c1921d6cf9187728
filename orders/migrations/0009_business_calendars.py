"""Each shop keeps a calendar; the shops that are there keep the one that all had: China, by Beijing's clock."""

import django.db.models.deletion
from django.db import migrations, models

import orders.models.business_calendar

COUNTRIES = [("", "none: days off are entered by hand"), ("CN", "China")]
FIRST = """
INSERT INTO orders_businesscalendar (code, name, time_zone, country, hours, revision)
VALUES ('cn', '中国', 'Asia/Shanghai', 'CN', '09:00-18:00', 0)
"""
# What the forms check, once more: a zone that the server knows, hours that follow each other, and a revision that
# counts every change of what deadlines are counted by.
CHECKED = r"""
CREATE FUNCTION desk_hours_follow(hours text) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$
    WITH moments AS (
        SELECT moment, place FROM unnest(string_to_array(translate(hours, '-', ','), ',')) WITH ORDINALITY m(moment, place)
    )
    SELECT hours ~ ('^' || one || '(,' || one || ')*$') AND (
        SELECT bool_and(a.moment COLLATE "C" < b.moment COLLATE "C") FROM moments a JOIN moments b ON b.place = a.place + 1
    )
    FROM (VALUES ('([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)')) AS shape(one)
$$;
ALTER TABLE orders_businesscalendar
    ADD CONSTRAINT calendar_hours_follow CHECK (desk_hours_follow(hours)),
    ADD CONSTRAINT calendar_zone_known CHECK (timestamptz 'epoch' AT TIME ZONE time_zone IS NOT NULL);
CREATE FUNCTION desk_calendar_revised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := greatest(NEW.revision, OLD.revision + (
        (NEW.time_zone, NEW.country, NEW.hours) IS DISTINCT FROM (OLD.time_zone, OLD.country, OLD.hours)
    )::int);
    RETURN NEW;
END $$;
CREATE TRIGGER calendar_revised BEFORE UPDATE ON orders_businesscalendar
    FOR EACH ROW EXECUTE FUNCTION desk_calendar_revised();
"""
UNCHECKED = """
DROP TRIGGER calendar_revised ON orders_businesscalendar; DROP FUNCTION desk_calendar_revised();
ALTER TABLE orders_businesscalendar DROP CONSTRAINT calendar_hours_follow, DROP CONSTRAINT calendar_zone_known;
DROP FUNCTION desk_hours_follow(text);
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0008_uploads_are_read_by_a_worker")]

    operations = [
        migrations.CreateModel(
            name="BusinessCalendar",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=24, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "time_zone",
                    models.CharField(
                        max_length=40,
                        validators=[orders.models.business_calendar.known_zone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "country",
                    models.CharField(blank=True, choices=COUNTRIES, max_length=2, verbose_name="public holidays of"),
                ),
                (
                    "hours",
                    models.CharField(
                        default="09:00-18:00",
                        max_length=120,
                        validators=[orders.models.business_calendar.readable_hours],
                        verbose_name="working hours",
                    ),
                ),
                (
                    "revision",
                    models.PositiveIntegerField(db_default=0, default=0, editable=False, verbose_name="revision"),
                ),
            ],
            options={
                "verbose_name": "business calendar",
                "verbose_name_plural": "business calendars",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("country__in", ["", "CN"])), name="calendar_country_known"
                    )
                ],
            },
        ),
        migrations.RunSQL(CHECKED, UNCHECKED),
        migrations.RunSQL(FIRST, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="merchant",
            name="calendar",
            field=models.ForeignKey(
                default=orders.models.business_calendar.default_calendar,
                help_text="Days, windows and deadlines of its cases are counted by it.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merchants",
                to="orders.businesscalendar",
                verbose_name="business calendar",
            ),
        ),
    ]
