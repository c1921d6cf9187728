"""Reasons can be for goods of some categories: spoiled food is fresh food."""

import django.contrib.postgres.fields
from django.db import migrations, models

FRESH = ["fresh", "food", "生鲜", "食品", "水果", "蔬菜"]


def fresh(apps, schema_editor):
    reasons = apps.get_model("aftersales", "Reason").objects.using(schema_editor.connection.alias)
    reasons.filter(code__startswith="spoiled").update(categories=FRESH)


class Migration(migrations.Migration):

    dependencies = [
        ('aftersales', '0015_several_coupons_of_a_case'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalreason',
            name='categories',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), blank=True, default=list, help_text='Words of categories that it is only for, with commas; none: every category.', size=None, verbose_name='categories'),
        ),
        migrations.AddField(
            model_name='reason',
            name='categories',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), blank=True, default=list, help_text='Words of categories that it is only for, with commas; none: every category.', size=None, verbose_name='categories'),
        ),
        migrations.RunPython(fresh, migrations.RunPython.noop),
    ]
