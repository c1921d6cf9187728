"""Only what can be sold as new goes back to stock, and an empty parcel nowhere.

Not validated for rows of before: an inspection is a record of what was done, right or wrong.
"""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations
from django.db.models import CheckConstraint, Q


class Migration(migrations.Migration):
    dependencies = [("aftersales", "0008_hand_payments_at_bank")]

    operations = [
        AddConstraintNotValid(
            "inspectedunit",
            CheckConstraint(
                name="only_sellable_unit_is_restocked",
                condition=Q(condition__in=["as_new", "opened"]) | ~Q(disposition="restock"),
            ),
        ),
        AddConstraintNotValid(
            "inspectedunit",
            CheckConstraint(
                name="empty_parcel_goes_nowhere", condition=~Q(condition="empty") | Q(disposition="scrap")
            ),
        ),
    ]
