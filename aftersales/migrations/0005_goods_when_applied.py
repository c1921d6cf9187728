"""Where the goods were when it was asked stands on the round; on the case, where they are."""

from django.db import migrations, models

STATES = [("unshipped", "Not shipped"), ("shipped", "Shipped, not signed for"), ("signed", "Signed for")]
FROM_CASES = "UPDATE aftersales_round r SET goods_state = c.goods_state FROM aftersales_case c WHERE c.id = r.case_id;"


class Migration(migrations.Migration):
    dependencies = [("aftersales", "0004_search_in_texts")]

    operations = [
        migrations.AlterField(
            "case", "goods_state", models.CharField(choices=STATES, max_length=12, verbose_name="goods")
        ),
        migrations.AddField(
            "round",
            "goods_state",
            models.CharField(choices=STATES, default="unshipped", max_length=12, verbose_name="goods when applied"),
            preserve_default=False,
        ),
        migrations.RunSQL(FROM_CASES, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "round",
            models.CheckConstraint(
                condition=models.Q(("goods_state__in", ["unshipped", "shipped", "signed"])),
                name="round_goods_state_known",
            ),
        ),
    ]
