"""How long evidence, decision, execution and each suspension take; no open dispute is left without a clock."""

from django.db import migrations, models

# Whoever waits for the platform without a clock gets the one for its decision, from now on.
BEGIN = """
INSERT INTO aftersales_deadline (case_id, kind, status, started_at, due_at, pause_count, extension_count, policy_id,
    calendar_version, tries, last_error)
SELECT c.id, 'decision', 'pending', now(), now() + make_interval(hours => p.decision_hours), 0, 0, p.id, '', 0, ''
FROM aftersales_case c JOIN aftersales_policy p ON p.id = c.policy_id
WHERE c.status = 'arbitration' AND NOT EXISTS (
    SELECT 1 FROM aftersales_deadline d
    WHERE d.case_id = c.id AND d.kind <> 'first_reply' AND d.status IN ('pending', 'quarantined'));
UPDATE aftersales_case c SET due_at = d.due_at, due_kind = d.kind FROM aftersales_deadline d
WHERE d.case_id = c.id AND d.kind = 'decision' AND d.status = 'pending' AND c.due_at IS NULL;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("aftersales", "0035_return_freight_of_the_buyer"),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalpolicy',
            name='decision_hours',
            field=models.PositiveIntegerField(default=48, verbose_name='platform decides within (hours)'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='execution_hours',
            field=models.PositiveIntegerField(default=24, verbose_name='ruling carried out within (hours)'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='more_evidence_hours',
            field=models.PositiveIntegerField(default=4, verbose_name='further evidence within (service hours)'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='referral_hours',
            field=models.PositiveIntegerField(default=24, verbose_name='supervisor decides about goods within (hours)'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='suspend_court_months',
            field=models.PositiveIntegerField(default=6, verbose_name='suspension for a court lasts (months)'),
        ),
        migrations.AddField(
            model_name='historicalpolicy',
            name='suspend_joint_business_days',
            field=models.PositiveIntegerField(default=7, verbose_name='suspension asked for by both sides lasts (business days)'),
        ),
        migrations.AddField(
            model_name='policy',
            name='decision_hours',
            field=models.PositiveIntegerField(default=48, verbose_name='platform decides within (hours)'),
        ),
        migrations.AddField(
            model_name='policy',
            name='execution_hours',
            field=models.PositiveIntegerField(default=24, verbose_name='ruling carried out within (hours)'),
        ),
        migrations.AddField(
            model_name='policy',
            name='more_evidence_hours',
            field=models.PositiveIntegerField(default=4, verbose_name='further evidence within (service hours)'),
        ),
        migrations.AddField(
            model_name='policy',
            name='referral_hours',
            field=models.PositiveIntegerField(default=24, verbose_name='supervisor decides about goods within (hours)'),
        ),
        migrations.AddField(
            model_name='policy',
            name='suspend_court_months',
            field=models.PositiveIntegerField(default=6, verbose_name='suspension for a court lasts (months)'),
        ),
        migrations.AddField(
            model_name='policy',
            name='suspend_joint_business_days',
            field=models.PositiveIntegerField(default=7, verbose_name='suspension asked for by both sides lasts (business days)'),
        ),
        migrations.AlterField(
            model_name='case',
            name='due_kind',
            field=models.CharField(blank=True, choices=[('merchant_response', "Merchant's answer"), ('offer', "Buyer's answer to the offer"), ('intercept', "Carrier's interception"), ('ship_return', 'Buyer ships the return'), ('receipt', 'Return received'), ('inspection', 'Inspection'), ('dispatch', 'Replacement dispatched'), ('replacement', 'Replacement received'), ('repair', 'Repair finished'), ('refund', 'Refund paid'), ('rejected', 'Buyer answers the rejection'), ('evidence', 'Evidence'), ('more_evidence', 'Further evidence'), ('referral', 'Decision about the goods'), ('decision', "Platform's decision"), ('last_decision', "Next supervisor's decision"), ('overdue_decision', 'Overdue decision'), ('suspension', 'Suspension'), ('first_reply', 'First reply')], max_length=20, verbose_name='what is due'),
        ),
        migrations.AlterField(
            model_name='deadline',
            name='kind',
            field=models.CharField(choices=[('merchant_response', "Merchant's answer"), ('offer', "Buyer's answer to the offer"), ('intercept', "Carrier's interception"), ('ship_return', 'Buyer ships the return'), ('receipt', 'Return received'), ('inspection', 'Inspection'), ('dispatch', 'Replacement dispatched'), ('replacement', 'Replacement received'), ('repair', 'Repair finished'), ('refund', 'Refund paid'), ('rejected', 'Buyer answers the rejection'), ('evidence', 'Evidence'), ('more_evidence', 'Further evidence'), ('referral', 'Decision about the goods'), ('decision', "Platform's decision"), ('last_decision', "Next supervisor's decision"), ('overdue_decision', 'Overdue decision'), ('suspension', 'Suspension'), ('first_reply', 'First reply')], max_length=20, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='historicalpolicy',
            name='suspend_days',
            field=models.PositiveIntegerField(default=30, verbose_name='suspension for the police lasts (days)'),
        ),
        migrations.AlterField(
            model_name='policy',
            name='suspend_days',
            field=models.PositiveIntegerField(default=30, verbose_name='suspension for the police lasts (days)'),
        ),
        migrations.RunSQL(BEGIN, migrations.RunSQL.noop),
    ]
