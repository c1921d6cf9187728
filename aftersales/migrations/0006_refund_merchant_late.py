"""A refund knows when the merchant's time to pay it ended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("aftersales", "0005_goods_when_applied")]

    operations = [
        migrations.AddField(
            "refund",
            "merchant_late_at",
            models.DateTimeField(blank=True, null=True, verbose_name="merchant's time to pay ended at"),
        ),
    ]
