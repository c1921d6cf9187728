"""Rules of this house that no linter knows: only the gate writes a status.

A protected FSMField is bypassed by queryset.update(), bulk_update() and constructor + save; so those are refused
for it everywhere but in the gate.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
APPS = ("orders", "logistics", "aftersales", "config")
GATES = {Path("aftersales/actions/gate.py")}


def protected_fields() -> dict[str, str]:
    """Model name → its protected FSMField, read from the models' source."""
    found: dict[str, str] = {}
    for path in BASE.glob("*/models/*.py"):
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


def main() -> int:
    fields = protected_fields()
    count = 0
    for app in APPS:
        for path in sorted((BASE / app).rglob("*.py")):
            place = path.relative_to(BASE)
            if place in GATES or "migrations" in place.parts:
                continue
            for line, sentence in breaches(path.read_text(), fields):
                print(f"{place}:{line}: {sentence}")
                count += 1
    print(f"{count} breaches; protected: {', '.join(f'{model}.{field}' for model, field in sorted(fields.items()))}")
    return 1 if count or not fields else 0


if __name__ == "__main__":
    sys.exit(main())
