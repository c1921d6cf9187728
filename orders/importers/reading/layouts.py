"""Which columns a kind of file has; matched by name, never by position. Pure."""

import unicodedata
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Column:
    """A column under the name our code gives it, and the headings it is known by."""

    key: str
    headings: tuple[str, ...]
    is_required: bool = True


@dataclass(frozen=True)
class Layout:
    """One kind of file: its columns; the required ones tell it from others."""

    name: str
    title: str | Promise
    columns: tuple[Column, ...]
    is_optional: bool = False


def required(key: str, *headings: str) -> Column:
    """Describe a column without which the file cannot be read."""
    return Column(key, headings or (key,))


def optional(key: str, *headings: str) -> Column:
    """Describe a column that may be missing."""
    return Column(key, headings or (key,), is_required=False)


def normalised(heading: str) -> str:
    """Fold what spreadsheets and platforms change in a heading: width, case, spaces, invisible characters."""
    folded = unicodedata.normalize("NFKC", heading).casefold()
    return "".join(
        character
        for character in folded
        if not character.isspace() and unicodedata.category(character) not in ("Cf", "Cc")
    )


def places(headings: list[str], layout: Layout) -> dict[str, int]:
    """Tell at which position each known column stands; the first of two wins here, see `repeated`."""
    found: dict[str, int] = {}
    for position, heading in enumerate(map(normalised, headings)):
        found.setdefault(heading, position)
    return {
        column.key: found[name]
        for column in layout.columns
        # Reversed, so that the first heading of a column wins where a file has several of them.
        for name in reversed([normalised(heading) for heading in column.headings])
        if name in found
    }


def repeated(headings: list[str], layout: Layout) -> list[str]:
    """List the known columns that stand in the heading more than once."""
    known = {normalised(heading) for column in layout.columns for heading in column.headings}
    names = [normalised(heading) for heading in headings]
    return sorted(
        {heading for heading, name in zip(headings, names, strict=True) if name in known and names.count(name) > 1}
    )


def missing(headings: list[str], layout: Layout) -> list[str]:
    """List the required columns, by their first heading, that are not there."""
    there = places(headings, layout)
    return [column.headings[0] for column in layout.columns if column.is_required and column.key not in there]
