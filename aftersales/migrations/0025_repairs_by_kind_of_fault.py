from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("aftersales", "0024_opened_windows"),
        ("logistics", "0002_integrity"),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalpolicy',
            name='repair_same_fault',
            field=models.BooleanField(db_default=False, default=False, verbose_name='only failed repairs of the same fault count'),
        ),
        migrations.AddField(
            model_name='policy',
            name='repair_same_fault',
            field=models.BooleanField(db_default=False, default=False, verbose_name='only failed repairs of the same fault count'),
        ),
        migrations.AddField(
            model_name='repair',
            name='cause',
            field=models.CharField(blank=True, choices=[('power', 'Power, battery, does not start'), ('display', 'Picture or display'), ('sound', 'Sound'), ('signal', 'Signal or connection'), ('controls', 'Keys, touch, controls'), ('mechanics', 'Mechanics, moving parts'), ('software', 'Software'), ('other', 'Another performance fault'), ('appearance', 'Looks only, it works normally'), ('own_damage', "The buyer's own damage")], db_default='', default='', max_length=12, verbose_name='kind of fault'),
        ),
        migrations.AddConstraint(
            model_name='repair',
            constraint=models.CheckConstraint(condition=models.Q(('cause__in', ['', 'power', 'display', 'sound', 'signal', 'controls', 'mechanics', 'software', 'other', 'appearance', 'own_damage'])), name='repair_cause_known'),
        ),
    ]
