from django.db import migrations, models

CONFIRMED = [
    ("unsealed", "Health goods, once unsealed"),
    ("activated", "Goods that lose value, once activated"),
    ("near_expiry", "Near its expiry date"),
    ("defect", "With a declared defect"),
]


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_bank_account")]

    operations = [
        migrations.AddField(
            "orderline",
            "confirmed_exclusion",
            models.CharField(
                blank=True,
                choices=CONFIRMED,
                db_default="",
                default="",
                max_length=20,
                verbose_name="confirmed at purchase as",
            ),
        ),
        migrations.AddConstraint(
            "orderline",
            models.CheckConstraint(
                condition=models.Q(confirmed_exclusion__in=["", *(value for value, _label in CONFIRMED)]),
                name="line_exclusion_known",
            ),
        ),
    ]
