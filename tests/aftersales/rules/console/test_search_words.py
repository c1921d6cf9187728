"""What is typed into a search, made comparable; and what counts as a typo."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.rules.console import excerpt, search_words
from aftersales.rules.console.search_words import is_typo, name_words, names_near, normalised, words_of


@pytest.mark.parametrize(
    ("typed", "read"),
    [("ＴＢ－７７", "TB-77"), ("  two\u3000 blanks\t", "two blanks"), ("a\0b", "a b"), ("\u202eabc\u200b", "abc"),
     ("x" * 500, "x" * 120), ("\ud800", ""), ("", "")],
)  # fmt: skip
def test_what_is_typed_is_made_plain(typed, read):
    assert normalised(typed) == read


def test_signs_without_blanks_become_pairs_and_words_stay_words():
    words = words_of("「退款」什么时候, Refund REFUNDED!")

    assert words.runs == ("退款", "什么时候")
    assert words.pairs == ["么时", "什么", "时候", "退款"]
    assert words.latin == "refund refunded"
    assert words.patterns == ["%什么时候%"]


@pytest.mark.parametrize("text", ["", "!?", "%", "\\", "'&|!<->():*", "…。、"])
def test_punctuation_and_operators_are_no_words(text):
    words = words_of(normalised(text))

    assert not (words.pairs or words.latin or words.runs)


@given(st.text(max_size=300))
def test_any_text_is_read(text):
    words = words_of(normalised(text))

    assert all(len(pair) == 2 and not set(pair) & set("'\\ %_&|!<>():*\"{},") for pair in words.pairs)
    assert not set(words.latin) & set("'\\%_&|!<>():*\0")


@pytest.mark.parametrize(
    ("one", "other"),
    [("hansen", "hanson"), ("hansen", "hanse"), ("hansen", "hanssen"), ("hansen", "hasnen"), ("anna", "amna"),
     ("张小雨", "张晓雨"), ("欧阳锋", "欧阳峰"), ("欧阳锋", "欧阳"), ("王伟芳", "王芳伟")],
)  # fmt: skip
def test_one_wrong_sign_is_a_typo(one, other):
    assert is_typo(one, other)
    assert is_typo(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("hansen", "hansen"), ("hansen", "jansson"), ("ann", "amn"), ("hansen", "ha"), ("张伟", "张三"),
     ("张小雨", "张大雷"), ("hansen", "nesnah"), ("", ""), ("", "abcd")],
)  # fmt: skip
def test_two_wrong_signs_or_short_words_are_none(one, other):
    assert not is_typo(one, other)
    assert not is_typo(other, one)


def test_every_word_must_be_in_the_name_and_the_nearest_comes_first():
    names = ["Otto Hanson", "Otto Hansen", "Olga Hansen", "Hansen, Otto", "OTTO HÁNSEN"]

    assert names_near(["otto", "hansen"], names) == ["Hansen, Otto", "OTTO HÁNSEN", "Otto Hansen", "Otto Hanson"]


@pytest.mark.parametrize("text", ["SO-000123", "a", "one two three four five", "退", ""])
def test_what_can_hardly_be_a_name_is_not_looked_for_among_them(text):
    assert name_words(text) == []


def shown(text, typed):
    words = words_of(normalised(typed))
    return "".join(
        f"[{piece.text}]" if piece.hit else piece.text for piece in excerpt.around(text, words.runs, words.latin)
    )


def test_an_excerpt_stands_around_the_first_hit_and_marks_each():
    long = "很久很久以前" * 20 + "我要申请退款，请尽快退款。" + "谢谢" * 60

    assert shown(long, "退款").startswith("…")
    assert shown(long, "退款").endswith("…")
    assert shown(long, "退款").count("[退款]") == 2
    assert shown("We refunded it; REFUNDS take days", "refund") == "We [refunded] it; [REFUNDS] take days"
    assert shown("a < b & c <script>", "script") == "a < b & c <[script]>"
    assert shown("Dress", "nothing here") == "Dress"
    assert shown("", "退款") == ""


@given(st.text(max_size=400), st.text(max_size=40))
def test_an_excerpt_is_short_whatever_the_text(text, typed):
    pieces = excerpt.around(text, words_of(normalised(typed)).runs, words_of(normalised(typed)).latin)

    assert sum(len(piece.text) for piece in pieces) <= excerpt.LENGTH + 2


def test_what_the_server_does_to_texts_is_what_is_done_here():
    assert search_words.folded("Ｊosé Ⅷ カﾞ É 退款") == "jose viii ガ e 退款"
