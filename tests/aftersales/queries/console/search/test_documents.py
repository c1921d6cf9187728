"""Full text: Chinese and English, within what somebody may see, the newest first, for a bounded price."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftersales.actions.cases import decisions as cases
from aftersales.actions.conversation import messages
from aftersales.models import Case, Message, SearchDocument, Team, User
from aftersales.queries.console.search import documents, reasons, search
from aftersales.queries.console.search.ways import Why
from aftersales.rules.console import search_words
from aftersales.rules.vocabulary import Role
from tests.aftersales.many import many
from tests.factories import NOON, MerchantFactory, opened, sold
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(supervisor):
    return User.objects.get(pk=supervisor.user_id)


@pytest.fixture
def case(order, buyer):
    return opened(order, by=buyer, description="袖口有一点开线")


@pytest.fixture
def said(case, buyer, agent):
    """What the two of them and a colleague have written."""
    messages.send(case.pk, "您好，收到的裙子有色差😡，想申请退款！", by=buyer, at=NOON)
    messages.send(case.pk, "We have refunded the DRESSES; it’s 100% done, José.Thanks", by=agent, at=NOON)
    messages.note(case.pk, "内部：买家情绪激动 suspicious", by=agent, at=NOON)
    return case


FOUND = [
    "退款", "申请退款", "想申请退款", "色差", "裙子有色差", "差", "😡", "色差😡", "refund", "Refunds", "REFUNDED",
    "dress", "dresses", "jose", "José", "thanks", "ｒｅｆｕｎｄ", "　退款　", "「退款」", "退款 色差", "refund 退款",
    "100", "退款!", "开线", "袖口有一点开线", "连衣裙", "suspicious", "情绪激动",
]  # fmt: skip


@pytest.mark.parametrize("text", FOUND)
def test_a_case_is_found_by_what_is_said_in_it(text, said, boss):
    together = "refund 退款"  # stands in two messages: words are looked for in one text

    found = search.cases(boss, text)

    assert (set(found.why) == {said.pk}) is (text != together)


NOTHING = [
    "退货", "款退", "色退款", "请退差", "refunding policy", "undress", "抑郁", "%", "_", "\\", "'", "\"", "&", "!退货",
    "a | b", "<->", ":*", "😀", "x" * 10_000, "退" * 10_000, "\0", "{}", "{\"a\"}", "', ''); DROP TABLE", "the", "/m1",
    "/b0", "'/d0'",
]  # fmt: skip


@pytest.mark.parametrize("text", NOTHING)
def test_nonsense_and_operators_find_nothing_and_break_nothing(text, said, boss):
    assert search.cases(boss, text).why == {}
    assert search.orders(boss, text) == {}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(max_size=150))
def test_no_text_breaks_the_search(text, boss):
    search.cases(boss, text)
    search.orders(boss, text)


def test_the_excerpt_marks_the_words_and_says_where_they_stand(said, boss):
    def reason(text):
        return reasons.of(search.cases(boss, text), text, [said.pk])[said.pk]

    assert reason("退款").label == "message"
    assert [piece.text for piece in reason("退款").pieces if piece.hit] == ["退款"]
    assert [piece.text for piece in reason("refund").pieces if piece.hit] == ["refunded"]
    assert reason("激动").label == "note"
    assert reason("开线").label == "what was asked for"


def test_notes_are_found_by_insiders_alone(said, shop, boss, agent_user):
    merchant = person("merchant", Role.MERCHANT, merchant=shop)

    for text in ("情绪激动", "suspicious", "激"):
        assert set(search.cases(boss, text).why) == {said.pk}
        assert set(search.cases(agent_user, text).why) == {said.pk}
        assert search.cases(merchant, text).why == {}
    assert set(search.cases(merchant, "退款").why) == {said.pk}


@pytest.mark.parametrize("text", ["退款", "refund", "开线", "连衣裙", "差"])
def test_nobody_finds_what_is_said_in_cases_of_others(text, said, shop):
    other = Team.objects.create(name="Other")
    Case.objects.filter(pk=said.pk).update(team=other)
    stranger = person("stranger", Role.MERCHANT, merchant=MerchantFactory())
    elsewhere = person("elsewhere", Role.AGENT)
    elsewhere.teams.add(Team.objects.create(name="Elsewhere"))
    gone = person("gone", Role.SUPERVISOR, is_active=False)
    buyer = person("somebody", Role.AGENT)
    buyer.roles = frozenset({Role.BUYER})  # buyers have no login, so there is no group of them
    inside = person("inside", Role.AGENT)
    inside.teams.add(other)

    for who in (stranger, elsewhere, buyer, gone):
        found = search.cases(who, text)
        assert (found.why, found.is_whole) == ({}, True)
        assert search.orders(gone, text) == {}
    assert set(search.cases(inside, text).why) == {said.pk}


def test_what_is_changed_or_taken_back_is_found_as_it_is_now(said, boss):
    message = Message.objects.get(case=said, body__contains="退款")

    Message.objects.filter(pk=message.pk).update(body="改成换货")
    assert not search.cases(boss, "申请退款").why
    assert search.cases(boss, "换货").why
    Message.objects.filter(pk=message.pk).update(is_note=True)
    assert SearchDocument.objects.get(message=message).is_note
    message.delete()
    assert not search.cases(boss, "换货").why
    Case.objects.filter(pk=said.pk).update(description="缺少纽扣")
    assert search.cases(boss, "纽扣").why
    assert not search.cases(boss, "开线").why


def test_a_move_leaves_the_documents_alone(said, agent):
    def versions():
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, xmin::text, ctid::text FROM aftersales_searchdocument ORDER BY id")
            return cursor.fetchall()

    before = versions()

    cases.approve(said.pk, by=agent, at=NOON)

    assert versions() == before


def speak(cases, text):
    return Message.objects.bulk_create(Message(case=case, role="buyer", body=text, sent_at=NOON) for case in cases)


def much_is_said():
    """Two million documents lie between what was said and what will be."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(s, nextval(s) + 2000000) FROM pg_get_serial_sequence('aftersales_searchdocument', 'id') s"
        )


