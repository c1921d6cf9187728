"""Saved views of the demo's people, and a note that one of them has put on many cases at once."""

from datetime import datetime

from aftersales import sweeps
from aftersales.actions.console import bulk, saved_views
from aftersales.actions.console.saved_views import Wanted
from aftersales.demo import people
from aftersales.demo.fixtures import HOUR
from aftersales.demo.people import Actors
from aftersales.models import Case, Team
from aftersales.models.cases.open_cases import OUR_TURN
from aftersales.queries.console.bulk import Selected

WIDE = ("what", "state", "reason", "asked", "assignee", "due")
AGED = ("what", "state", "opened", "assignee", "due")
BRIEF = ("what", "asked", "due")
DEAREST = Wanted("大额优先", {"view": "waiting"}, WIDE, "amount", "all")
OLDEST = Wanted("Oldest first", {"view": "open", "age": "3-7"}, AGED, "oldest", "all")
TO_INSPECT = Wanted("待验货", {"view": "open", "state": "inspecting"}, ("what", "reason", "asked", "due"))
ON_ITS_WAY = Wanted("Awaiting the parcel", {"view": "open", "state": "awaiting_return"}, BRIEF)
VIEWS = (
    ("supervisor", DEAREST, ("supervisor", "agent", "senior")),
    ("supervisor2", OLDEST, ("supervisor2", "agent2")),
    ("agent", TO_INSPECT, ("agent",)),
    ("agent2", ON_ITS_WAY, ("agent2",)),
)
NOTE = "促销后退货集中，先看照片再回复，24 小时内给出方案。"
PICKED = 6


def fill(actors: Actors, now: datetime) -> None:
    """Views of some people, some shared, some of them tabs; a note that a supervisor has put on what was due first."""
    for owner, wanted, pinned in VIEWS:
        view = saved_views.save(wanted, by=actors.users[owner], at=now)
        for username in pinned:
            saved_views.pin(view, by=actors.users[username])
    # An hour ago, and performed at once: a job that waits would be done by the first sweep, in front of whoever looks.
    at, team = now - HOUR, Team.objects.get(name=people.TEAMS["style"][0])
    first = Case.objects.filter(OUR_TURN, team=team).order_by("due_at", "pk")[:PICKED]
    picked = [Selected(case.pk, case.version) for case in first]
    bulk.begin("note", {"text": NOTE}, picked, by=actors.users["supervisor"], at=at, language="zh-hans")
    sweeps.run_bulk(at)
