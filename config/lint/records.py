"""A fact about a move stands in its record: no table of the product, by the names of two moves or more, beside it.

`python -m config.lint.records` reads the names from aftersales/moves and prints each such table. The forms by which
people ask for moves are the one table that is meant; what plays people in the demo and the simulation has its own.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]
RECORDS = BASE / "aftersales" / "moves"
APPS = ("orders", "logistics", "aftersales", "config")
MEANT = (
    "aftersales/moves/",
    "aftersales/views/cases/moves.py",
    "aftersales/demo/",
    "aftersales/simulation/",
    "aftersales/actions/clock.py",  # who does a move when its time has come: verbs stand above the records
    "aftersales/actions/refunds/approvals.py",  # likewise for what a second person allows
)


def move_names() -> set[str]:
    """Names of all moves, read from the source of their records."""
    calls = (node for path in RECORDS.glob("*.py") for node in ast.walk(ast.parse(path.read_text())))
    return {
        str(ast.literal_eval(keyword.value))
        for call in calls
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Move"
        for keyword in call.keywords
        if keyword.arg == "name"
    }


def tables(source: str, names: set[str]) -> Iterator[tuple[int, list[str]]]:
    """Line of each dict, set, list or tuple that names two moves or more, with these names."""
    for node in ast.walk(ast.parse(source)):
        for parts in _columns(node):
            named = [part.value for part in parts if isinstance(part, ast.Constant) and part.value in names]
            if len(set(named)) > 1:
                yield parts[0].lineno, [str(name) for name in named]


def _columns(node: ast.AST) -> Iterator[list[ast.expr]]:
    """What a literal lists; of a dict its keys, and its values."""
    if isinstance(node, ast.Dict):
        yield [key for key in node.keys if key is not None]
        yield node.values
    elif isinstance(node, ast.Set | ast.List | ast.Tuple):
        yield node.elts


def main() -> int:
    """Print each table of moves beside their records; 1 when there is one, or no record was found."""
    names, count = move_names(), 0
    for path in (path for app in APPS for path in sorted((BASE / app).rglob("*.py"))):
        place = path.relative_to(BASE).as_posix()
        if place.startswith(MEANT) or "/migrations/" in place:
            continue
        for line, named in tables(path.read_text(), names):
            print(f"{place}:{line}: a table of {', '.join(named)}: it belongs into their records in aftersales/moves")
            count += 1
    print(f"{count} tables beside the records of {len(names)} moves")
    return 1 if count or not names else 0


if __name__ == "__main__":
    sys.exit(main())
