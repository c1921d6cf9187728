"""Open is a case without an end: an index that says so is far cheaper to plan with than one that lists states.

What an agent's queue reads, unclaimed cases of a team and what somebody holds with its state, gets indexes of its own.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

OPEN = models.Q(closed_at__isnull=True)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("aftersales", "0002_last_line")]

    operations = [
        RemoveIndexConcurrently("case", "case_open_due"),
        RemoveIndexConcurrently("case", "case_open_assignee_due"),
        RemoveIndexConcurrently("case", "case_open_status_due"),
        RemoveIndexConcurrently("case", "case_open_merchant_due"),
        RemoveIndexConcurrently("case", "case_open_team_due"),
        RemoveIndexConcurrently("case", "case_open_assignee_oldest"),
        RemoveIndexConcurrently("case", "case_open_breached"),
        AddIndexConcurrently(
            "case",
            models.Index(fields=["due_at", "id"], name="case_open_due", condition=OPEN),
        ),
        AddIndexConcurrently(
            "case",
            models.Index(fields=["assignee", "due_at", "id"], include=["status"], name="case_open_of_assignee", condition=OPEN),
        ),
        AddIndexConcurrently(
            "case",
            models.Index(fields=["status", "due_at", "id"], name="case_open_status_due", condition=OPEN),
        ),
        AddIndexConcurrently(
            "case",
            models.Index(fields=["merchant", "due_at", "id"], name="case_open_merchant_due", condition=OPEN),
        ),
        AddIndexConcurrently(
            "case",
            models.Index(fields=["team", "due_at", "id"], include=["status"], name="case_unclaimed_team_due", condition=OPEN & models.Q(assignee__isnull=True)),
        ),
        AddIndexConcurrently(
            "case",
            models.Index(fields=["assignee", "opened_at"], name="case_open_assignee_oldest", condition=OPEN),
        ),
        AddIndexConcurrently(
            "case",
            models.Index(fields=["breached_at", "id"], name="case_open_breached", condition=OPEN & models.Q(breached_at__isnull=False)),
        ),
    ]
