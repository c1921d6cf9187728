"""The thread and the record of a case as one list, newest first, page by page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from django.db.models import Q, QuerySet

from aftersales import moves
from aftersales.models import Case, Event, Evidence, Message, Round
from aftersales.moves import acts
from aftersales.queries.cases import wording
from aftersales.queries.conversation import thread_filters
from aftersales.rules.permissions import AGENTS
from aftersales.rules.vocabulary import Role, Status
from orders.db.compiled_query import CompiledQuery

PAGE = 20
MESSAGE, EVENT = 1, 0  # of two things at one instant, what was said stands above what happened
WITH_PHOTOS: Final = moves.where(lambda act: act.has_photos)
ASKED: Final = moves.where(lambda act: act.asks)
ICONS = {
    "buyer": "user",
    "merchant": "building-storefront",
    "agent": "chat-bubble-left-right",
    "clock": "clock",
    "note": "pencil-square",
}
LATE, OTHER = "no-symbol", "arrow-right"
ALL_ICONS = (*ICONS.values(), LATE, OTHER)


@dataclass(frozen=True)
class Place:
    """Where a page of the list ends: the last entry's instant, kind and number."""

    at: datetime
    rank: int
    pk: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.rank}~{self.pk}"


@dataclass(frozen=True)
class Entry:
    """One thing that was said or done, as the thread shows it."""

    case_number: str
    place: Place
    kind: str
    who: str
    role: str
    event: str = ""
    text: str = ""
    why: str = ""
    moved: tuple[str, str] | None = None
    details: tuple[str, ...] = ()
    photos: tuple[Evidence, ...] = ()
    is_late: bool = False

    @property
    def at(self) -> datetime:
        """When it was said or done."""
        return self.place.at

    @property
    def icon(self) -> str:
        """The name of the icon that stands for who did it."""
        return ICONS.get(self.kind) or (LATE if self.is_late else OTHER)


def place(text: str) -> Place | None:
    """A place in the list as the address carries it; nothing when it is none."""
    try:
        at, rank, pk = text.split("~")
        instant = datetime.fromisoformat(at)
        return Place(instant, int(rank), int(pk)) if instant.tzinfo and abs(int(pk)) < 2**62 else None
    except (ValueError, OverflowError):
        return None


def page(
    case: Case,
    *,
    is_insider: bool,
    evidence: Sequence[Evidence],
    rounds: Sequence[Round],
    before: Place | None = None,
    show: str = thread_filters.ALL,
    family: Sequence[int] = (),
) -> tuple[list[Entry], Place | None]:
    """At most 20 entries older than `before`, and where the next page starts; merchants see no inner affairs.

    `show` leaves one thing of `case_shows`. What was said in the cases of the `family` is part of the thread; what
    happened to them stays theirs.
    """
    names = {row.reject_reason.code: row.reject_reason.name for row in rounds if row.reject_reason}
    found = [_said(case, message) for message in _messages(case, family, before, show, is_insider)]
    events = _events(case, before, show, is_insider)
    found += [_done(case, event, names, evidence, is_insider=is_insider) for event in events]
    # One more than a page is read of each table: any of them could make up the whole page.
    found.sort(key=lambda entry: (entry.place.at, entry.place.rank, entry.place.pk), reverse=True)
    return found[:PAGE], (found[PAGE - 1].place if len(found) > PAGE else None)


def _messages(
    case: Case, family: Sequence[int], before: Place | None, show: str, is_insider: bool
) -> Iterable[Message]:
    if show not in (thread_filters.ALL, thread_filters.PUBLIC, thread_filters.NOTES):
        return ()
    if show == thread_filters.ALL and len(family) < 2 and before is None:
        return SAID[is_insider](case.pk)
    written = Message.objects.filter(case__in=family or [case.pk])
    if show != thread_filters.ALL:
        written = written.filter(is_note=show == thread_filters.NOTES)
    return _newest(written, before, is_insider)


def _events(case: Case, before: Place | None, show: str, is_insider: bool) -> Iterable[Event]:
    if show in (thread_filters.PUBLIC, thread_filters.NOTES):
        return ()
    if show == thread_filters.ALL and before is None:
        return DONE[is_insider](case.pk)
    return _done_to(case.pk, before, show, is_insider=is_insider)


