"""Taking the next case while seven others do the same, beside the least that SQL needs for it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

import psycopg
from django.db import connection
from django.db.models import Count, Q

from aftersales.actions.console import assignment
from aftersales.models import Case, Team, User
from aftersales.queries.people.actors import actor_for
from aftersales.rules.vocabulary import WAITING_ON_US, Role
from tests.bench import places, timing
from tests.bench.data import people, seed
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


@dataclass(frozen=True)
class Share:
    """What one rival takes: some cases before the clock starts, then those that are timed."""

    user_id: int
    warm: int
    timed: int


def measure(rounds: int, claims: int) -> Iterator[Figure]:
    """Claims a second by eight agents of one team at once, through the desk and in bare SQL; none of an empty queue."""
    team, free = _fullest()
    if not free:
        return
    shares = _shares(team, claims, free)
    sides = {"desk": lambda: _rate(_through_the_desk, shares), "bare": lambda: _rate(_bare, shares)}
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


def _shares(team: Team, claims: int, free: int) -> list[Share]:
    """Divide the free cases; where a small seed has few, first the warm claims go, then rivals."""
    each = free // RIVALS
    warm = min(WARM, max(each - 1, 0))
    timed = max(min(claims // RIVALS, each - warm), 1)
    return [Share(_rival(number, team), warm, timed) for number in range(min(RIVALS, free // (warm + timed)))]


def _rival(number: int, team: Team) -> int:
    name = f"bench-rival-{number + 1}"
    user = User.objects.filter(username=name).first() or people.person(name, Role.AGENT)
    user.teams.set([team])
    return user.pk


def _rate(work: timing.Work, shares: list[Share]) -> float:
    held = Case.objects.filter(assignee__in=[share.user_id for share in shares])
    held.update(assignee=None, assigned_at=None)
    seconds = timing.together(work, shares)
    taken, wanted = held.count(), sum(share.warm + share.timed for share in shares)
    held.update(assignee=None, assigned_at=None)
    if taken != wanted:
        raise RuntimeError(f"{taken} cases were taken, {wanted} were asked for")
    return sum(share.timed for share in shares) / seconds


def _through_the_desk(share: Share) -> Callable[[], None]:
    user = User.objects.get(pk=share.user_id)
    by = actor_for(user)

    def claim() -> None:
        if assignment.claim_next(user, by=by, at=AT) is None:
            raise RuntimeError("nothing was left to take")

    return _timed(claim, share)


def _bare(share: Share) -> Callable[[], None]:
    team = User.objects.get(pk=share.user_id).teams.get().pk
    bare = psycopg.connect(places.url(connection.settings_dict["NAME"]))
    waiting = [str(status) for status in WAITING_ON_US]

    def claim() -> None:
        case, status, version = bare.execute(FIRST, [team, waiting]).fetchone()
        bare.execute(TAKE, [share.user_id, AT, case])
        bare.execute(NOTE, [case, AT, share.user_id, status, status, version])
        bare.commit()

    return _timed(claim, share)


def _timed(claim: Callable[[], None], share: Share) -> Callable[[], None]:
    for _turn in range(share.warm):
        claim()

    def act() -> None:
        for _turn in range(share.timed):
            claim()

    return act
