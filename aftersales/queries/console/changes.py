"""What has happened since a cursor in the logs of events and messages: read once for everybody, shown to each by right.

A cursor says how far both logs were read: `1234.567`. Ids are given out before their rows are committed, so a later id
may be seen before an earlier one; ranges of ids that were missing follow the position: `1234~1200-1210.567`.
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
FEW: Final = 100  # changes that are reported one by one
REACH: Final = 2000  # ids further behind than this are not waited for: their transactions were undone
MOST_GAPS: Final = 40  # more would not fit into an address
POSITION: Final = re.compile(r"(\d{1,18})((?:~\d{1,18}-\d{1,18}){0,40})")
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
class Position:
    """How far one log was read: the last id, and ranges of earlier ids that were not there yet."""

    last: int
    gaps: tuple[tuple[int, int], ...] = ()

    def after(self, found: Iterable[int]) -> "Position":
        """The position once these ids were found, beyond it or in its gaps."""
        ids = sorted(found)
        last = max([self.last, *ids])
        missing = [*self.gaps, (self.last + 1, last)] if last > self.last else list(self.gaps)
        left = [part for low, high in missing for part in _without(low, high, ids)]
        recent = [(low, high) for low, high in left if high > last - REACH]
        return Position(last, tuple(recent[-MOST_GAPS:]))

    def __str__(self) -> str:
        return "~".join([str(self.last), *(f"{low}-{high}" for low, high in self.gaps)])


def _without(low: int, high: int, ids: Sequence[int]) -> Iterable[tuple[int, int]]:
    """What is left of a range once these ids are taken out of it; `ids` are sorted."""
    for number in ids:
        if low <= number <= high:
            if low < number:
                yield low, number - 1
            low = number + 1
    if low <= high:
        yield low, high


@dataclass(frozen=True)
class Cursor:
    """How far both logs were read."""

    events: Position
    messages: Position

    def __str__(self) -> str:
        return f"{self.events}.{self.messages}"


def read_cursor(text: str) -> Cursor | None:
    """The cursor that a browser sends; None when the text is none."""
    parts = [POSITION.fullmatch(part) for part in text.split(".")] if len(text) < 4000 else []
    if len(parts) != 2 or not all(parts):
        return None
    events, messages = (_position(part[1], part[2]) for part in parts if part)
    return Cursor(events, messages)


def _position(last: str, gaps: str) -> Position:
    ranges = (gap.split("-") for gap in gaps.split("~") if gap)
    return Position(int(last), tuple((int(low), int(high)) for low, high in ranges))


def newest() -> Cursor:
    """The end of both logs; ids shortly before it that are not there yet are gaps."""
    ends = [statements.rows(NEWEST[log], [])[0][0] for log in (EVENTS, MESSAGES)]
    return since(Cursor(*(Position(max(end - MOST // 2, 0)) for end in ends)))[1]


def until(at: datetime) -> Cursor:
    """The cursor of a page that was made at this moment."""
    found = [statements.rows(UNTIL[log], [at]) for log in (EVENTS, MESSAGES)]
    return Cursor(*(Position(rows[0][0] if rows else 0) for rows in found))


@dataclass(frozen=True)
class Change:
    """One row of a log: who did what, and the case it belongs to."""

    case: VisibilityFacts
    user_id: int | None
    role: str
    action: str


def since(cursor: Cursor) -> tuple[list[Change], Cursor]:
    """What came after the cursor, events before messages, at most 500 rows of each log; and the next cursor."""
    rows = statements.rows(SINCE, [*_values(cursor.events), *_values(cursor.messages)])
    cases = {case.pk: case for case in visibility_facts.facts_by_id(row[2] for row in rows)}
    changes = [
        Change(cases[case_id], user_id, role, action)
        for _log, _id, case_id, user_id, role, action in sorted(rows, key=lambda row: row[:2])
        if case_id in cases
    ]
    found = {log: [row[1] for row in rows if row[0] == log] for log in ACTION}
    return changes, Cursor(cursor.events.after(found[EVENTS]), cursor.messages.after(found[MESSAGES]))


def _values(position: Position) -> list[Any]:
    return [position.last, [low for low, _high in position.gaps], [high for _low, high in position.gaps]]


def summary_for(user: User, changes: Sequence[Change]) -> dict[str, object]:
    """The changes that a person may know of, as a page gets them: `cases` by number with kinds, never their words.

    Of more than a hundred at once only messages are reported one by one; `more` says that there are others.
    """
    is_much = len(changes) > FEW
    reported = [change for change in changes if not is_much or change.action == "message"]
    return {"cases": _cases(user, reported), "more": is_much}


def _cases(user: User, changes: Iterable[Change]) -> list[dict[str, object]]:
    is_insider = timeline.is_insider(user.roles)
    visible = [each for each in changes if _concerns(each, is_insider) and visibility_facts.sees(user, each.case)]
    visible.sort(key=_number)
    by_case = [(number, list(group)) for number, group in groupby(visible, key=_number)]
    return [
        {
            "number": number,
            "what": sorted({_kind(each, user, is_insider) for each in group}),
            "mine": any(each.case.assignee_id == user.pk for each in group),
        }
        for number, group in by_case
    ]


def _number(change: Change) -> str:
    return change.case.number


def _concerns(change: Change, is_insider: bool) -> bool:
    if change.action in NOTHING_CHANGED:
        return False
    return is_insider or (change.action not in wording.INTERNAL and change.action != "note")


def _kind(change: Change, user: User, is_insider: bool) -> str:
    if change.action in ("message", "note"):
        # To our people buyers and merchants are the other side, to merchants everybody but themselves.
        is_other = change.role in OTHERS if is_insider else change.role != Role.MERCHANT
        return "said" if is_other and change.action == "message" else "wrote"
    if change.action in OPENING:
        return "opened"
    return "given" if change.action == acts.ASSIGN.name and change.user_id != user.pk else "moved"
