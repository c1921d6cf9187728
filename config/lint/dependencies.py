"""Declared is used, and used is declared: the packages of pyproject.toml beside what the code imports.

Used is what is imported, what a dotted text such as those of the settings names, and what a tool's command runs.
"""

import ast
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.metadata import distribution, packages_distributions
from itertools import chain
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]
PRODUCT = ("manage.py", "config", "orders", "logistics", "aftersales")
TESTS = ("tests",)
COMMANDS = ("Makefile", ".ci", "config/lint/checks.py")
BY_PYTEST = {"pytest-django"}  # pytest loads it by itself, and tests name only its marks and fixtures
NAME = re.compile(r"[A-Za-z0-9._-]+")
DOTTED = re.compile(r"[A-Za-z_]\w*(\.\w+)*")


def main() -> int:
    """Print what is declared and unused, or used and undeclared; 1 when there is any."""
    project = tomllib.loads((BASE / "pyproject.toml").read_text())
    needed, dev = _names(project["project"]["dependencies"]), _names(project["dependency-groups"]["dev"])
    product, tests, commands = _sources(PRODUCT), _sources(TESTS), _words(project["tool"]["mypy"]["plugins"])
    found = [
        *unused(needed, _all(named_in, product), commands),
        *unused(dev, _all(named_in, product + tests), commands),
        *undeclared(_all(imported_in, product + tests), needed | dev),
    ]
    print("\n".join(found) or f"{len(needed)} packages and {len(dev)} of development, each of them used.")
    return 1 if found else 0


def unused(declared: Iterable[str], modules: set[str], commands: set[str]) -> Iterator[str]:
    """A sentence for each package that neither the code nor a command names."""
    for name in sorted(set(declared) - BY_PYTEST):
        provided = {module for module, sources in _installed().items() if name in sources}
        scripts = {entry.name for entry in distribution(name).entry_points if entry.group == "console_scripts"}
        if not modules & provided and not commands & {name, *provided, *scripts}:
            yield f"{name} is declared in pyproject.toml, but nothing imports or runs it"


def undeclared(modules: set[str], declared: set[str]) -> Iterator[str]:
    """A sentence for each module that is imported, but only comes along with something else."""
    for module in sorted(modules - sys.stdlib_module_names):
        sources = _installed().get(module, set())
        if sources and not sources & declared:
            yield f"{module} is imported, but pyproject.toml does not declare {' or '.join(sorted(sources))}"


def imported_in(source: str) -> Iterator[str]:
    """The first names of the modules that Python source imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def named_in(source: str) -> Iterator[str]:
    """These, and the first names of dotted texts, such as those of the settings."""
    yield from imported_in(source)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and DOTTED.fullmatch(node.value):
            yield node.value.partition(".")[0]


@cache
def _installed() -> dict[str, set[str]]:
    """Which packages a module comes from; stubs stand for what they describe."""
    found = defaultdict[str, set[str]](set)
    for module, sources in packages_distributions().items():
        found[module.removesuffix("-stubs")].update(map(_normal, sources))
    return found


def _sources(places: Iterable[str]) -> list[str]:
    files = chain.from_iterable(_files(BASE / place, "*.py") for place in places)
    return [file.read_text() for file in files if "migrations" not in file.parts]


def _all(read: Callable[[str], Iterable[str]], sources: Iterable[str]) -> set[str]:
    return set(chain.from_iterable(map(read, sources)))


def _words(plugins: Iterable[str]) -> set[str]:
    """Words of what runs tools, and the modules that a tool loads."""
    files = chain.from_iterable(_files(BASE / place, "*") for place in COMMANDS)
    return set(re.findall(r"[\w-]+", " ".join([*(file.read_text() for file in files), *plugins])))


def _files(path: Path, pattern: str) -> list[Path]:
    return [file for file in path.rglob(pattern) if file.is_file()] if path.is_dir() else [path]


def _names(requirements: Iterable[str]) -> set[str]:
    return {_normal(found.group()) for found in map(NAME.match, requirements) if found}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main())