def test_the_newest_are_found_first_and_no_more_than_asked_for(case, boss):
    others = list(many(case, 12))
    speak(others, "霉斑很多")

    texts = documents.find(boss, search_words.words_of("霉斑"), 5)

    assert [said.case_id for said in texts.found] == [other.pk for other in others[:-6:-1]]
    assert not texts.is_whole
    assert documents.find(boss, search_words.words_of("霉斑"), 50).is_whole


def test_a_rare_word_is_found_however_old_it_is(case, boss, monkeypatch):
    monkeypatch.setattr(documents, "RANGES", (("b", 10), ("c", 14)))
    speak([case], "樟脑味道")
    much_is_said()
    speak(many(case, 3), "平常的话")

    texts = documents.find(boss, search_words.words_of("樟脑"), 5)

    assert [said.case_id for said in texts.found] == [case.pk]
    assert texts.is_whole


def test_a_frequent_word_looks_at_the_newest_only_and_says_so(case, shop, monkeypatch):
    """The control: with a larger budget the same search finds the old one too."""
    old, *newer = many(case, 4)
    Case.objects.filter(pk=old.pk).update(assignee=(mine := person("mine", Role.AGENT)))
    Case.objects.filter(pk__in=[case.pk, *[other.pk for other in newer]]).update(team=Team.objects.create(name="T"))
    speak([old], "常见的词")
    much_is_said()
    speak(newer * 10, "常见的词")

    assert documents.find(mine, search_words.words_of("常见"), 5).found
    monkeypatch.setattr(documents, "LOOKED_AT", 3)
    texts = documents.find(mine, search_words.words_of("常见"), 5)

    assert texts.found == []
    assert not texts.is_whole


def test_what_a_search_costs_does_not_grow(case, boss):
    speak([case], "退款")
    search.cases(boss, "退款")
    with CaptureQueriesContext(connection) as few:
        search.cases(boss, "退款")
    speak(many(case, 60), "退款")
    with CaptureQueriesContext(connection) as more:
        search.cases(boss, "退款")

    assert len(more) == len(few) <= 6


def test_a_number_finds_what_it_names_and_no_text_that_mentions_it(case, boss, supervisor, shop):
    other = opened(sold(merchant=shop), by=supervisor)
    speak([other], f"see {case.order.number}")

    assert search.cases(boss, case.order.number).why == {case.pk: Why.WHOLE}


ALPHABET = st.one_of(
    st.characters(min_codepoint=1, max_codepoint=0xFF, exclude_characters="\x7f\x85µ"),
    st.characters(min_codepoint=0x3000, max_codepoint=0x30FF, categories=["L", "P", "N", "S"]),
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF, categories=["L"]),
    st.characters(min_codepoint=0xFF01, max_codepoint=0xFF9F, categories=["L", "P", "N"]),
    st.sampled_from("😀😡🎁éÉñüØﬁⅧ"),
)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(ALPHABET, max_size=60))
def test_the_database_compares_as_python_does(text, db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT desk_folded(%s), tsvector_to_array(desk_terms(desk_folded(%s), 7, 5000))", [text, text])
        folded, terms = cursor.fetchone()

    assert folded == search_words.folded(text)
    assert {"/m7", "/b4", "/c0", "/d0"} <= set(terms)
    assert {term for term in terms if search_words.RUN.fullmatch(term)} == set(search_words.words_of(text).pairs)
