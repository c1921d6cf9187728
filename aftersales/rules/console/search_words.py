"""What is typed into a search, as the database compares it: pairs of characters, words, names with a typo.

The same rules as in the database functions desk_folded, desk_terms and desk_name_keys; a test compares both.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

LONGEST: Final = 120
# Characters of scripts that are written without spaces: Chinese, Japanese, Korean; and pictographs.
UNSPACED: Final = (
    "\u2e80-\u2fdf\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U0001f300-\U0003ffff"
)
BETWEEN_WORDS: Final = re.compile(r"[\u0001-/:-@\[-`{-\u00bf\u2000-\U0003ffff]+")
BETWEEN_NAMES: Final = re.compile(r"[\u0001-/:-@\[-`{-\u00bf\u2000-\u206f\u3000-\u303f\u30fb]+")
RUN: Final = re.compile(f"[{UNSPACED}]+")
HIDDEN: Final = re.compile(r"[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")
ACCENTS: Final = re.compile("[\u0300-\u036f]")
MOST_RUNS: Final = 12
LATIN_FROM, UNSPACED_FROM = 4, 3  # characters of a word in which one may be wrong
MOST_OF_NAME: Final = 4  # words
UNSPACED_BEGINS: Final = "\u2e80"


def normalised(text: str) -> str:
    """What was typed, in one form: full-width made plain, hidden characters removed, spaces joined; 120 characters."""
    return " ".join(unicodedata.normalize("NFKC", HIDDEN.sub(" ", text)).split())[:LONGEST]


def folded(text: str) -> str:
    """The text without accents and capitals, as texts and names are compared."""
    bare = ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFKC", bare).lower()


@dataclass(frozen=True)
class Words:
    """A full-text search: `runs` of characters written without spaces, and words between spaces."""

    runs: tuple[str, ...]
    latin: str

    @property
    def pairs(self) -> list[str]:
        """Neighbouring characters, as the index has them."""
        return sorted({left + right for run in self.runs for left, right in pairwise(run)})

    @property
    def is_short(self) -> bool:
        """Whether there are only single characters, which the index does not have."""
        return bool(self.runs) and not self.pairs and not self.latin

    @property
    def patterns(self) -> list[str]:
        """LIKE patterns of what a text must contain: pairs do not say in which order three characters stand."""
        return [f"%{run}%" for run in self.runs if len(run) != 2]


def words_of(text: str) -> Words:
    """A normalised text as a full-text search."""
    bare = folded(text)
    return Words(tuple(RUN.findall(bare)[:MOST_RUNS]), " ".join(BETWEEN_WORDS.sub(" ", bare).split()))


def name_words(text: str) -> list[str]:
    """The words of a name that was typed; none where it can hardly be a name."""
    words = [word for word in BETWEEN_NAMES.split(folded(text)) if word]
    is_name = len(words) <= MOST_OF_NAME and all(len(word) > 1 and not _has_digit(word) for word in words)
    return words if is_name else []


def names_near(words: Sequence[str], names: Sequence[str]) -> list[str]:
    """The names that have all words, each with at most one typo; those with the fewest first."""
    graded = [(grade, name) for name in names if (grade := _grade(words, name_words_of(name))) is not None]
    return [name for _grade, name in sorted(graded)]


def name_words_of(name: str) -> list[str]:
    """The words of a name that somebody has."""
    return [word for word in BETWEEN_NAMES.split(folded(name)) if word]


def _grade(words: Sequence[str], name: Sequence[str]) -> int | None:
    """How many of the words have a typo in this name; None where one is missing."""
    wrong = 0
    for word in words:
        if word in name:
            continue
        if not any(is_typo(word, other) for other in name):
            return None
        wrong += 1
    return wrong


def is_typo(one: str, other: str) -> bool:
    """Whether two words differ in one character: wrong, missing, too many, or swapped with its neighbour.

    Short words never: of three letters one other makes another name.
    """
    least = UNSPACED_FROM if one[:1] >= UNSPACED_BEGINS else LATIN_FROM
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
    return any(character.isdigit() for character in word)
