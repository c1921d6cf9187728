"""The dictionary of canned texts: what is filled in, what stays a gap, what is no word at all."""

import re

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from aftersales.queries.conversation import placeholder_values
from aftersales.rules import phrases
from aftersales.rules.conversation import placeholders
from aftersales.rules.conversation.placeholders import BY_NAME, DICTIONARY

names = st.sampled_from(sorted(BY_NAME))
marks = st.builds(lambda name, braces: braces[0] + name + braces[1], names, st.sampled_from(["{}", "｛｝"]))
texts = st.lists(st.one_of(marks, st.text("{}｛｝ a收\n", max_size=12)), max_size=8).map("".join)


def test_every_word_is_documented_and_can_be_filled():
    assert set(placeholder_values.FACTS) == {word.code for word in DICTIONARY}
    assert len(BY_NAME) == 2 * len(DICTIONARY)
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert all(str(word.means) and word.shown_example for word in DICTIONARY)
            assert placeholders.misspelt("".join(word.shown for word in DICTIONARY)) is None


def test_the_browser_looks_for_the_same_names():
    script = (settings.BASE_DIR / "static" / "js" / "conversation" / "gaps.js").read_text()

    listed = re.search(r"const NAMES = \[(.*?)\]", script, re.DOTALL)

    assert listed and "|".join(re.findall(r'"([^"]+)"', listed[1])) == placeholders.NAMES


def test_both_names_and_both_kinds_of_braces_are_read():
    values = {"waybill": "SF1", "buyer": "Emma"}

    assert placeholders.fill("{waybill} {退货单号} ｛退货单号｝ { Buyer }", values) == "SF1 SF1 SF1 Emma"


def test_what_is_not_known_stays_and_is_named():
    text = placeholders.fill("{buyer}: {waybill}, {deadline}, {waybill}", {"buyer": "Emma", "deadline": ""})

    assert text == "Emma: {waybill}, {deadline}, {waybill}"
    assert placeholders.gaps(text) == ["{waybill}", "{deadline}"]
    assert "{waybill}, {deadline}" in placeholders.unfilled(text)
    assert placeholders.unfilled("Emma: {x} {{case.__class__}} {}") is None


def test_what_is_filled_in_is_not_filled_again():
    assert placeholders.fill("{item}", {"item": "{buyer}", "buyer": "Emma"}) == "{buyer}"


@pytest.mark.parametrize(
    ("text", "named"),
    [("{waybil}", "{waybill}"), ("{退货单}", "{退货单号}"), ("{Shops}", "{shop}"), ("a {deadlin} b", "{deadline}")],
)
def test_a_misspelt_word_is_refused_with_the_nearest(text, named):
    said = placeholders.misspelt(text)

    assert named in said
    assert text.strip("ab ") in said


@pytest.mark.parametrize("text", ["{case.__class__}", "{{settings.SECRET_KEY}}", "{0}", "{buyer!r}"])
def test_no_expression_is_a_word(text):
    assert placeholders.misspelt(text) is not None
    assert "Secret" not in placeholders.fill(text, {"buyer": "Emma"})


@given(
    texts,
    st.dictionaries(st.sampled_from([word.code for word in DICTIONARY]), st.text("{}a收", max_size=8), max_size=4),
)
def test_whatever_is_typed_what_has_no_gap_has_no_placeholder(text, values):
    filled = placeholders.fill(text, values)

    assert (placeholders.unfilled(filled) is None) == (not placeholders.used(filled))
    assert not placeholders.used(placeholders.without_gaps(filled))


@pytest.mark.parametrize(
    ("text", "language"), [("收到 OK", "zh"), ("It is broken", "en"), ("¥ 12 !", ""), ("", ""), ("👍", "")]
)
def test_the_language_is_heard(text, language):
    assert placeholders.language_of(text) == language


@pytest.mark.parametrize(
    ("name", "english", "chinese"),
    [
        ("张小雨", "Mr/Ms 张", "张先生/女士"),
        ("欧阳娜娜", "Mr/Ms 欧阳", "欧阳先生/女士"),
        ("Emma Clarke", "Emma", "Emma"),
        ("  ", "", ""),
        ("张**", "Mr/Ms 张", "张先生/女士"),
    ],
)
def test_people_are_addressed_without_their_whole_name(name, english, chinese):
    said = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said[language] = phrases.salutation(name)

    assert said == {"en": english, "zh-hans": chinese}
