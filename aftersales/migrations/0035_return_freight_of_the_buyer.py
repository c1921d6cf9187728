"""What a buyer paid for a way back that is the merchant's, and how much of it a policy pays back."""

import orders.models.order
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("aftersales", "0034_claims_on_suppliers"),
        ("logistics", "0002_integrity"),
        ("orders", "0008_uploads_are_read_by_a_worker"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='case',
            name='case_money_not_negative',
        ),
        migrations.AddField(
            model_name='case',
            name='buyer_freight_amount',
            field=orders.models.order.MoneyField(db_default=Decimal('0'), decimal_places=4, default=Decimal('0'), max_digits=16, verbose_name='return freight paid by the buyer'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='return_freight_ceiling',
            field=orders.models.order.MoneyField(db_default=Decimal('30'), decimal_places=4, default=Decimal('30'), max_digits=16, verbose_name='return freight paid back to the buyer, at most'),
        ),
        migrations.AddField(
            model_name='policy',
            name='return_freight_ceiling',
            field=orders.models.order.MoneyField(db_default=Decimal('30'), decimal_places=4, default=Decimal('30'), max_digits=16, verbose_name='return freight paid back to the buyer, at most'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('buyer_freight_amount__gte', 0), ('freight_held__gte', 0), ('freight_settled__gte', 0), ('requested_amount__gte', 0), ('return_freight_amount__gte', 0), models.Q(('agreed_amount__isnull', True), ('agreed_amount__gte', 0), _connector='OR')), name='case_money_not_negative'),
        ),
    ]
