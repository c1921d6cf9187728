"""What is declared is used, and what is used is declared."""

from config.lint import dependencies


def test_imports_and_dotted_texts_name_modules():
    source = """
import a.b, c
from d.e import f
from . import g
from .h import i
INSTALLED = ["j.middleware.K", "l", "not a module", "m/n"]
def later():
    import o as p
"""

    assert set(dependencies.imported_in(source)) == {"a", "c", "d", "o"}
    assert set(dependencies.named_in(source)) == {"a", "c", "d", "o", "j", "l"}


def test_a_package_that_nothing_imports_or_runs_is_named():
    (sentence,) = dependencies.unused({"pillow", "orjson", "ruff", "types-openpyxl"}, {"PIL", "openpyxl"}, {"ruff"})

    assert sentence == "orjson is declared in pyproject.toml, but nothing imports or runs it"


def test_what_only_a_command_runs_or_pytest_loads_is_used():
    assert not list(dependencies.unused({"import-linter", "pytest-django"}, set(), {"lint-imports"}))


def test_a_module_that_only_comes_along_is_named():
    (sentence,) = dependencies.undeclared({"os", "PIL", "fontTools", "aftersales"}, {"pillow"})

    assert sentence == "fontTools is imported, but pyproject.toml does not declare fonttools"


def test_the_project_declares_what_it_uses(capsys):
    assert dependencies.main() == 0, capsys.readouterr().out
