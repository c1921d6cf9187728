"""The measures of the house: how much a folder, a module and a function may hold, and which names are gone for good.

The ceilings mean readability: what is met by packing lines is not met, and lines have a limit of their own.
"""

import ast
import io
import subprocess
import sys
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from config.lint import retired

BASE: Final = Path(__file__).resolve().parents[2]
FOLDER_FILES: Final = 15  # beside __init__.py
MODULE_LINES: Final = 250
FUNCTION_LINES: Final = 40
FREE_FOLDERS: Final = ("migrations", "docs/adr", "docs/screens")  # they grow with time, and are read one by one


def tracked(*patterns: str) -> list[Path]:
    """Files that git keeps or would keep, by pattern."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns]
    named = subprocess.run(command, cwd=BASE, capture_output=True, text=True, check=True).stdout.split("\0")
    # What is deleted and not yet committed is still listed.
    return [path for name in sorted(set(named)) if name and (path := BASE / name).is_file()]


def crowded_folders(places: Iterable[Path]) -> Iterator[str]:
    """Folders in which nobody finds anything at a glance; places are relative to the project."""
    sizes = Counter(place.parent for place in places if place.name != "__init__.py")
    for folder, size in sorted(sizes.items()):
        if size > FOLDER_FILES and not folder.as_posix().endswith(FREE_FOLDERS):
            yield f"{folder}/: {size} files, at most {FOLDER_FILES}"


def long_module(source: str) -> Iterator[str]:
    """A module that is about more than one thing."""
    count = len(source.splitlines())
    if count > MODULE_LINES:
        yield f"1: {count} lines, at most {MODULE_LINES}"


def long_functions(source: str) -> Iterator[str]:
    """Functions that no screen shows whole, signature and docstring included."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            count = (node.end_lineno or node.lineno) - node.lineno + 1
            if count > FUNCTION_LINES:
                yield f"{node.lineno}: {node.name} has {count} lines, at most {FUNCTION_LINES}"


def retired_module(place: Path) -> Iterator[str]:
    """A module or folder whose name says nothing, or is that of something that is called otherwise now."""
    for name in {place.stem.removeprefix("test_"), place.parent.name}:
        if name in retired.VAGUE:
            yield f"1: {name} says nothing of what is inside"
        elif name in retired.MODULES:
            yield f"1: {name} is {retired.MODULES[name]} now"


def retired_names(source: str) -> Iterator[str]:
    """Names in code that the glossary has replaced; words in texts and comments are free."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME and token.string in retired.NAMES:
            yield f"{token.start[0]}: {token.string} is {retired.NAMES[token.string]} now"


def of_python(place: Path, source: str) -> Iterator[str]:
    """Everything wrong with a Python module, each with its line."""
    yield from long_module(source)
    yield from long_functions(source)
    yield from retired_module(place)
    yield from retired_names(source)


def findings() -> Iterator[str]:
    """Every place that is larger than it may be, or called what nothing is called any more."""
    every = tracked("*.py", "*.html", "*.css", "*.js", "docs/*.md")
    yield from crowded_folders(path.relative_to(BASE) for path in every)
    for path in every:
        place = path.relative_to(BASE)
        if path.suffix not in (".py", ".css", ".js") or "migrations" in place.parts:
            continue
        source = path.read_text(encoding="utf-8")
        for sentence in of_python(place, source) if path.suffix == ".py" else long_module(source):
            yield f"{place}:{sentence}"


def main() -> int:
    """Say what is wrong; 1 when something is."""
    found = list(findings())
    for line in found:
        print(line)
    print(f"{len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
