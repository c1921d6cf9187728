"""What is still to be paid is summed from an index alone."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

UNPAID = ("draft", "awaiting_release", "queued", "sending", "accepted", "unknown", "failed")


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("aftersales", "0003_open_without_an_end")]

    operations = [
        AddIndexConcurrently(
            "refund",
            models.Index(
                fields=["status", "-id"],
                include=["currency", "amount"],
                name="refund_unpaid_sums",
                condition=models.Q(status__in=UNPAID),
            ),
        ),
        RemoveIndexConcurrently("refund", "refund_unpaid"),
    ]
