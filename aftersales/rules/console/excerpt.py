"""The part of a text in which a search has found its words, with the words marked."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

BEFORE, LENGTH = 24, 96  # characters
HIDDEN: Final = re.compile(r"[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
ENDING: Final = re.compile(r"(?<=\w\w\w)(ations?|ings?|edly|ed|ies|ied|es|s|e|y|ly)$")


class Piece(NamedTuple):
    """A piece of an excerpt; `hit` says whether it is what was searched for."""

    text: str
    hit: bool


def around(text: str, runs: Sequence[str], latin: str) -> tuple[Piece, ...]:
    """About 96 characters around the first hit; the beginning of the text where no word stands literally in it."""
    plain = " ".join(unicodedata.normalize("NFKC", HIDDEN.sub(" ", text)).split())
    pattern = _pattern(tuple(runs), latin)
    first = pattern.search(plain) if pattern else None
    start = max(0, min(first.start() - BEFORE, len(plain) - LENGTH)) if first else 0
    start = _at_a_word(plain, start)
    shown = plain[start : start + LENGTH]
    pieces = [Piece("…", False)] if start else []
    pieces += _cut(shown, pattern)
    return (*pieces, Piece("…", False)) if start + LENGTH < len(plain) else tuple(pieces)


@lru_cache(maxsize=256)
def _pattern(runs: tuple[str, ...], latin: str) -> re.Pattern[str] | None:
    """Chinese runs as they are, words with any ending: the index compares stems."""
    stems = [ENDING.sub("", word) for word in latin.split()]
    parts = [re.escape(run) for run in sorted(runs, key=len, reverse=True)]
    parts += [rf"\b{re.escape(stem)}\w*" if len(stem) > 2 else rf"\b{re.escape(stem)}\b" for stem in stems]
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def _at_a_word(text: str, start: int) -> int:
    """The start of the word that begins there or after it, if it is near."""
    space = text.find(" ", start, start + 12) if start else -1
    return start if space < 0 or not text[start].isascii() else space + 1


def _cut(text: str, pattern: re.Pattern[str] | None) -> list[Piece]:
    pieces, end = [], 0
    for hit in pattern.finditer(text) if pattern else ():
        if hit.start() > end:
            pieces.append(Piece(text[end : hit.start()], False))
        pieces.append(Piece(hit.group(), True))
        end = hit.end()
    return [*pieces, Piece(text[end:], False)] if end < len(text) else pieces
