"""Contracts of imports that import-linter does not bring along; pyproject.toml names them as types of contracts."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from importlinter import Contract, ContractCheck, fields, output

Imports = Mapping[str, Iterable[str]]


class Graph(Protocol):
    """What import-linter hands to a contract."""

    @property
    def modules(self) -> set[str]:
        """Names of all modules."""

    def find_modules_directly_imported_by(self, module: str) -> set[str]:
        """Names of the modules that this one imports."""


class NoCircles(Contract):
    """No module imports itself by way of others, in whatever packages they stand."""

    type_name = "no_circles"

    def check(self, graph: Graph, verbose: bool) -> ContractCheck:
        """Kept when there is no circle."""
        # Not by packages, as acyclic_siblings does: ours meet at several levels, while their modules do not.
        imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
        found = list(circles(imports))
        return ContractCheck(kept=not found, metadata={"circles": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Each circle on a line."""
        for circle in check.metadata["circles"]:
            output.print_error(" → ".join([*circle, circle[0]]))


class Leaves(Contract):
    """Nouns that others may use and that do not know each other: each can be taken out by itself.

    A module belongs to a leaf when a part of its name says so: `bulk`, `bulk_rows` and `views.imports.uploads` do.
    """

    type_name = "leaves"
    container = fields.StringField()
    leaves = fields.ListField(subfield=fields.StringField())

    def check(self, graph: Graph, verbose: bool) -> ContractCheck:
        """Kept when no module of a leaf imports one of another leaf."""
        leaves = {module: leaf_of(module, self.leaves) for module in graph.modules}  # type: ignore[arg-type]
        found = [
            (importer, imported)
            for importer, leaf in sorted(leaves.items())
            if leaf and importer.startswith(f"{self.container}.")
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if imported.startswith(f"{self.container}.") and leaves[imported] not in ("", leaf)
        ]
        return ContractCheck(kept=not found, metadata={"imports": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Each import between leaves on a line."""
        for importer, imported in check.metadata["imports"]:
            output.print_error(f"{importer} imports {imported}, which belongs to another leaf")


def leaf_of(module: str, leaves: Iterable[str]) -> str:
    """The leaf that a module belongs to; empty for none. `stock_counts` is of stock, `restocking` is not."""
    parts = [f"_{part}_" for part in module.split(".")]
    named = (leaf for leaf in leaves for part in parts if f"_{leaf}_" in part or f"_{leaf}s_" in part)
    return next(named, "")


def circles(imports: Imports) -> Iterator[list[str]]:
    """A circle for each module that begins one; none where imports go one way. The walk is depth first:

    1. A module without imports that are not yet walked is done: nothing behind it leads back.
    2. A module that is met again while it is on the path closes a circle, which is the path since it was met.
    """
    done: set[str] = set()
    for start in sorted(imports):
        if start not in done:
            yield from _circles_from(start, imports, done)


def _circles_from(start: str, imports: Imports, done: set[str]) -> Iterator[list[str]]:
    path = {start: iter(sorted(imports[start]))}
    while path:
        module = next(reversed(path))
        following = next(path[module], None)
        if following is None:
            path.popitem()
            done.add(module)
        elif following in path:
            yield [*path][[*path].index(following) :]
        elif following not in done:
            path[following] = iter(sorted(imports.get(following, ())))
