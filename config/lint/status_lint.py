"""Rules of this house that no linter knows: only the gate writes a status, and a status is a word of its enum.

A protected FSMField is bypassed by queryset.update(), bulk_update() and constructor + save; so those are refused
for it everywhere but in the gate. A status written as a bare string outlives the rename of its enum, and a typing
error in it is a filter that finds nothing; so it is refused in every comparison, keyword and lookup.

A rule reads nothing: what it has to know is handed to it, so that it is the same for one case and for many.

Likewise: who catches an IntegrityError says which constraint is expected, or a fault would pass for a refusal.
"""

import ast
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]
APPS = ("orders", "logistics", "aftersales", "config")
GATES = {Path("aftersales/actions/gate.py")}
STATES = frozenset({"status", "todo"})  # what holds a word of an enum wherever it stands
LOOKUPS = STATES | {"outcome"}  # a gateway's answer has an outcome too, which its own type checks
READING = frozenset(
    {"objects", "filter", "exclude", "aggregate", "annotate", "exists", "all", "values_list", "order_by"}
)
ANSWERS = frozenset({"Reply", "replace"})


def protected_fields() -> dict[str, str]:
    """Model name → its protected FSMField, read from the models' source."""
    found: dict[str, str] = {}
    for path in BASE.glob("*/models/**/*.py"):
        for model in ast.parse(path.read_text()).body:
            if isinstance(model, ast.ClassDef):
                found.update((model.name, field) for field in _protected_in(model))
    return found


def _protected_in(model: ast.ClassDef) -> Iterator[str]:
    for node in model.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or not isinstance(node.value, ast.Call):
            continue
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        keywords = {keyword.arg: keyword.value for keyword in node.value.keywords}
        flag = keywords.get("protected")
        if isinstance(flag, ast.Constant) and flag.value is True and isinstance(target, ast.Name):
            yield target.id


def breaches(source: str, fields: dict[str, str]) -> Iterator[tuple[int, str]]:
    """Line and sentence of each write of a protected field that goes around the gate."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = _name(node.func)
        written = {keyword.arg for keyword in node.keywords}
        if name in fields and fields[name] in written:
            yield node.lineno, f"{name}({fields[name]}=…): build it without, its first status is the default"
        elif name in {"update", "update_or_create", "create"} and _may_be(node.func, fields, written):
            yield node.lineno, f".{name}() of a protected status: go through the gate"
        elif name == "bulk_update" and set(fields.values()) & _listed(node):
            yield node.lineno, ".bulk_update() of a protected status: go through the gate"


def bare_states(source: str) -> Iterator[tuple[int, str]]:
    """Line and sentence of each status that is written as a string: `status="open"`, `.status in ("new", "done")`."""
    for node in ast.walk(ast.parse(source)):
        for name, value in _uses(node):
            for word in _words(value):
                yield value.lineno, f'{name} "{word}": write the word of its enum'


def _uses(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Fields of a state with what they are compared with, or set to."""
    if isinstance(node, ast.Call):
        for keyword in node.keywords:
            name = (keyword.arg or "").removesuffix("__in").rpartition("__")[2]
            if name in (STATES if _name(node.func) in ANSWERS else LOOKUPS):
                yield name, keyword.value
    elif isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        for one, other in [*pairwise(sides), *pairwise(sides[::-1])]:
            if _name(one) in STATES:
                yield _name(one), other
    elif isinstance(node, ast.Assign):
        yield from ((_name(target), node.value) for target in node.targets if _name(target) in STATES)


def _words(value: ast.expr) -> Iterator[str]:
    """Strings that a value may be; the empty one is no state."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
        yield value.value
    elif isinstance(value, ast.Tuple | ast.List | ast.Set):
        for part in value.elts:
            yield from _words(part)
    elif isinstance(value, ast.IfExp):
        yield from _words(value.body)
        yield from _words(value.orelse)


def blind_catches(source: str) -> Iterator[tuple[int, str]]:
    """Each catch of an IntegrityError in a module that never asks which constraint was broken."""
    tree = ast.parse(source)
    if any(isinstance(node, ast.Call) and _name(node.func) == "broken" for node in ast.walk(tree)):
        return
    for node in ast.walk(tree):
        caught = node.type if isinstance(node, ast.ExceptHandler) else None
        if caught is not None and any(_name(part) == "IntegrityError" for part in ast.walk(caught)):
            yield caught.lineno, "except IntegrityError: ask constraints.broken() whether it is the expected one"


def asked_by_name(source: str) -> Iterator[tuple[int, str]]:
    """Each model that is looked up by its name: an import that no contract sees."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _name(node.func) == "get_model":
            yield node.lineno, "get_model(): import the model, or have the caller hand over what is missing"


def reads(source: str) -> Iterator[tuple[int, str]]:
    """Line and sentence of each read of the database in a rule: sums and facts arrive as arguments."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in READING:
            yield node.lineno, f".{node.attr} in a rule: queries read, rules get facts"


def _may_be(function: ast.expr, fields: dict[str, str], written: set[str | None]) -> bool:
    """Whether the queryset called is one of a protected model: named so, or reached as `refunds`, `cases`."""
    words = {_name(part) for part in ast.walk(function) if isinstance(part, ast.Name | ast.Attribute)}
    return any(field in written and {model, f"{model.lower()}s"} & words for model, field in fields.items())


def _listed(call: ast.Call) -> set[str]:
    return {part.value for part in ast.walk(call) if isinstance(part, ast.Constant) and isinstance(part.value, str)}


def _name(node: ast.expr | ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _all(place: Path, fields: dict[str, str]) -> Iterator[tuple[int, str]]:
    source = (BASE / place).read_text()
    yield from breaches(source, fields)
    yield from bare_states(source)
    yield from blind_catches(source)
    yield from asked_by_name(source)
    if "rules" in place.parts:
        yield from reads(source)


def main() -> int:
    """Print each breach; 1 when there is one, or no protected field was found."""
    fields = protected_fields()
    found = [f"{place}:{line}: {sentence}" for place in _places() for line, sentence in _all(place, fields)]
    for line in found:
        print(line)
    names = ", ".join(f"{model}.{field}" for model, field in sorted(fields.items()))
    print(f"{len(found)} breaches; protected: {names}")
    return 1 if found or not fields else 0


def _places() -> Iterator[Path]:
    for app in APPS:
        for path in sorted((BASE / app).rglob("*.py")):
            place = path.relative_to(BASE)
            if place not in GATES and "migrations" not in place.parts:
                yield place


if __name__ == "__main__":
    sys.exit(main())
