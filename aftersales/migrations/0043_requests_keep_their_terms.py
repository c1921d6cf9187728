"""A request for an offer or a ruling keeps its terms. No request so far asked for either: all stay as they are."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("aftersales", "0042_finance_has_limits"),
    ]

    operations = [
        migrations.AddField(
            model_name='approvalrequest',
            name='terms',
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict, verbose_name='terms'),
        ),
        migrations.AddConstraint(
            model_name='approvalrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('action__in', ['offer', 'rule_for_buyer']), models.Q(('terms', {}), _negated=True)), models.Q(models.Q(('action__in', ['offer', 'rule_for_buyer']), _negated=True), ('terms', {})), _connector='OR'), name='offers_and_rulings_are_asked_with_terms'),
        ),
    ]
