"""What the browser gets of a template: nothing that only its readers need, and every space that is seen."""

import pytest
from django.template import engines

from config.template_loader import Loader, strip


@pytest.mark.parametrize(
    ("written", "loaded"),
    [
        ("<ul>\n  <li>\n    {{ a }}\n  </li>\n</ul>\n", "<ul><li>{{ a }}</li></ul>"),
        ("<b>a</b>\n<b>b</b>", "<b>a</b><b>b</b>"),
        ("{% if a %}\n  yes\n{% else %}\n  no\n{% endif %}\n", "{% if a %}yes{% else %}no{% endif %}"),
        ("some\n  words and\n  {{ a }}\n  {{ value }}", "some words and {{ a }} {{ value }}"),
        ("<b>a</b> <b>b</b>", "<b>a</b> <b>b</b>"),
        ("<b>a</b>&#32;\n<b>b</b>", "<b>a</b> <b>b</b>"),
        ("{% if a %}\n  &#32;· {{ a }}\n{% endif %}", "{% if a %} · {{ a }}{% endif %}"),
    ],
    ids=["tags", "inline tags", "branches", "words", "a space on the line", "a space at its end", "at its beginning"],
)
def test_a_line_break_beside_a_tag_is_nothing_and_between_words_a_space(written, loaded):
    assert strip(written) == loaded


@pytest.mark.parametrize(
    ("written", "loaded"),
    [
        ('<a\n  class="b"\n  href="c"\n>', '<a class="b" href="c">'),
        (
            '<a\n  {% if b > 1 %}hidden{% endif %}\n  title="d > e"\n>',
            '<a {% if b > 1 %}hidden{% endif %} title="d > e">',
        ),
        ('<p class="a\n  {% if b %} c{% endif %}\n  {% if d %} e{% endif %}">', None),
        ("<i data-a='{\n  \"b\": 1\n}'>", "<i data-a='{ \"b\": 1 }'>"),
    ],
    ids=["attributes", "conditions", "a value of parts", "a value in JSON"],
)
def test_line_breaks_part_attributes(written, loaded):
    assert strip(written) == (loaded or '<p class="a{% if b %} c{% endif %}{% if d %} e{% endif %}">')


def test_comments_are_dropped():
    assert strip("{% load i18n %}\n{% comment %}\nof a template\n{% endcomment %}\n{# a line #}\n<p>") == (
        "{% load i18n %}<p>"
    )


def test_end_tags_of_cells_are_left_to_html():
    written = "<tr>\n  <th>a</th>\n  <td>{{ b }}</td>\n</tr>\n<tr>"

    assert strip(written) == "<tr><th>a<td>{{ b }}<tr>"


@pytest.mark.parametrize(
    "kept",
    [
        "{% blocktranslate trimmed %}\n  One\n  sentence\n{% endblocktranslate %}",
        "{% verbatim %}\n  {{ a }}\n{% endverbatim %}",
        "<pre>\n  a\n    b\n</pre>",
        "<textarea>\n{{ a }}\n</textarea>",
    ],
)
def test_texts_are_kept_as_they_stand(kept):
    assert strip(f"<p>\n  {kept}\n</p>") == f"<p>{kept}</p>"


def test_stripping_twice_changes_nothing_more():
    for template in Loader(engines["django"].engine, dirs=None).get_dirs():
        for path in template.rglob("*.html"):
            once = strip(path.read_text())
            assert strip(once) == once, path


def test_our_templates_are_loaded_stripped():
    template = engines["django"].get_template("base.html")

    assert "\n" not in template.template.source
