"""Validates the constraint of the migration before; spoiled food by degree; an index of open repairs."""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models

DEGREES = (
    (10, "Fresh food spoiled, up to 10 %", "生鲜变质（不超过 10%）", 10),
    (30, "Fresh food spoiled, 10–30 %", "生鲜变质（10%–30%）", 30),
    (50, "Fresh food spoiled, 30–50 %", "生鲜变质（30%–50%）", 50),
    (70, "Fresh food spoiled, 50–70 %", "生鲜变质（50%–70%）", 70),
    (100, "Fresh food spoiled, more than 70 %", "生鲜变质（超过 70%）", 100),
)


def divide(apps, schema_editor):
    """Five degrees beside the single reason, which is no longer offered; cases that have it keep it."""
    reasons = apps.get_model("aftersales", "Reason").objects.using(schema_editor.connection.alias)
    single = reasons.filter(code="spoiled").first()
    if single is None:
        return
    for degree, english, chinese, percent in DEGREES:
        reasons.get_or_create(
            code=f"spoiled_{degree}",
            defaults={
                "problem_class": single.problem_class,
                "name_en": english,
                "name_zh": chinese,
                "case_types": single.case_types if percent == 100 else ["compensation"],
                "goods_states": single.goods_states,
                "fault": single.fault,
                "freight_payer": single.freight_payer,
                "needs_photo": True,
                "compensation_percent": percent,
                "sop_en": single.sop_en,
                "sop_zh": single.sop_zh,
                "position": single.position,
            },
        )
    single.is_active = False
    single.save(update_fields=["is_active"])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("aftersales", "0012_what_policies_decide")]

    operations = [
        ValidateConstraint("case", "case_advances_only_what_was_promised"),
        migrations.RunPython(divide, migrations.RunPython.noop, atomic=True),
        AddIndexConcurrently(
            "case",
            models.Index(
                fields=["id"],
                name="case_open_repair",
                condition=models.Q(("closed_at__isnull", True), ("type", "repair")),
            ),
        ),
    ]
