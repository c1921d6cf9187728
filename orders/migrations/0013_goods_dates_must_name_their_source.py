# Apart from the rows it looks at: they are brought up to date by 0009.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("orders", "0012_goods_dates_name_their_source"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='order',
            name='order_receipt_not_dated',
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('receipt_due_at__isnull', True), ('status', 'signed')), fields=['id'], name='order_receipt_not_dated'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('shipped_at__isnull', False), ('shipped_told_by__in', ['scan', 'person', 'import'])), models.Q(('shipped_at__isnull', True), ('shipped_told_by', '')), _connector='OR'), name='order_shipment_names_its_source'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('signed_at__isnull', False), ('signed_told_by__in', ['scan', 'person', 'import'])), models.Q(('signed_at__isnull', True), ('signed_told_by', '')), _connector='OR'), name='order_signature_names_its_source'),
        ),
    ]
