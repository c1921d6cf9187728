"""What a case line gave as a coupon or points: no money that was paid, so it stands beside what is held and settled."""

from decimal import Decimal

import django.db.models
from django.db import migrations

import orders.models.order


class Migration(migrations.Migration):
    dependencies = [("aftersales", "0009_disposition_follows_condition")]

    operations = [
        migrations.AddField(
            "caseline",
            "amount_in_kind",
            orders.models.order.MoneyField(
                decimal_places=4,
                default=Decimal(0),
                db_default=Decimal(0),
                max_digits=16,
                verbose_name="worth given in kind",
            ),
        ),
        migrations.RemoveConstraint("caseline", "case_line_amount_not_negative"),
        migrations.AddConstraint(
            "caseline",
            django.db.models.CheckConstraint(
                name="case_line_amount_not_negative",
                condition=django.db.models.Q(
                    amount__gte=0, amount_held__gte=0, amount_settled__gte=0, amount_in_kind__gte=0
                ),
            ),
        ),
    ]
