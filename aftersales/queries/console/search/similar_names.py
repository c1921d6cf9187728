"""Names that differ from what was typed by one character a word: wrong, missing, too many, or two swapped."""

from typing import Final

from django.db import connection

from aftersales.rules.console import search_words

CANDIDATES: Final = 2_000  # names with the words or their neighbours, before they are compared
MOST: Final = 200  # names that cases are then looked up by
SAME_WORD: Final = "desk_name_keys(text) && desk_name_keys(%s)"


def find(text: str) -> list[str]:
    """Names with all these words, each with at most one typo, nearest first; none if it can hardly be a name."""
    words = search_words.name_words(text)
    if not words:
        return []
    # Each word alone asks the index for its neighbours; how near a whole name is only Python can tell.
    condition = " AND ".join([SAME_WORD] * len(words))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT text FROM (SELECT text FROM orders_personname WHERE {condition} LIMIT %s) AS near",  # noqa: S608 -- no word of theirs in it
            [*words, CANDIDATES],
        )
        names = [name for (name,) in cursor.fetchall()]
    return search_words.names_near(words, names)[:MOST]
