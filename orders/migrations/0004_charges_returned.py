"""A charge on the guarantee account can be returned, and what stood on the wrong account be booked on the right one."""

from django.db import migrations, models

KINDS = [
    ("intended", "Refund promised"),
    ("paid", "Refund paid"),
    ("released", "Promise taken back"),
    ("guarantee_charged", "Guarantee account charged"),
    ("guarantee_returned", "Charge on the guarantee account returned"),
    ("reversed", "Refund reversed by the gateway"),
    ("deposit", "Guarantee deposit"),
    ("receivable_paid", "Money owed because of a case, paid"),
    ("rebooked", "Booked on the right account"),
]


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_names_of_people")]

    operations = [
        migrations.AlterField("entry", "kind", models.CharField(choices=KINDS, max_length=20, verbose_name="kind")),
    ]
