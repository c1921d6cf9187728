"""Templates, style sheets and scripts as people write them: `python -m config.lint.pages` exits 1 when one is not.

Lines end at 120 columns, a template after 150 lines; a line opens one tag, or holds one declaration; a script begins
with what it does and which page needs it. Longer may be: a URL, and a sentence to translate, which can not be broken.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

BASE: Final = Path(__file__).resolve().parents[2]
MAX_COLUMNS: Final = 120
MAX_LINES: Final = 150
# Tags of a sentence stand in the sentence's line.
PHRASING: Final = frozenset(
    {
        "abbr",
        "b",
        "br",
        "code",
        "em",
        "i",
        "kbd",
        "mark",
        "output",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "use",
    }
)

URL: Final = re.compile(r"""\s*(action|href|src|hx-get|hx-post)=(["']).*\2""")
SENTENCE: Final = re.compile(
    r"""\s*\{%\s*(translate\s+(["']).*\2(\s+as\s+\w+)?|firstof\s+\w+\s+_\(".*"\)(\s+as\s+\w+)?)\s*%\}"""
)
DJANGO: Final = re.compile(r"\{%.*?%\}|\{\{.*?\}\}")
START_TAG: Final = re.compile(r"<([a-z][\w-]*)")
SCRIPT_HEAD: Final = re.compile(r"// .+\n(//.*\n)*// Needed by: ")
SEVERAL: Final = re.compile(r";.*;|\{[^}]*\S[^}]*\}|[;}]\s*\S*\}|\{\s*\S+:")
IN_BRACKETS: Final = re.compile(r"""\([^()]*\)|"[^"]*"|'[^']*'|/\*.*?\*/""")

Finding = tuple[int, str]


def too_wide(lines: list[str]) -> Iterator[Finding]:
    """Lines of more columns than an editor shows beside another file."""
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_COLUMNS:
            yield number, f"{len(line)} columns, at most {MAX_COLUMNS}"


def template(source: str) -> Iterator[Finding]:
    """What is wrong with a template, line by line."""
    lines = source.splitlines()
    if len(lines) > MAX_LINES:
        yield len(lines), f"{len(lines)} lines, at most {MAX_LINES}: a part of it can be a template of its own"
    for number, sentence in too_wide(lines):
        if not URL.fullmatch(lines[number - 1]) and not SENTENCE.fullmatch(lines[number - 1]):
            yield number, sentence
    for number, line in enumerate(lines, 1):
        tags = [name for name in START_TAG.findall(DJANGO.sub("", line)) if name not in PHRASING]
        if len(tags) > 1:
            yield number, f"one tag a line, here are {', '.join(tags)}"


def sheet(source: str) -> Iterator[Finding]:
    """What is wrong with a style sheet, line by line."""
    lines = source.splitlines()
    yield from too_wide(lines)
    for number, line in enumerate(lines, 1):
        bare = IN_BRACKETS.sub("", IN_BRACKETS.sub("", line))
        if SEVERAL.search(bare):
            yield number, "one declaration a line, braces at the lines' ends"


def script(source: str) -> Iterator[Finding]:
    """What is wrong with a script, line by line."""
    yield from too_wide(source.splitlines())
    if not SCRIPT_HEAD.match(source):
        yield 1, "begins with what it does, then `// Needed by: ` and the pages or modules"


KINDS: Final = (("templates", "*.html", template), ("static/css", "*.css", sheet), ("static/js", "*.js", script))


def main() -> int:
    """Print what is wrong with templates, sheets and scripts; 1 when something is."""
    count = files = 0
    for folder, pattern, check in KINDS:
        for path in sorted((BASE / folder).rglob(pattern)):
            files += 1
            for line, sentence in check(path.read_text()):
                print(f"{path.relative_to(BASE)}:{line}: {sentence}")
                count += 1
    print(f"{count} findings in {files} files")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
