"""Canned replies and macros: stored, archived, their uses counted."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from aftersales.actions import gate
from aftersales.models import Macro, MacroStep, Reply, Team, Tool
from aftersales.models.conversation.tool import SHORTCUT_ONCE
from aftersales.queries.conversation import tools
from aftersales.rules.actor import Actor
from orders.db import constraints
from orders.refusals import Refused

T = TypeVar("T", Reply, Macro)


class Changed(gate.Busy):
    """Somebody else has changed or archived the tool since it was looked at."""

    def __init__(self) -> None:
        Refused.__init__(self, _("Somebody changed this meanwhile. Look at it again; what you typed is kept."))


@gate.transactional
def store(tool: T, *, by: Actor, at: datetime, seen: datetime | None = None) -> T:
    """Store a new or changed tool; `seen` is `changed_at` of the one that the form showed.

    Forbidden where the person may not store it for these people; Changed when somebody else was first.
    """
    if tool.pk:
        _refuse_changed(_locked(tool, by), seen)
    refuse_stranger(tool, by)
    tool.changed_at, tool.changed_by_id = at, by.user_id or 0
    _save(tool)
    return tool


def _save(tool: Tool) -> None:
    try:
        with transaction.atomic():
            tool.save()
    except IntegrityError as error:
        # Who may have which shortcut only the database knows for certain; any other broken rule is a fault of ours.
        if constraints.broken(error) not in SHORTCUT_ONCE.values():
            raise
        raise Refused(_("Another reply for the same people has this shortcut: choose another one.")) from error


@gate.transactional
def store_macro(
    macro: Macro, steps: Sequence[MacroStep], *, by: Actor, at: datetime, seen: datetime | None = None
) -> Macro:
    """Store a macro with its steps in their order; rehearsals that people look at are out of date then."""
    if not steps:
        raise Refused(_("A macro has at least one step."))
    macro.version += bool(macro.pk)
    store(macro, by=by, at=at, seen=seen)
    macro.steps.all().delete()
    for position, step in enumerate(steps, start=1):
        step.macro, step.position = macro, position
    MacroStep.objects.bulk_create(steps)
    return macro


@gate.transactional
def archive(tool: T, *, is_archived: bool, by: Actor, at: datetime) -> T:
    """Take a tool out of use, or back into use; nothing is deleted."""
    fresh = _locked(tool, by)
    fresh.archived_at = at if is_archived else None
    return store(fresh, by=by, at=at, seen=fresh.changed_at)


def count_use(tool: Tool, *, at: datetime) -> None:
    """Count one more use, by which tools are ranked."""
    type(tool)._default_manager.filter(pk=tool.pk).update(used_count=F("used_count") + 1, last_used_at=at)


def refuse_stranger(tool: Tool, by: Actor) -> None:
    """Forbidden, unless this person may change what these people use."""
    in_team = tool.team_id is not None and Team.objects.filter(pk=tool.team_id, members=by.user_id).exists()
    if not tools.may_keep(by.roles, tool.scope, is_own=tool.owner_id == by.user_id, in_team=in_team):
        raise gate.Forbidden(_("You may not change what these people use."))


def _locked(tool: T, by: Actor) -> T:
    fresh: T = type(tool)._default_manager.select_for_update(of=("self",)).get(pk=tool.pk)
    refuse_stranger(fresh, by)
    return fresh


def _refuse_changed(fresh: Tool, seen: datetime | None) -> None:
    if fresh.changed_at != seen:
        raise Changed
