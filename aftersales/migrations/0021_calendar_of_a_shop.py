"""Days belong to a calendar; the days that are there to the one that all shops had, whose versions go on counting."""

import django.db.models.deletion
import orders.models.business_calendar
import simple_history.models
from django.conf import settings
from django.db import migrations, models


# Every change of a day is another version of its calendar; the name that deadlines keep goes on from the last change.
REVISED = """
CREATE FUNCTION desk_calendar_day_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.calendar_id, NEW.day, NEW.is_working) = (OLD.calendar_id, OLD.day, OLD.is_working) THEN
        RETURN NULL;
    END IF;
    UPDATE orders_businesscalendar SET revision = revision + 1
    WHERE id IN (CASE WHEN TG_OP <> 'DELETE' THEN NEW.calendar_id END, CASE WHEN TG_OP <> 'INSERT' THEN OLD.calendar_id END);
    RETURN NULL;
END $$;
CREATE TRIGGER calendar_day_changed AFTER INSERT OR UPDATE OR DELETE ON aftersales_calendarday
    FOR EACH ROW EXECUTE FUNCTION desk_calendar_day_changed();
UPDATE orders_businesscalendar SET revision = (SELECT coalesce(max(history_id), 0) FROM aftersales_historicalcalendarday)
WHERE code = 'cn';
"""
UNREVISED = """
DROP TRIGGER calendar_day_changed ON aftersales_calendarday; DROP FUNCTION desk_calendar_day_changed();
"""


class Migration(migrations.Migration):

    dependencies = [
        ("aftersales", "0020_day_of_a_person"),
        ("orders", "0009_business_calendars"),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalBusinessCalendar',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('code', models.SlugField(max_length=24, verbose_name='code')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('time_zone', models.CharField(max_length=40, validators=[orders.models.business_calendar.known_zone], verbose_name='time zone')),
                ('country', models.CharField(blank=True, choices=[('', 'none: days off are entered by hand'), ('CN', 'China')], max_length=2, verbose_name='public holidays of')),
                ('hours', models.CharField(default='09:00-18:00', max_length=120, validators=[orders.models.business_calendar.readable_hours], verbose_name='working hours')),
                ('revision', models.PositiveIntegerField(db_default=0, default=0, editable=False, verbose_name='revision')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical business calendar',
                'verbose_name_plural': 'historical business calendars',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name='calendarday',
            name='calendar',
            field=models.ForeignKey(default=orders.models.business_calendar.default_calendar, on_delete=django.db.models.deletion.CASCADE, related_name='days', to='orders.businesscalendar', verbose_name='business calendar'),
        ),
        migrations.AddField(
            model_name='historicalcalendarday',
            name='calendar',
            field=models.ForeignKey(blank=True, db_constraint=False, default=orders.models.business_calendar.default_calendar, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='orders.businesscalendar', verbose_name='business calendar'),
        ),
        migrations.AlterField(
            model_name='calendarday',
            name='day',
            field=models.DateField(verbose_name='day'),
        ),
        migrations.AlterField(
            model_name='calendarday',
            name='is_working',
            field=models.BooleanField(choices=[(False, 'Day off'), (True, 'Working day')], default=False, verbose_name='what it is'),
        ),
        migrations.AlterField(
            model_name='historicalcalendarday',
            name='day',
            field=models.DateField(verbose_name='day'),
        ),
        migrations.AlterField(
            model_name='historicalcalendarday',
            name='is_working',
            field=models.BooleanField(choices=[(False, 'Day off'), (True, 'Working day')], default=False, verbose_name='what it is'),
        ),
        migrations.AddConstraint(
            model_name='calendarday',
            constraint=models.UniqueConstraint(fields=('calendar', 'day'), name='day_known_once_per_calendar', violation_error_message='This day is in the calendar already.'),
        ),
        migrations.AddField(
            model_name='historicalbusinesscalendar',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE;" + REVISED, UNREVISED),
    ]
