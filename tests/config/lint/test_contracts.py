"""Imports in circles, and leaves that know each other, are found."""

import pytest

from config.lint import contracts


class Graph:
    def __init__(self, imports):
        self.imports, self.modules = imports, set(imports)

    def find_modules_directly_imported_by(self, module):
        return self.imports[module]


def leaves(imports):
    options = {"container": "aftersales", "leaves": ["bulk", "import", "saved_view"]}
    return contracts.Leaves("Leaves", {}, options).check(Graph(imports), verbose=False)


def test_imports_that_go_one_way_hold_no_circle():
    assert list(contracts.circles({"a": {"b", "c"}, "b": {"c", "d"}, "c": {"d"}, "d": set()})) == []


@pytest.mark.parametrize(
    ("imports", "circle"),
    [
        ({"a": {"b"}, "b": {"a"}}, ["a", "b"]),
        ({"a": {"b"}, "b": {"c"}, "c": {"d"}, "d": {"b"}}, ["b", "c", "d"]),
        ({"a": {"a"}}, ["a"]),
    ],
)
def test_a_circle_is_told_module_by_module(imports, circle):
    check = contracts.NoCircles("No circles", {}, {}).check(Graph(imports), verbose=False)

    assert not check.kept
    assert check.metadata["circles"] == [circle]


@pytest.mark.parametrize(
    ("module", "leaf"),
    [
        ("aftersales.actions.console.bulk", "bulk"),
        ("aftersales.actions.console.bulk_rows", "bulk"),
        ("aftersales.queries.console.saved_views", "saved_view"),
        ("aftersales.views.imports.uploads", "import"),
        ("aftersales.rules.important", ""),
    ],
)
def test_a_module_belongs_to_the_leaf_that_its_name_says(module, leaf):
    assert contracts.leaf_of(module, ["bulk", "import", "saved_view"]) == leaf


def test_a_leaf_may_import_its_own_modules_and_those_of_no_leaf():
    imports = {"aftersales.bulk": {"aftersales.bulk_rows", "aftersales.cases"}, "aftersales.bulk_rows": set()}

    assert leaves({**imports, "aftersales.cases": {"aftersales.bulk"}}).kept


def test_a_leaf_that_imports_another_leaf_breaks_the_contract():
    check = leaves({"aftersales.bulk": {"aftersales.saved_views"}, "aftersales.saved_views": set()})

    assert check.metadata["imports"] == [("aftersales.bulk", "aftersales.saved_views")]
