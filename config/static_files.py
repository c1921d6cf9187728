"""Style sheets are written for people, one declaration a line, and stripped for the browser when they are collected."""

import re
from typing import Final

from django.core.files.base import ContentFile, File
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

PARTS: Final = re.compile(
    r"""
    (?P<dropped> /\*.*?\*/ )
    | (?P<string> "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' )
    | \s* (?P<mark> [{};,] ) \s*
    | (?P<gap> \s+ )
    """,
    re.VERBOSE | re.DOTALL,
)


class Storage(CompressedManifestStaticFilesStorage):
    """Named by content, compressed, and style sheets stripped."""

    def _save(self, name: str, content: File) -> str:
        if name.endswith(".css"):
            content = ContentFile(strip_sheet(b"".join(content.chunks()).decode()).encode())
        saved: str = super()._save(name, content)
        return saved


def strip_sheet(source: str) -> str:
    """What is left of a style sheet when everything that only its readers need is gone."""
    return PARTS.sub(_part, source).replace(";}", "}").strip()


def _part(match: re.Match[str]) -> str:
    if match["dropped"]:
        return ""
    return match["string"] or match["mark"] or " "
