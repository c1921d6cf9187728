"""An event that leaves state and version of its case as they are."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from aftersales import moves
from aftersales.models import Case, Event, Notice
from aftersales.rules.actor import Actor
from aftersales.rules.vocabulary import Role


def put(
    case: Case,
    action: str,
    *,
    role: Role,
    at: datetime,
    by: Actor | None = None,
    why: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """Put it on the record; `by` nobody where a carrier or the clock tells of it. Whom the act tells gets a notice."""
    Event.objects.create(
        case_id=case.pk,
        happened_at=at,
        action=action,
        role=role,
        user_id=by.user_id if by else None,
        from_status=case.status,
        to_status=case.status,
        version=case.version,
        why=why,
        data=moves.EVERY[action].checked(data or {}),
    )
    Notice.objects.bulk_create(
        Notice(case_id=case.pk, recipient=recipient, action=action, version=case.version, due_at=at)
        for recipient in moves.EVERY[action].tells
    )
