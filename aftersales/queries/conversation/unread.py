"""Messages that others have written since somebody read a thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from aftersales.models import Message
from aftersales.queries.cases.timeline import MESSAGE, Entry

MOST: Final = 20


@dataclass(frozen=True)
class Seen:
    """How far a page has shown a thread: the moment of reading, and the id of the newest message shown, or 0."""

    at: datetime
    pk: int = 0

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.pk}"


def read(text: str) -> Seen | None:
    """The value that a form sends; None when it can not be read."""
    try:
        at, pk = text.split("~")
        instant = datetime.fromisoformat(at)
        return Seen(instant, int(pk)) if instant.tzinfo and 0 <= int(pk) < 2**62 else None
    except (ValueError, OverflowError):
        return None


def seen(entries: Sequence[Entry], at: datetime, *, is_newest: bool) -> Seen:
    """How far these entries show the thread; `is_newest` is false on an older page, where nothing can be told."""
    shown = [entry.place.pk for entry in entries if entry.place.rank == MESSAGE] if is_newest else []
    return Seen(at, max(shown, default=0))


def messages(case_ids: Sequence[int], seen: Seen, *, user_id: int | None) -> QuerySet[Message]:
    """Messages by others since then, newest first, at most 20; notes ask for no answer."""
    # By id as well: a message may be committed after the page was read and be dated before it.
    later = Q(sent_at__gt=seen.at) | (Q(pk__gt=seen.pk) if seen.pk else Q(pk__in=[]))
    others = Message.objects.filter(later, case__in=case_ids, is_note=False).exclude(user=user_id)
    return others.select_related("user").order_by("-sent_at", "-pk")[:MOST]
