"""Taking the next case while seven others do the same, beside the least that SQL needs for it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from statistics import median

import psycopg
from django.db import connection
from django.db.models import Count, Q

from aftersales.actions.console import assignment
from aftersales.models import Case, Team, User
from aftersales.queries.people.actors import actor_for
from aftersales.rules.vocabulary import WAITING_ON_US, Role
from tests.bench import people, places, seed, timing
from tests.bench.report import Figure, at_least

RIVALS = 8
WARM = 6  # claims before the clock starts: a prepared statement takes some
AT = seed.THEN - timedelta(hours=3)
FIRST = """
SELECT id, status, version FROM aftersales_case
WHERE team_id = %s AND assignee_id IS NULL AND closed_at IS NULL AND status = ANY(%s)
ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
"""
TAKE = "UPDATE aftersales_case SET assignee_id = %s, assigned_at = %s WHERE id = %s"
NOTE = """
INSERT INTO aftersales_event (case_id, happened_at, action, role, user_id, from_status, to_status, version, why, data)
VALUES (%s, %s, 'claim', 'agent', %s, %s, %s, %s, '', '{}')
"""


def measure(rounds: int, claims: int) -> Iterator[Figure]:
    """Claims a second by eight agents of one team at once, through the desk and in bare SQL."""
    team, free = _fullest()
    each = max(min(claims // RIVALS, free // RIVALS - WARM), 1)
    rivals = [_rival(number, team) for number in range(min(RIVALS, free // (each + WARM)))]
    sides = {
        "desk": lambda: _rate(_through_the_desk, rivals, each),
        "bare": lambda: _rate(_bare, rivals, each),
    }
    found = timing.alternate(rounds, sides)
    yield at_least(
        f"claim next under {RIVALS} rivals ÷ bare SQL", median(found["desk"]), "claims/s", 0.25,
        median(found["bare"]), timing.ratio(found["desk"], found["bare"]),
    )  # fmt: skip


def _fullest() -> tuple[Team, int]:
    """The team with the most cases to take, and how many."""
    waiting = Q(cases__closed_at__isnull=True, cases__assignee__isnull=True, cases__status__in=WAITING_ON_US)
    team = Team.objects.annotate(free=Count("cases", filter=waiting)).order_by("-free")[0]
    return team, team.free


def _rival(number: int, team: Team) -> int:
    name = f"bench-rival-{number + 1}"
    user = User.objects.filter(username=name).first() or people.person(name, Role.AGENT)
    user.teams.set([team])
    return user.pk


def _rate(work: timing.Work, rivals: list[int], each: int) -> float:
    held = Case.objects.filter(assignee__in=rivals)
    held.update(assignee=None, assigned_at=None)
    seconds = timing.together(work, [(pk, each) for pk in rivals])
    taken, wanted = held.count(), len(rivals) * (each + WARM)
    held.update(assignee=None, assigned_at=None)
    if taken != wanted:
        raise RuntimeError(f"{taken} cases were taken, {wanted} were asked for")
    return len(rivals) * each / seconds


def _through_the_desk(part: tuple[int, int]) -> Callable[[], None]:
    pk, each = part
    user = User.objects.get(pk=pk)
    by = actor_for(user)

    def claim() -> None:
        if assignment.claim_next(user, by=by, at=AT) is None:
            raise RuntimeError("nothing was left to take")

    return _timed(claim, each)


def _bare(part: tuple[int, int]) -> Callable[[], None]:
    pk, each = part
    team = User.objects.get(pk=pk).teams.get().pk
    bare = psycopg.connect(places.url(connection.settings_dict["NAME"]))
    waiting = [str(status) for status in WAITING_ON_US]

    def claim() -> None:
        case, status, version = bare.execute(FIRST, [team, waiting]).fetchone()
        bare.execute(TAKE, [pk, AT, case])
        bare.execute(NOTE, [case, AT, pk, status, status, version])
        bare.commit()

    return _timed(claim, each)


def _timed(claim: Callable[[], None], each: int) -> Callable[[], None]:
    for _turn in range(WARM):
        claim()

    def act() -> None:
        for _turn in range(each):
            claim()

    return act
