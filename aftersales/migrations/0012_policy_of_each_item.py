"""Each item of a case knows its own policy; what the law excludes is a part of a policy's scope."""

from django.db import migrations, models
from django.db.models import deletion

GROUNDS = [
    ("customised", "Made to the buyer's order"),
    ("perishable", "Fresh or perishable"),
    ("digital", "Digital media, downloaded or opened"),
    ("newspaper", "Newspapers and periodicals"),
    ("unsealed", "Health goods, once unsealed"),
    ("activated", "Goods that lose value, once activated"),
    ("near_expiry", "Near its expiry date"),
    ("defect", "With a declared defect"),
]
# Until now all items of a case went by the policy of the case.
AS_THE_CASE = """
UPDATE aftersales_caseline l SET policy_id = c.policy_id FROM aftersales_case c WHERE c.id = l.case_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""
SCOPE = """
ALTER TABLE aftersales_policy DROP CONSTRAINT policy_periods_never_overlap;
ALTER TABLE aftersales_policy ADD CONSTRAINT policy_periods_never_overlap EXCLUDE USING gist (
    desk_scope(merchant_id::text, reason_id::text, category, {ground}case_type, channel, currency, buyer_level::text,
        (amount_from IS NULL AND amount_below IS NULL)::text) WITH &&,
    numrange(coalesce(amount_from, 0), amount_below) WITH &&,
    tstzrange(effective_from, effective_until) WITH &&
);
"""
# Without its ground an exclusion would refuse everything.
NO_EXCLUSIONS = """
DELETE FROM aftersales_policy WHERE ground <> '';
DELETE FROM aftersales_historicalpolicy WHERE ground <> '';
SET CONSTRAINTS ALL IMMEDIATE;
"""


def _category() -> models.CharField:
    return models.CharField(
        blank=True, help_text="One or more names of a category, with commas.", max_length=300, verbose_name="category"
    )


def _ground() -> models.CharField:
    return models.CharField(
        blank=True,
        choices=GROUNDS,
        db_default="",
        default="",
        help_text="Then it only says that such goods are not returned without a reason; it rules nothing else.",
        max_length=20,
        verbose_name="excluded by law as",
    )


def _policy(**options: bool) -> models.ForeignKey:
    return models.ForeignKey(
        "aftersales.policy", deletion.PROTECT, related_name="case_lines", verbose_name="policy", **options
    )


class Migration(migrations.Migration):
    dependencies = [
        ("aftersales", "0011_path_of_a_sent_form"),
        ("orders", "0006_exclusion_confirmed_at_purchase"),
    ]

    operations = [
        migrations.AddField("caseline", "policy", _policy(null=True)),
        migrations.RunSQL(AS_THE_CASE, migrations.RunSQL.noop),
        migrations.AlterField("caseline", "policy", _policy()),
        migrations.AddField("policy", "ground", _ground()),
        migrations.AddField("historicalpolicy", "ground", _ground()),
        migrations.AlterField("policy", "category", _category()),
        migrations.AlterField("historicalpolicy", "category", _category()),
        migrations.AddConstraint(
            "policy",
            models.CheckConstraint(
                condition=models.Q(ground="") | models.Q(no_reason_allowed=False), name="policy_of_exclusion_refuses"
            ),
        ),
        migrations.RunSQL(SCOPE.format(ground="ground, "), NO_EXCLUSIONS + SCOPE.format(ground="")),
    ]