def _older(rows: QuerySet, column: str, rank: int, before: Place | None) -> QuerySet:
    if before is None:
        return rows
    # Pages by key: entries of two tables at one instant are ordered by kind, then by number.
    same = Q(pk__lt=before.pk) if rank == before.rank else Q() if rank < before.rank else Q(pk__in=[])
    return rows.filter(Q(**{f"{column}__lt": before.at}) | (Q(**{column: before.at}) & same))


def _said_to(case_id: int, *, is_insider: bool) -> QuerySet[Message]:
    return _newest(Message.objects.filter(case=case_id), None, is_insider)


def _newest(messages: QuerySet[Message], before: Place | None, is_insider: bool) -> QuerySet[Message]:
    shown = (messages if is_insider else messages.filter(is_note=False)).select_related("user")
    return _older(shown, "sent_at", MESSAGE, before).order_by("-sent_at", "-pk")[: PAGE + 1]


def _done_to(
    case_id: int, before: Place | None = None, show: str = thread_filters.ALL, *, is_insider: bool
) -> QuerySet[Event]:
    events = Event.objects.filter(case=case_id).select_related("user")
    shown = events if is_insider else events.exclude(action__in=wording.INTERNAL)
    if show == thread_filters.SYSTEM:  # also what a later version of this program wrote, and this one has no word for
        shown = shown.exclude(action__in=thread_filters.actions_of(thread_filters.MONEY, thread_filters.PARCELS))
    elif show != thread_filters.ALL:
        shown = shown.filter(action__in=thread_filters.actions_of(show))
    return _older(shown, "happened_at", EVENT, before).order_by("-happened_at", "-pk")[: PAGE + 1]


# The first page without filters is what nearly everybody asks for: compiled once for each of the two views.
SAID = {inside: CompiledQuery(partial(_said_to, is_insider=inside), int) for inside in (True, False)}
DONE = {inside: CompiledQuery(partial(_done_to, is_insider=inside), int) for inside in (True, False)}


def _said(case: Case, message: Message) -> Entry:
    kind = "note" if message.is_note else _kind(message.role)
    return Entry(
        case.number,
        Place(message.sent_at, MESSAGE, message.pk),
        kind,
        wording.who(case, message.role, message.user),
        str(Role(message.role).label),
        text=message.body,
    )


def _done(
    case: Case, event: Event, names: Mapping[str, str], evidence: Iterable[Evidence], *, is_insider: bool
) -> Entry:
    return Entry(
        case.number,
        Place(event.happened_at, EVENT, event.pk),
        _kind_of_event(event),
        wording.who(case, event.role, event.user),
        str(Role(event.role).label) if event.user_id or event.role == Role.BUYER else "",
        event=wording.happened(event),
        moved=_moved(event),
        details=tuple(wording.details(event, case, names, is_insider=is_insider)),
        photos=_photos_of(event, evidence) if event.action in WITH_PHOTOS or "channel" in event.data else (),
        is_late=event.action == acts.ATTEMPT.name,
        **_reason(event, is_insider=is_insider),
    )


def _kind_of_event(event: Event) -> str:
    if event.role == Role.CLOCK:
        return "clock"
    return _kind(event.role) if event.action in ASKED else "system"


def _moved(event: Event) -> tuple[str, str] | None:
    if not event.from_status or event.from_status == event.to_status:
        return None
    return str(Status(event.from_status).label), str(Status(event.to_status).label)


def _reason(event: Event, *, is_insider: bool) -> dict[str, str]:
    """The words of an application are what the buyer said; those of other acts are why somebody did it."""
    if event.action in ASKED:
        return {"text": event.why}
    return {"why": "" if event.action in wording.HIDING_REASON and not is_insider else event.why}


def _photos_of(event: Event, evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(row for row in evidence if row.added_at == event.happened_at)


def _kind(role: str) -> str:
    if role in (Role.BUYER, Role.MERCHANT):
        return str(role)
    return "agent" if role in AGENTS else "system"


def is_insider(roles: frozenset[Role]) -> bool:
    """Whether somebody works for the platform, not only for a merchant."""
    return bool(roles - {Role.MERCHANT, Role.BUYER})


def entries_of(case: Case, events: Sequence[Event], *, is_insider: bool) -> list[Entry]:
    """Events as entries, for somebody who missed them."""
    seen = [event for event in events if is_insider or event.action not in wording.INTERNAL]
    return [_done(case, event, {}, (), is_insider=is_insider) for event in seen]
