"""Money paid by hand has an account of its own."""

from django.db import migrations, models

ACCOUNTS = [
    ("merchant", "Merchant's receipts"),
    ("guarantee", "Merchant's guarantee account"),
    ("refunds_due", "Refunds due to buyers"),
    ("gateway", "Money at the gateway"),
    ("bank", "Money at the bank"),
    ("platform", "Platform's own money"),
]


class Migration(migrations.Migration):
    dependencies = [("orders", "0004_charges_returned")]

    operations = [
        migrations.AlterField(
            "posting", "account", models.CharField(choices=ACCOUNTS, max_length=20, verbose_name="account")
        ),
    ]
