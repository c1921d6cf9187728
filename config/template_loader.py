"""Templates are written for people, one tag a line, and stripped for the browser when they are loaded.

A line break with its indentation
- beside a tag, HTML or Django, is nothing;
- between words or `{{ values }}` is one space;
- between attributes is one space, before the closing `>` nothing.

A space that shall be seen stays on the line, or is written `&#32;` where the line ends there. Comments are dropped,
and so are the end tags of rows and cells, which HTML knows by what follows: a list has three hundred of them.
The text of blocktranslate is a msgid, that of pre, textarea, script and style is shown as it is: they are kept.
"""

import re
from typing import Final

from django.template import Origin
from django.template.loaders.filesystem import Loader as FilesystemLoader

DJANGO: Final = r"\{%.*?%\}|\{\{.*?\}\}"
QUOTED: Final = rf""" "(?:{DJANGO}|[^"])*+" | '(?:{DJANGO}|[^'])*+' """
ATTRIBUTES: Final = rf"(?: {DJANGO} | {QUOTED} | [^>\"'] )*+"

PARTS: Final = re.compile(
    rf"""
    (?P<dropped> \{{%\s*comment\b.*?\{{%\s*endcomment\s*%\}} | \{{\#.*?\#\}} | </t[dhr]> )
    | (?P<kept> \{{%\s*(?P<block>blocktranslate|verbatim)\b.*?\{{%\s*end(?P=block)\s*%\}} )
    | (?P<opening> <(?P<name>pre|textarea|script|style)\b{ATTRIBUTES}> )(?P<text> .*?</(?P=name)> )
    | (?P<tag> </?[a-zA-Z]{ATTRIBUTES}> )
    | (?P<django> {DJANGO} )
    | (?P<gap> \s+ )
    | (?P<space> &\#32; \s* )
    """,
    re.VERBOSE | re.DOTALL,
)
IN_TAG: Final = re.compile(rf"(?P<quoted>{QUOTED})|(?P<django>{DJANGO})|\s*\n\s*(?P<end>/?>$)?", re.VERBOSE | re.DOTALL)
IN_VALUE: Final = re.compile(rf"(?P<django>{DJANGO})|(?P<gap>\s*\n\s*)", re.VERBOSE | re.DOTALL)
AFTER_TAG: Final = (">", "%}", "#}")
BEFORE_TAG: Final = ("<", "{%", "{#")


# Only our own folder: how the templates of libraries read their line breaks is not ours to know.
class Loader(FilesystemLoader):
    """The files of TEMPLATES["DIRS"], stripped."""

    def get_contents(self, origin: Origin) -> str:
        return strip(super().get_contents(origin))


def strip(source: str) -> str:
    """What is left of a template when everything that only its readers need is gone."""
    return PARTS.sub(_part, source)


def _part(match: re.Match[str]) -> str:
    if match["dropped"]:
        return ""
    if match["gap"]:
        return _gap(match)
    if match["opening"]:
        return _tag(match["opening"]) + match["text"]
    if match["tag"]:
        return _tag(match["tag"])
    return " " if match["space"] else match[0]


def _gap(match: re.Match[str]) -> str:
    """A space on a line is meant, a line break only where it parts words."""
    if "\n" not in match[0]:
        return " "
    text, start, end = match.string, match.start(), match.end()
    at_edge = start == 0 or end == len(text)
    beside_tag = text.endswith(AFTER_TAG, 0, start) or text.startswith(BEFORE_TAG, end)
    return "" if at_edge or beside_tag else " "


def _tag(tag: str) -> str:
    return IN_TAG.sub(_in_tag, tag)


def _in_tag(match: re.Match[str]) -> str:
    if match["quoted"]:
        return IN_VALUE.sub(lambda part: part["django"] or _gap(part), match["quoted"])
    return match["django"] or match["end"] or " "
