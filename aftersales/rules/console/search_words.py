"""What is typed into a search, as the database compares it: pairs of signs, words, names with a typo. Pure.

The same as the functions desk_folded, desk_terms and desk_name_keys of the database.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

LONGEST: Final = 120
SIGNS: Final = (
    "\u2e80-\u2fdf\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U0001f300-\U0003ffff"
)
BETWEEN_WORDS: Final = re.compile(r"[\u0001-/:-@\[-`{-\u00bf\u2000-\U0003ffff]+")
BETWEEN_NAMES: Final = re.compile(r"[\u0001-/:-@\[-`{-\u00bf\u2000-\u206f\u3000-\u303f\u30fb]+")
RUN: Final = re.compile(f"[{SIGNS}]+")
HIDDEN: Final = re.compile(r"[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")
ACCENTS: Final = re.compile("[\u0300-\u036f]")
MOST_RUNS: Final = 12
LATIN_FROM, SIGNS_FROM = 4, 3  # signs that a word has at least where one of them may be wrong
MOST_OF_NAME: Final = 4  # words
EDGES: Final = "\u2e80"


def normalised(text: str) -> str:
    """What was typed: full-width signs made plain, hidden ones gone, blanks joined, at most 120 signs."""
    return " ".join(unicodedata.normalize("NFKC", HIDDEN.sub(" ", text)).split())[:LONGEST]


def folded(text: str) -> str:
    """Without accents and capitals, as texts and names are compared."""
    bare = ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFKC", bare).lower()


@dataclass(frozen=True)
class Words:
    """A search for text: `runs` of signs that are written without blanks, and words with blanks between them."""

    runs: tuple[str, ...]
    latin: str

    @property
    def pairs(self) -> list[str]:
        """Neighbouring signs, as the index holds them."""
        return sorted({left + right for run in self.runs for left, right in pairwise(run)})

    @property
    def is_short(self) -> bool:
        """Whether it is single signs only, which the index does not hold."""
        return bool(self.runs) and not self.pairs and not self.latin

    @property
    def patterns(self) -> list[str]:
        """What a text must hold literally: pairs do not tell in which order three signs stand."""
        return [f"%{run}%" for run in self.runs if len(run) != 2]


def words_of(text: str) -> Words:
    """A normalised text as a search for text."""
    bare = folded(text)
    return Words(tuple(RUN.findall(bare)[:MOST_RUNS]), " ".join(BETWEEN_WORDS.sub(" ", bare).split()))


def name_words(text: str) -> list[str]:
    """The words of a name; none when it can hardly be one."""
    words = [word for word in BETWEEN_NAMES.split(folded(text)) if word]
    is_name = len(words) <= MOST_OF_NAME and all(len(word) > 1 and not _has_digit(word) for word in words)
    return words if is_name else []


def names_near(words: Sequence[str], names: Sequence[str]) -> list[str]:
    """Those of the names that have all words, each with at most one sign wrong; the nearest first."""
    graded = [(grade, name) for name in names if (grade := _grade(words, name_words_of(name))) is not None]
    return [name for _grade, name in sorted(graded)]


def name_words_of(name: str) -> list[str]:
    """The words of a name that somebody has."""
    return [word for word in BETWEEN_NAMES.split(folded(name)) if word]


def _grade(words: Sequence[str], name: Sequence[str]) -> int | None:
    """How many words have a typo; nothing when a word is missing."""
    wrong = 0
    for word in words:
        if word in name:
            continue
        if not any(is_typo(word, other) for other in name):
            return None
        wrong += 1
    return wrong


def is_typo(one: str, other: str) -> bool:
    """Whether two words of some length differ in one sign: wrong, missing, too many, or two neighbours swapped."""
    least = SIGNS_FROM if one[:1] >= EDGES else LATIN_FROM
    if one == other or max(len(one), len(other)) < least or abs(len(one) - len(other)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, other_rest = one[start:], other[start:]
    return (
        rest[1:] == other_rest[1:]
        or rest[1:] == other_rest
        or rest == other_rest[1:]
        or (rest[:2] == other_rest[:2][::-1] and rest[2:] == other_rest[2:])
    )


def _has_digit(word: str) -> bool:
    return any(sign.isdigit() for sign in word)
