"""Reasons that stand already fit the new types too; what an admin added to them stays."""

from django.db import migrations

TYPES = {
    "changed_mind": ["exchange", "order_change"],
    "wrong_size_chosen": ["exchange"],
    "stain_or_smell": ["exchange", "compensation"],
    "differs_from_picture": ["exchange", "compensation"],
    "material_differs": ["compensation"],
    "broken": ["exchange", "repair", "compensation"],
    "seam_open": ["exchange", "repair", "compensation"],
    "sent_late": ["order_change"],
    "out_of_stock": ["order_change"],
    "wrong_item": ["exchange", "reship", "compensation"],
    "part_missing": ["reship", "compensation"],
    "not_as_described": ["exchange", "compensation"],
    "not_received": ["reship"],
    "no_trace": ["order_change"],
    "damaged_in_transit": ["exchange", "reship", "compensation"],
    "empty_parcel": ["reship"],
    "agreed": ["exchange", "repair", "reship", "compensation", "order_change"],
}
CEILINGS = {1: 10, 2: 30, 3: 50, 4: 50, 5: 50, 6: 50, 7: 100}


def widen(apps, schema_editor):
    reasons = apps.get_model("aftersales", "Reason").objects.using(schema_editor.connection.alias)
    for reason in reasons.all():
        more = [kind for kind in TYPES.get(reason.code, ()) if kind not in reason.case_types]
        reason.case_types = [*reason.case_types, *more]
        reason.compensation_percent = CEILINGS[reason.problem_class]
        reason.save(update_fields=["case_types", "compensation_percent"])


class Migration(migrations.Migration):
    dependencies = [("aftersales", "0008_tenants_of_what_is_owed")]

    operations = [migrations.RunPython(widen, migrations.RunPython.noop)]
