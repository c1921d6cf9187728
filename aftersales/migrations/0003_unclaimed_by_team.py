"""Indexes for what an agent's queue reads: unclaimed cases of a team, and what somebody holds with its state."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

OPEN = (
    "pending_merchant", "pending_buyer", "rejected", "intercepting", "awaiting_return", "return_in_transit",
    "inspecting", "refunding", "refund_failed", "arbitration", "suspended",
)
WAITING_ON_US = (
    "pending_merchant", "return_in_transit", "inspecting", "refund_failed", "arbitration", "suspended",
)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("aftersales", "0002_last_line")]

    operations = [
        AddIndexConcurrently(
            "case",
            models.Index(
                fields=["assignee", "due_at", "id"],
                include=["status"],
                name="case_open_of_assignee",
                condition=models.Q(status__in=OPEN),
            ),
        ),
        AddIndexConcurrently(
            "case",
            models.Index(
                fields=["team", "due_at", "id"],
                name="case_unclaimed_team_due",
                condition=models.Q(status__in=WAITING_ON_US, assignee__isnull=True),
            ),
        ),
        RemoveIndexConcurrently("case", "case_open_assignee_due"),
        RemoveIndexConcurrently("case", "case_open_team_due"),
    ]
