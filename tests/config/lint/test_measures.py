"""What grows too large, and what is called as nothing is called any more, is found."""

from pathlib import Path

import pytest

from config.lint import measures, retired

FUNCTION = "def long():\n" + "    pass\n" * 40


def of(source, place="aftersales/queries/cases/timeline.py"):
    return list(measures.of_python(Path(place), source))


def test_a_folder_holds_fifteen_files_beside_its_init():
    folder = [Path("a") / f"{letter}.py" for letter in "bcdefghijklmnop"]

    assert list(measures.crowded_folders([*folder, Path("a/__init__.py")])) == []
    assert list(measures.crowded_folders([*folder, Path("a/q.py")])) == ["a/: 16 files, at most 15"]


@pytest.mark.parametrize("folder", ["orders/migrations", "docs/adr"])
def test_what_is_read_one_by_one_may_grow(folder):
    assert list(measures.crowded_folders([Path(folder) / f"{number}.md" for number in range(99)])) == []


def test_a_module_of_more_than_250_lines_is_found():
    assert of("x = 1\n" * 250) == []
    assert of("x = 1\n" * 251) == ["1: 251 lines, at most 250"]


def test_a_function_of_more_than_40_lines_is_found():
    assert of(FUNCTION) == ["1: long has 41 lines, at most 40"]


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("aftersales/queries/utils.py", "1: utils says nothing of what is inside"),
        ("aftersales/helpers/text.py", "1: helpers says nothing of what is inside"),
        ("aftersales/queries/owed.py", "1: owed is receivables now"),
        ("tests/aftersales/queries/test_owed.py", "1: owed is receivables now"),
    ],
)
def test_a_module_with_a_name_that_was_given_up_is_found(place, sentence):
    assert of("", place) == [sentence]


def test_a_name_that_was_given_up_is_found_in_code_and_not_in_texts():
    assert of("# Glimpse\nx = 'Glimpse'\n") == []
    assert of("x = 1\ny = Glimpse\n") == ["2: Glimpse is VisibilityFacts now"]


def test_no_name_is_one_of_today_and_of_yesterday():
    assert not {*retired.MODULES} & {*retired.MODULES.values()}
    assert not {*retired.NAMES} & {*retired.NAMES.values()}
