"""What has happened since a mark in the logs of events and messages: read once for everybody, told to each by right.

A mark is where both logs were read to: `1234.567`, with the ids before it that were not there yet as ranges behind
it, `1234~1200-1210.567`. Ids are given out before they are committed, so a later id may be seen before an earlier one.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from aftersales import moves
from aftersales.models import User
from aftersales.moves import acts
from aftersales.queries import visibility_facts
from aftersales.queries.cases import timeline, wording
from aftersales.queries.visibility_facts import VisibilityFacts
from aftersales.rules.vocabulary import Role
from orders.db import statements

MOST: Final = 500  # rows of a log that are read at once
FEW: Final = 100  # of which so many are told one by one
REACH: Final = 2000  # ids further behind than this are not waited for: their transactions were undone
MOST_GAPS: Final = 40
PLACE: Final = re.compile(r"(\d{1,18})((?:~\d{1,18}-\d{1,18}){0,40})")
OTHERS: Final = frozenset({Role.BUYER, Role.MERCHANT})
OPENING: Final = moves.where(lambda act: act.opens_case)
NOTHING_CHANGED: Final = moves.where(lambda act: act.changes_nothing)

EVENTS, MESSAGES = "aftersales_event", "aftersales_message"
ACTION: Final = {EVENTS: "n.action", MESSAGES: "CASE WHEN n.is_note THEN 'note' ELSE 'message' END"}
# What is newer, and what is there now of what was missing; always by the primary key.
PART: Final = """
(SELECT '{log}'::text, n.id, n.case_id, n.user_id, n.role, {action} FROM {log} n
    WHERE n.id > %s::bigint ORDER BY n.id LIMIT {most})
UNION ALL
(SELECT '{log}'::text, n.id, n.case_id, n.user_id, n.role, {action}
    FROM unnest(%s::bigint[], %s::bigint[]) AS gap (low, high)
    CROSS JOIN LATERAL (SELECT * FROM {log} WHERE id BETWEEN gap.low AND gap.high ORDER BY id LIMIT {most}) n)
"""
SINCE: Final = "UNION ALL".join(PART.format(log=log, action=action, most=MOST) for log, action in ACTION.items())
NEWEST: Final = {log: f"SELECT coalesce(max(id), 0) FROM {log}" for log in ACTION}  # noqa: S608 -- one of the two logs
# Moments are nearly in the order of ids, so this looks at few rows, the newest first.
UNTIL: Final = {
    log: f"SELECT id FROM {log} WHERE {moment} <= %s::timestamptz ORDER BY id DESC LIMIT 1"  # noqa: S608 -- likewise, and its column
    for log, moment in ((EVENTS, "happened_at"), (MESSAGES, "sent_at"))
}


@dataclass(frozen=True)
class Place:
    """How far a log was read: the last id, and ranges of ids before it that were not there yet."""

    last: int
    gaps: tuple[tuple[int, int], ...] = ()

    def after(self, found: Iterable[int]) -> "Place":
        """The place once these ids were found, at this place or behind it."""
        ids = sorted(found)
        last = max([self.last, *ids])
        missing = list(self.gaps)
        if last > self.last:
            missing.append((self.last + 1, last))
        left = [part for low, high in missing for part in _without(low, high, ids)]
        recent = [(low, high) for low, high in left if high > last - REACH]
        return Place(last, tuple(recent[-MOST_GAPS:]))

    def __str__(self) -> str:
        return "~".join([str(self.last), *(f"{low}-{high}" for low, high in self.gaps)])


def _without(low: int, high: int, ids: Sequence[int]) -> Iterable[tuple[int, int]]:
    for number in ids:
        if low <= number <= high:
            if low < number:
                yield low, number - 1
            low = number + 1
    if low <= high:
        yield low, high


@dataclass(frozen=True)
class Mark:
    """How far both logs were read."""

    events: Place
    messages: Place

    def __str__(self) -> str:
        return f"{self.events}.{self.messages}"


def read_mark(text: str) -> Mark | None:
    """A mark as a browser carries it; nothing when it is none."""
    parts = [PLACE.fullmatch(part) for part in text.split(".")] if len(text) < 4000 else []
    if len(parts) != 2 or not all(parts):
        return None
    events, messages = (_place(part[1], part[2]) for part in parts if part)
    return Mark(events, messages)


def _place(last: str, gaps: str) -> Place:
    ranges = (gap.split("-") for gap in gaps.split("~") if gap)
    return Place(int(last), tuple((int(low), int(high)) for low, high in ranges))


def newest() -> Mark:
    """The end of both logs; ids just before it that are not there yet are waited for."""
    ends = [statements.rows(NEWEST[log], [])[0][0] for log in (EVENTS, MESSAGES)]
    return since(Mark(*(Place(max(end - MOST // 2, 0)) for end in ends)))[1]


def until(at: datetime) -> Mark:
    """The mark of a page that was made at this moment."""
    found = [statements.rows(UNTIL[log], [at]) for log in (EVENTS, MESSAGES)]
    return Mark(*(Place(rows[0][0] if rows else 0) for rows in found))


@dataclass(frozen=True)
class News:
    """One row of a log, and the case it belongs to."""

    case: VisibilityFacts
    user_id: int | None
    role: str
    action: str


def since(mark: Mark) -> tuple[list[News], Mark]:
    """What came behind a mark, events before messages, at most 500 rows of each log; and the new mark."""
    rows = statements.rows(SINCE, [part for place in (mark.events, mark.messages) for part in _asked(place)])
    cases = {case.pk: case for case in visibility_facts.facts_by_id(row[2] for row in rows)}
    news = [
        News(cases[case_id], user_id, role, action)
        for _log, _id, case_id, user_id, role, action in sorted(rows, key=lambda row: row[:2])
        if case_id in cases
    ]
    found = {log: [row[1] for row in rows if row[0] == log] for log in ACTION}
    return news, Mark(mark.events.after(found[EVENTS]), mark.messages.after(found[MESSAGES]))


def _asked(place: Place) -> list[Any]:
    return [place.last, [low for low, _high in place.gaps], [high for _low, high in place.gaps]]


def told(user: User, news: Sequence[News]) -> dict[str, object]:
    """What a person is told: numbers of cases they may see, and of what kind the news are; no words of anybody.

    Of a great many at once only messages are told one by one; the others are `more`.
    """
    is_much = len(news) > FEW
    return {"cases": _cases(user, [row for row in news if not is_much or row.action == "message"]), "more": is_much}


def _cases(user: User, news: Iterable[News]) -> list[dict[str, object]]:
    is_insider = timeline.is_insider(user.roles)
    heard = [row for row in news if _is_for(user, row, is_insider) and visibility_facts.sees(user, row.case)]
    heard.sort(key=lambda row: row.case.number)
    return [
        {
            "number": number,
            "what": sorted({_kind(row, user, is_insider) for row in rows}),
            "mine": any(row.case.assignee_id == user.pk for row in rows),
        }
        for number, rows in ((number, list(group)) for number, group in groupby(heard, key=lambda row: row.case.number))
    ]


def _is_for(user: User, row: News, is_insider: bool) -> bool:
    if row.action in NOTHING_CHANGED:
        return False
    return is_insider or (row.action not in wording.INTERNAL and row.action != "note")


def _kind(row: News, user: User, is_insider: bool) -> str:
    if row.action in ("message", "note"):
        is_other = row.role in OTHERS if is_insider else row.role != Role.MERCHANT
        return "said" if is_other and row.action == "message" else "wrote"
    if row.action in OPENING:
        return "opened"
    return "given" if row.action == acts.ASSIGN.name and row.user_id != user.pk else "moved"
