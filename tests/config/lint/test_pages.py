"""Templates, sheets and scripts are written for people: what the check finds, and what it lets through."""

import pytest

from config.lint import pages

LONG = "a" * 121


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (f"<p>{LONG}</p>\n", "128 columns, at most 120"),
        ("<p>\n" * 151, "151 lines, at most 150: a part of it can be a template of its own"),
        ("<li><a href='/'>b</a></li>\n", "one tag a line, here are li, a"),
    ],
)
def test_a_template_is_found(source, sentence):
    assert sentence in [said for _line, said in pages.template(source)]


@pytest.mark.parametrize(
    "line",
    [
        f'  href="/{LONG}"',
        f'{{% translate "{LONG}" %}}',
        f'{{% translate "{LONG}" as text %}}',
        "<p>a <b>word</b> and <kbd>Esc</kbd></p>",
        "<p>{% if a < b %}{{ b }}{% endif %}</p>",
    ],
)
def test_a_template_may_hold_urls_sentences_and_tags_of_a_sentence(line):
    assert not list(pages.template(line))


@pytest.mark.parametrize(
    "line", ["a { color: red }", "a {color: red;", "  color: red; top: 0;", "  top: 0; }", f"  --a: {LONG};"]
)
def test_a_sheet_is_found(line):
    assert list(pages.sheet(line))


@pytest.mark.parametrize(
    "line",
    ["a:hover {", "  color: red;", "}", "  content: '; {';", "a {}", "@media (width > 60em) {", "/* a; b; */"],
)
def test_a_sheet_is_let_through(line):
    assert not list(pages.sheet(line))


def test_a_script_says_what_it_does_and_who_needs_it():
    assert list(pages.script("const a = 1;\n"))
    assert list(pages.script("// Adds.\nimport a;\n// Needed by: b.\n"))
    assert not list(pages.script("// Adds,\n// slowly.\n// Needed by: every page.\nconst a = 1;\n"))
