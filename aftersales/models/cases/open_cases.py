"""What "open" and "our turn" mean to the database, and the orders in which lists read cases."""

from django.db import models
from django.db.models import Q

from aftersales.rules.vocabulary import WAITING_ON_US, CaseType, Priority

# The same as the list of open states (case_ended_has_date), and far cheaper for a planner to prove of an index.
IS_OPEN = Q(closed_at__isnull=True)
OUR_TURN = IS_OPEN & Q(status__in=WAITING_ON_US)

INDEXES = [
    # Orders of the queue: each ends in the id, so that pages by key neither skip nor repeat a case.
    models.Index(fields=["due_at", "id"], name="case_open_due", condition=IS_OPEN),
    models.Index(
        fields=["assignee", "due_at", "id"], include=["status"], name="case_open_of_assignee", condition=IS_OPEN
    ),
    models.Index(fields=["status", "due_at", "id"], name="case_open_status_due", condition=IS_OPEN),
    models.Index(fields=["opened_at", "id"], name="case_open_opened", condition=IS_OPEN),
    models.Index(fields=["requested_amount", "id"], name="case_open_amount", condition=IS_OPEN),
    models.Index(fields=["merchant", "due_at", "id"], name="case_open_merchant_due", condition=IS_OPEN),
    models.Index(
        # "Take the next case": a team's unclaimed ones by date, and the few of unusual priority before or after them.
        fields=["team", "due_at", "id"],
        include=["status"],
        name="case_unclaimed_team_due",
        condition=IS_OPEN & Q(assignee__isnull=True),
    ),
    models.Index(
        fields=["priority", "team", "due_at", "id"],
        include=["status"],
        name="case_unclaimed_unusual",
        condition=IS_OPEN & Q(assignee__isnull=True) & ~Q(priority=Priority.NORMAL),
    ),
    models.Index(fields=["assignee", "opened_at"], name="case_open_assignee_oldest", condition=IS_OPEN),
    models.Index(
        fields=["breached_at", "id"],
        name="case_open_breached",
        condition=IS_OPEN & Q(breached_at__isnull=False),
    ),
    models.Index(fields=["-closed_at", "-id"], name="case_newest_ended", condition=Q(closed_at__isnull=False)),
    models.Index(fields=["assignee", "closed_at"], name="case_ended_assignee", condition=Q(closed_at__isnull=False)),
    models.Index(fields=["-opened_at", "-id"], name="case_newest"),
    models.Index(
        fields=["clock_approved_at"], name="case_clock_approved", condition=Q(clock_approved_at__isnull=False)
    ),
    models.Index(fields=["buyer", "-opened_at"], name="case_of_buyer"),
    models.Index(fields=["id"], name="case_open_repair", condition=IS_OPEN & Q(type=CaseType.REPAIR)),
    models.Index(fields=["parent"], name="case_continues", condition=Q(parent__isnull=False)),
]
