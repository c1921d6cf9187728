"""Full text: the newest documents that hold all the words, among cases that somebody may see, for a bounded price.

An index of words can not be read newest first. So the newest thousand documents are asked first, then more of them;
older ones only as far as not too many would have to be looked at: see docs/adr/0017.
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

RANGES: Final = (("b", 10), ("c", 14), ("d", 18))  # letters of the index for ranges of 2 ** n documents
LOOKED_AT: Final = 20_000  # documents with the words that one search looks at, those of others too
MOST_RANGES: Final = 16  # of one size: as much as the next larger holds
RECENT: Final = 6_000  # newest documents in which single characters are looked for


class Said(NamedTuple):
    """A document that was found, and its case; without a message it is the text of the application."""

    document_id: int
    case_id: int
    message_id: int | None


@dataclass(frozen=True)
class Texts:
    """What was found, newest first; `is_whole` is false where there were too many to look at the older ones."""

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
    FROM (SELECT * FROM aftersales_searchdocument ORDER BY id DESC LIMIT %s) AS newest
    WHERE text LIKE ALL (%s::text[])"""
FOUND = """
WITH held AS MATERIALIZED ({held}
), seen AS (
    SELECT DISTINCT ON (case_id) id, case_id, message_id FROM held
    WHERE (%s OR NOT is_note) AND {visible} ORDER BY case_id, id DESC
)
SELECT (SELECT count(*) FROM held), s.id, s.case_id, s.message_id, {ends}
FROM (SELECT 1) AS always LEFT JOIN (SELECT * FROM seen ORDER BY id DESC LIMIT %s) AS s ON true ORDER BY s.id DESC
"""
ENDS = """
    (SELECT coalesce(min(id), 0) FROM aftersales_searchdocument),
    (SELECT coalesce(max(id), 0) FROM aftersales_searchdocument)"""
LAST = "(SELECT coalesce(max(id), 0) >> {digits} FROM aftersales_searchdocument)"
THESE = "%s::tsquery"
NEWEST_TWO = "('/{letter}' || {last} || '|/{letter}' || {last} - 1)::tsquery"


def find(user: User, words: Words, limit: int) -> Texts:
    """The newest document with these words, of each of at most `limit` cases that the person may see.

    Notes are found by insiders only.
    """
    query = _Query(user, words, limit)
    if words.is_short:
        return Texts(query.single_characters())
    return _widening(query, limit) if words.pairs or words.latin else Texts([])


def _widening(query: "_Query", limit: int) -> Texts:
    """Look at ever larger ranges of the newest documents, for a bounded price.

    1. Read the newest two ranges of a size: enough, or nothing older, and that is the answer.
    2. Where so few hold the words that all of them can be looked at, look at all.
    3. Where some were found, read as many ranges of this size as should give enough.
    4. Else go on with the next size, unless too many documents would hold the words there.
    """
    found, held, covered = list[Said](), 0, 1
    letter, digits = RANGES[0]
    for wider_letter, wider in RANGES:
        if held * (2 << wider) > LOOKED_AT * covered:
            break
        letter, digits = wider_letter, wider
        found, held = query.newest(letter, digits)
        first = (query.last >> digits) - 1 << digits
        covered = query.last - first + 1
        if len(found) >= limit or first <= query.first:
            return Texts(found, is_whole=len(found) < limit)
        texts = _of_all(query, held, covered, limit) or _of_more(query, letter, digits, len(found), limit)
        if texts is not None:
            return texts
    count = LOOKED_AT * covered // held >> digits
    return Texts(query.in_ranges(letter, digits, count) if count > 2 else found, is_whole=False)


def _of_all(query: "_Query", held: int, covered: int, limit: int) -> Texts | None:
    """What all documents give, where so few of those covered hold the words that all can be looked at."""
    if held * (query.last - query.first) > LOOKED_AT * covered:
        return None
    found, held = query.among(THESE, "")
    return Texts(found, is_whole=len(found) < limit and held < 2 * LOOKED_AT)


def _of_more(query: "_Query", letter: str, digits: int, found_count: int, limit: int) -> Texts | None:
    """What as many ranges of this size give as should be enough, where two have given some."""
    # Twice as many as the two make necessary, since hits lie unevenly.
    count = 2 * (2 * limit // found_count) if found_count else MOST_RANGES + 1
    if count > MOST_RANGES:
        return None
    found = query.in_ranges(letter, digits, count)
    return Texts(found, is_whole=False) if len(found) >= limit else None


class _Query:
    """The query for one person and their words, to be run over different ranges of documents."""

    def __init__(self, user: User, words: Words, limit: int) -> None:
        self.words, self.limit = words, limit
        visible, seen = visibility.SEEN_IDS.condition(user)
        self.visible = f"case_{visible}" if seen else visible
        self.rest = [is_insider(user.roles), *seen, limit]
        self.patterns = "{" + ",".join(f'"{pattern}"' for pattern in words.patterns) + "}"
        self.lexemes = [f"'{pair}'" for pair in words.pairs]
        # Merchants see a small part of all documents: the index narrows to it before visibility is asked.
        if user.roles == {Role.MERCHANT}:
            self.lexemes.append(f"'/m{user.merchant_id or 0}'")

    def newest(self, letter: str, digits: int) -> tuple[list[Said], int]:
        """What is found in the newest two ranges of a size, and how many hold the words, whosever they are."""
        return self.among(NEWEST_TWO.format(letter=letter, last=LAST.format(digits=digits)))

    def in_ranges(self, letter: str, digits: int, count: int) -> list[Said]:
        """What is found in this many of the newest ranges of a size."""
        last = self.last >> digits
        numbers = range(last, max(last - count, -1), -1)
        return self.among(THESE, "|".join(f"/{letter}{number}" for number in numbers))[0]

    def among(self, ranges: str, *these: str) -> tuple[list[Said], int]:
        """What is found among ranges, given as SQL, and how many hold the words, whosever they are."""
        least = 0 if self.words.pairs else 1  # "the" alone is no word to the index: it must not stand for everything
        lexemes, latin = " & ".join(self.lexemes), self.words.latin
        words = [lexemes, latin, *these, latin, least, self.patterns, 2 * LOOKED_AT]
        return self._found(HELD.replace("{ranges}", ranges), words)

    def single_characters(self) -> list[Said]:
        """What holds single characters, among the newest documents: the index has pairs only."""
        return self._found(NEWEST_HELD, [RECENT, self.patterns])[0]

    def _found(self, held: str, values: Sequence[Any]) -> tuple[list[Said], int]:
        sql = FOUND.replace("{held}", held).replace("{visible}", self.visible).replace("{ends}", ENDS)
        rows = statements.planned_once(sql, [*values, *self.rest])
        self.first, self.last = rows[0][4:]
        return [Said(*row[1:4]) for row in rows if row[1] is not None], rows[0][0]
