"""What others have written since somebody looked at a thread."""

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
    """How far a page has shown a thread: when it was read, and the newest message in it, or 0."""

    at: datetime
    pk: int = 0

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.pk}"


def read(text: str) -> Seen | None:
    """What a form carries; nothing when it is none."""
    try:
        at, pk = text.split("~")
        instant = datetime.fromisoformat(at)
        return Seen(instant, int(pk)) if instant.tzinfo and 0 <= int(pk) < 2**62 else None
    except (ValueError, OverflowError):
        return None


def seen(entries: Sequence[Entry], at: datetime, *, is_newest: bool) -> Seen:
    """How far these entries, read at this moment, show the thread; `is_newest` when nothing stands above them."""
    shown = [entry.place.pk for entry in entries if entry.place.rank == MESSAGE] if is_newest else []
    return Seen(at, max(shown, default=0))


def messages(case_ids: Sequence[int], seen: Seen, *, user_id: int | None) -> QuerySet[Message]:
    """Messages of others that came later, the newest first; notes are not meant for an answer."""
    later = Q(sent_at__gt=seen.at) | (Q(pk__gt=seen.pk) if seen.pk else Q(pk__in=[]))
    others = Message.objects.filter(later, case__in=case_ids, is_note=False).exclude(user=user_id)
    return others.select_related("user").order_by("-sent_at", "-pk")[:MOST]
