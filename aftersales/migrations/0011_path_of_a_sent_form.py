from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("aftersales", "0010_worth_given_in_kind")]

    operations = [
        migrations.AddField(
            "submission",
            "path",
            models.CharField(blank=True, default="", max_length=300, verbose_name="where it was sent"),
            preserve_default=False,
        ),
    ]
