from django.conf import settings
from django.db import migrations, models
from django.db.models import deletion


class Migration(migrations.Migration):
    dependencies = [("aftersales", "0012_policy_of_each_item")]

    operations = [
        migrations.CreateModel(
            "ExclusionRecord",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "confirmed_as",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unsealed", "Health goods, once unsealed"),
                            ("activated", "Goods that lose value, once activated"),
                            ("near_expiry", "Near its expiry date"),
                            ("defect", "With a declared defect"),
                        ],
                        max_length=20,
                        verbose_name="confirmed at purchase as",
                    ),
                ),
                ("proof", models.CharField(max_length=500, verbose_name="proof")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                (
                    "order_line",
                    models.ForeignKey(
                        "orders.orderline",
                        deletion.CASCADE,
                        related_name="exclusion_records",
                        verbose_name="order line",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL, deletion.PROTECT, related_name="+", verbose_name="recorded by"
                    ),
                ),
            ],
            options={
                "verbose_name": "confirmation at purchase",
                "verbose_name_plural": "confirmations at purchase",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("proof", ""), _negated=True), name="exclusion_record_has_proof"
                    )
                ],
            },
        ),
    ]
