"""Full text: the newest documents that hold all the words, among cases that somebody may see, for a bounded price.

An index of words cannot be read newest first. So the newest thousand documents are asked first, then more of them; older
ones only as far as not too many would have to be looked at: see docs/adr/0017.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from aftersales.models import User
from aftersales.queries import visibility
from aftersales.queries.cases.timeline import is_insider
from aftersales.rules.console.search_words import Words
from aftersales.rules.vocabulary import Role
from orders.db import statements

RANGES: Final = (("b", 10), ("c", 14), ("d", 18))  # signs of the index for ranges of 2 ** n documents
LOOKED_AT: Final = 20_000  # documents with the words that one search looks at, those of others too
MOST_RANGES: Final = 16  # of one size: as much as the next larger holds
RECENT: Final = 6_000  # documents in which single signs are looked for


class Said(NamedTuple):
    """A document that was found: of which case, and which message, else what the case asks for."""

    document_id: int
    case_id: int
    message_id: int | None


@dataclass(frozen=True)
class Texts:
    """What was found, newest first; `is_whole` unless older ones were left out because there are too many."""

    found: list[Said]
    is_whole: bool = True


# What the index holds is taken first, apart from who may see it: the order of the steps is not the planner's to choose.
HELD = """
    SELECT id, case_id, message_id, is_note FROM aftersales_searchdocument
    WHERE desk_terms(text, merchant_id, id) @@ (%s::tsquery && plainto_tsquery('pg_catalog.english', %s) && {ranges})
      AND numnode(plainto_tsquery('pg_catalog.english', %s)) >= %s AND text LIKE ALL (%s::text[])
    LIMIT %s"""
NEWEST_HELD = """
    SELECT id, case_id, message_id, is_note
    FROM (SELECT * FROM aftersales_searchdocument ORDER BY id DESC LIMIT %s) AS newest WHERE text LIKE ALL (%s::text[])"""
FOUND = """
WITH held AS MATERIALIZED ({held}
), seen AS (
    SELECT DISTINCT ON (case_id) id, case_id, message_id FROM held
    WHERE (%s OR NOT is_note) AND {visible} ORDER BY case_id, id DESC
)
SELECT (SELECT count(*) FROM held), s.id, s.case_id, s.message_id, {ends}
FROM (SELECT 1) AS always LEFT JOIN (SELECT * FROM seen ORDER BY id DESC LIMIT %s) AS s ON true ORDER BY s.id DESC
"""
ENDS = "(SELECT coalesce(min(id), 0) FROM aftersales_searchdocument), (SELECT coalesce(max(id), 0) FROM aftersales_searchdocument)"
LAST = "(SELECT coalesce(max(id), 0) >> {digits} FROM aftersales_searchdocument)"
THESE = "%s::tsquery"
NEWEST_TWO = "('/{sign}' || {last} || '|/{sign}' || {last} - 1)::tsquery"


def find(user: User, words: Words, limit: int) -> Texts:
    """The newest document of each of at most `limit` cases that the person may see; notes only for insiders."""
    asked = _Asked(user, words, limit)
    if words.is_short:
        return Texts(asked.single_signs())
    return _widening(asked, limit) if words.pairs or words.latin else Texts([])


def _widening(asked: "_Asked", limit: int) -> Texts:
    """The newest two ranges of each size, until there is enough, or few enough to look at all.

    Where those of one size give some, as many of them as should give enough come before larger ones.
    """
    found, held, covered = list[Said](), 0, 1
    sign, digits = RANGES[0]
    for wider_sign, wider in RANGES:
        if held * (2 << wider) > LOOKED_AT * covered:
            break
        sign, digits = wider_sign, wider
        found, held = asked.newest(sign, digits)
        first = (asked.last >> digits) - 1 << digits
        if len(found) >= limit or first <= asked.first:
            return Texts(found, is_whole=len(found) < limit)
        covered = asked.last - first + 1
        if held * (asked.last - asked.first) <= LOOKED_AT * covered:
            found, held = asked.among(THESE, "")
            return Texts(found, is_whole=len(found) < limit and held < 2 * LOOKED_AT)
        # Two ranges gave so many; twice as many ranges as that makes necessary, since hits lie unevenly.
        if found and (enough := 2 * (2 * limit // len(found))) <= MOST_RANGES:
            more = asked.in_ranges(sign, digits, enough)
            if len(more) >= limit:
                return Texts(more, is_whole=False)
    count = LOOKED_AT * covered // held >> digits
    return Texts(asked.in_ranges(sign, digits, count) if count > 2 else found, is_whole=False)


class _Asked:
    """One search: its words and its person, asked among different ranges."""

    def __init__(self, user: User, words: Words, limit: int) -> None:
        self.words, self.limit = words, limit
        visible, seen = visibility.SEEN_IDS.condition(user)
        self.visible = f"case_{visible}" if seen else visible
        self.rest = [is_insider(user.roles), *seen, limit]
        self.patterns = "{" + ",".join(f'"{pattern}"' for pattern in words.patterns) + "}"
        self.lexemes = [f"'{pair}'" for pair in words.pairs]
        if user.roles == {Role.MERCHANT}:
            self.lexemes.append(f"'/m{user.merchant_id or 0}'")

    def newest(self, sign: str, digits: int) -> tuple[list[Said], int]:
        """What is found in the newest two ranges of a size, and how many hold the words, whosever they are."""
        return self.among(NEWEST_TWO.format(sign=sign, last=LAST.format(digits=digits)))

    def in_ranges(self, sign: str, digits: int, count: int) -> list[Said]:
        """What is found in so many of the newest ranges."""
        last = self.last >> digits
        numbers = range(last, max(last - count, -1), -1)
        return self.among(THESE, "|".join(f"/{sign}{number}" for number in numbers))[0]

    def among(self, ranges: str, *these: str) -> tuple[list[Said], int]:
        """What is found among ranges, given as SQL, and how many hold the words, whosever they are."""
        least = 0 if self.words.pairs else 1  # "the" alone is no word to the index: it must not stand for everything
        lexemes, latin = " & ".join(self.lexemes), self.words.latin
        words = [lexemes, latin, *these, latin, least, self.patterns, 2 * LOOKED_AT]
        return self._found(HELD.replace("{ranges}", ranges), words)

    def single_signs(self) -> list[Said]:
        """What holds single signs, among the newest."""
        return self._found(NEWEST_HELD, [RECENT, self.patterns])[0]

    def _found(self, held: str, values: Sequence[Any]) -> tuple[list[Said], int]:
        sql = FOUND.replace("{held}", held).replace("{visible}", self.visible).replace("{ends}", ENDS)
        rows = statements.planned_once(sql, [*values, *self.rest])
        self.first, self.last = rows[0][4:]
        return [Said(*row[1:4]) for row in rows if row[1] is not None], rows[0][0]
