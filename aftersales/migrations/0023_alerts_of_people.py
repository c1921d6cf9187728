"""A sound and a message of the desktop, for those who choose them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("aftersales", "0022_saved_views_and_bulk_jobs"),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='alert_sound',
            field=models.BooleanField(db_default=False, default=False, verbose_name='Play a sound'),
        ),
        migrations.AddField(
            model_name='user',
            name='alert_desktop',
            field=models.BooleanField(db_default=False, default=False, verbose_name='Show a message on the desktop'),
        ),
    ]
