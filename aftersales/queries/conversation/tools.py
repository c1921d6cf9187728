"""Which replies and macros somebody has at hand for a case, keeps, and may change."""

from typing import Any, Final, TypeVar

from django.db.models import Case as Choose
from django.db.models import F, IntegerField, Q, QuerySet, Value, When

from aftersales.models import Case, Macro, Reply, Team, Tool, User
from aftersales.models.conversation.tool import IN_USE
from aftersales.moves import rights
from aftersales.moves.record import Act
from aftersales.rules.conversation.tools import Scope
from aftersales.rules.vocabulary import Role

MOST_AT_HAND = 40
RIGHT_TO_KEEP: Final[dict[str, Act]] = {
    Scope.PERSONAL: rights.KEEP_OWN_TOOLS,
    Scope.TEAM: rights.KEEP_TEAM_TOOLS,
    Scope.EVERYBODY: rights.KEEP_ALL_TOOLS,
}

T = TypeVar("T", Reply, Macro)


def usable(model: type[T], user: User, case: Case | None = None) -> QuerySet[T]:
    """Those in use: one's own, one's teams', everybody's; a supervisor also has those of the case's team."""
    teams = list(user.team_ids)
    if case is not None and case.team_id and Role.SUPERVISOR in user.roles:
        teams.append(case.team_id)
    theirs = Q(scope=Scope.EVERYBODY) | Q(team__in=teams) | Q(owner=user)
    return model._default_manager.filter(IN_USE & theirs)


def ranked(rows: QuerySet[T], case: Case) -> QuerySet[T]:
    """The best first: those meant for this reason and type, then those used most, and lately."""
    fit = Choose(
        When(reasons__contains=[case.reason.code], then=Value(2)),
        When(case_types__contains=[case.type], reasons=[], then=Value(1)),
        When(Q(reasons=[]) & Q(case_types=[]), then=Value(0)),
        default=Value(-1),
        output_field=IntegerField(),
    )
    return rows.order_by(fit.desc(), "-used_count", F("last_used_at").desc(nulls_last=True), "pk")


def kept(model: type[T], user: User, *, archived: bool) -> QuerySet[T]:
    """What the page of replies or macros lists for somebody; a supervisor looks after every team."""
    theirs = Q(scope=Scope.EVERYBODY) | Q(team__in=user.team_ids) | Q(owner=user)
    if Role.SUPERVISOR in user.roles:
        theirs |= Q(scope=Scope.TEAM)
    return (
        model._default_manager.filter(theirs, archived_at__isnull=not archived)
        .select_related("team", "owner", "changed_by")
        .order_by("-pk")
    )


def found_by(text: str, *fields: str) -> Q:
    """Every word of a search stands somewhere in the fields."""
    said = Q()
    for word in text.split()[:8]:
        said &= Q(*((f"{field}__icontains", word) for field in fields), _connector=Q.OR)
    return said


def may_keep(roles: frozenset[Role], scope: str, *, is_own: bool, in_team: bool) -> bool:
    """Whether these roles make and change what has the scope: one's own, a team's one belongs to, everybody's.

    A supervisor looks after every team.
    """
    if not RIGHT_TO_KEEP[scope].is_granted_to(roles):
        return False
    if scope == Scope.PERSONAL:
        return is_own
    return scope == Scope.EVERYBODY or in_team or Role.SUPERVISOR in roles


def may_change(user: User, tool: Tool) -> bool:
    """Whether this person changes and archives it."""
    is_own, in_team = tool.owner_id == user.pk, tool.team_id in user.team_ids
    return may_keep(user.roles, tool.scope, is_own=is_own, in_team=in_team)


def owners(user: User) -> list[tuple[str, str]]:
    """For whom this person may keep something: a value of the form and its label."""
    choices: list[tuple[str, Any]] = [(Scope.PERSONAL.value, Scope.PERSONAL.label)]
    if may_keep(user.roles, Scope.TEAM, is_own=False, in_team=True):
        teams = Team.objects.order_by("name")
        shown = teams if Role.SUPERVISOR in user.roles else teams.filter(pk__in=user.team_ids)
        choices += [(f"{Scope.TEAM.value}-{team.pk}", team.name) for team in shown]
    if may_keep(user.roles, Scope.EVERYBODY, is_own=False, in_team=False):
        choices.append((Scope.EVERYBODY.value, Scope.EVERYBODY.label))
    return choices
