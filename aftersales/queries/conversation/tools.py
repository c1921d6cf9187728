"""Canned replies and macros that a person may use in a case, sees in their list, and may change."""

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
    """Tools in use: the person's own, those of their teams and of all; for supervisors those of the case's team too."""
    teams = list(user.team_ids)
    if case is not None and case.team_id and Role.SUPERVISOR in user.roles:
        teams.append(case.team_id)
    theirs = Q(scope=Scope.EVERYBODY) | Q(team__in=teams) | Q(owner=user)
    return model._default_manager.filter(IN_USE & theirs)


def ranked(rows: QuerySet[T], case: Case) -> QuerySet[T]:
    """The likeliest first: meant for the reason of the case, for its type, for any; then most used, then used last."""
    fit = Choose(
        When(reasons__contains=[case.reason.code], then=Value(2)),
        When(case_types__contains=[case.type], reasons=[], then=Value(1)),
        When(Q(reasons=[]) & Q(case_types=[]), then=Value(0)),
        default=Value(-1),
        output_field=IntegerField(),
    )
    return rows.order_by(fit.desc(), "-used_count", F("last_used_at").desc(nulls_last=True), "pk")


def listed(model: type[T], user: User, *, archived: bool) -> QuerySet[T]:
    """The tools on the page of replies or macros; a supervisor looks after every team."""
    theirs = Q(scope=Scope.EVERYBODY) | Q(team__in=user.team_ids) | Q(owner=user)
    if Role.SUPERVISOR in user.roles:
        theirs |= Q(scope=Scope.TEAM)
    return (
        model._default_manager.filter(theirs, archived_at__isnull=not archived)
        .select_related("team", "owner", "changed_by")
        .order_by("-pk")
    )


def found_by(text: str, *fields: str) -> Q:
    """Each word of a search, at most eight, stands in one of the fields."""
    condition = Q()
    for word in text.split()[:8]:
        condition &= Q(*((f"{field}__icontains", word) for field in fields), _connector=Q.OR)
    return condition


def may_keep(roles: frozenset[Role], scope: str, *, is_own: bool, in_team: bool) -> bool:
    """Whether these roles make and change tools of a scope; supervisors those of any team."""
    if not RIGHT_TO_KEEP[scope].is_granted_to(roles):
        return False
    if scope == Scope.PERSONAL:
        return is_own
    return scope == Scope.EVERYBODY or in_team or Role.SUPERVISOR in roles


def may_change(user: User, tool: Tool) -> bool:
    """Whether the person may change and archive the tool."""
    is_own, in_team = tool.owner_id == user.pk, tool.team_id in user.team_ids
    return may_keep(user.roles, tool.scope, is_own=is_own, in_team=in_team)


def owners(user: User) -> list[tuple[str, str]]:
    """For whom the person may store tools: values of the form with labels."""
    choices: list[tuple[str, Any]] = [(Scope.PERSONAL.value, Scope.PERSONAL.label)]
    if may_keep(user.roles, Scope.TEAM, is_own=False, in_team=True):
        teams = Team.objects.order_by("name")
        shown = teams if Role.SUPERVISOR in user.roles else teams.filter(pk__in=user.team_ids)
        choices += [(f"{Scope.TEAM.value}-{team.pk}", team.name) for team in shown]
    if may_keep(user.roles, Scope.EVERYBODY, is_own=False, in_team=False):
        choices.append((Scope.EVERYBODY.value, Scope.EVERYBODY.label))
    return choices
