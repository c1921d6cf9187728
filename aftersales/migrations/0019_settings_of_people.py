"""How people want the console is kept with their login: time zone, times, density, keys; and that they saw the tour."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("aftersales", "0018_who_works_on_what"),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('orders', '0004_paid_after_the_sale'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='density',
            field=models.CharField(blank=True, choices=[('', 'Comfortable'), ('compact', 'Compact')], default='', max_length=7, verbose_name='density'),
        ),
        migrations.AddField(
            model_name='user',
            name='single_keys',
            field=models.BooleanField(blank=True, null=True, verbose_name='single-key shortcuts'),
        ),
        migrations.AddField(
            model_name='user',
            name='time_zone',
            field=models.CharField(blank=True, max_length=40, verbose_name='time zone'),
        ),
        migrations.AddField(
            model_name='user',
            name='times',
            field=models.CharField(blank=True, choices=[('', 'How long ago: 2 h ago'), ('absolute', 'The clock: 14:05')], default='', max_length=8, verbose_name='times'),
        ),
        migrations.AddField(
            model_name='user',
            name='tour_seen_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='tour seen at'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('density__in', ['', 'compact'])), name='user_density_known'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('times__in', ['', 'absolute'])), name='user_times_known'),
        ),
    ]
