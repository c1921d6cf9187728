"""Hours of a day in which a shop works, written 09:00-12:00, 13:00-18:00; 24:00 is the end of the day."""

import re
import unicodedata
from datetime import time
from functools import lru_cache
from itertools import pairwise
from typing import Final, TypeAlias

Hours: TypeAlias = tuple[tuple[time, time], ...]

MIDNIGHT: Final = time(0)
DAYS_END: Final = "24:00"
# Hours and minutes with two figures: as texts they sort as they come in the day.
INTERVAL: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)")


def normalised(text: str) -> str:
    """The hours as they are stored: 09:00-12:00,13:00-18:00, whatever spaces, dashes and commas somebody types."""
    bare = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).translate(str.maketrans("–—~至到、;", "-----,,"))
    return ",".join(_two_figures(part) for part in bare.split(",") if part)


def _two_figures(interval: str) -> str:
    return "-".join(moment.zfill(5) for moment in interval.split("-"))


@lru_cache(maxsize=256)
def parsed(text: str) -> Hours:
    """Beginnings and ends, in order; an end of 00:00 is midnight. ValueError where one ends after the next begins."""
    intervals = text.split(",")
    moments = [moment for interval in intervals for moment in interval.split("-")]
    if not all(INTERVAL.fullmatch(interval) for interval in intervals):
        raise ValueError("hours are written 09:00-12:00,13:00-18:00")
    if any(earlier >= later for earlier, later in pairwise(moments)):
        raise ValueError("hours follow each other and never meet")
    return tuple((time.fromisoformat(begins), _end(ends)) for begins, ends in (one.split("-") for one in intervals))


def said(text: str) -> str:
    """Stored hours as a person reads them: 09:00–12:00, 13:00–18:00."""
    return text.replace("-", "–").replace(",", ", ")


def _end(moment: str) -> time:
    return MIDNIGHT if moment == DAYS_END else time.fromisoformat(moment)
