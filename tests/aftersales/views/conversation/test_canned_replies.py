"""Canned replies: found, filled in from the case, put into the composer; kept by whom they belong to."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftersales.actions.conversation import messages, tools
from aftersales.models import Message, Reply, Team, User
from aftersales.queries.conversation import canned_replies, placeholder_values
from aftersales.rules.conversation.placeholders import DICTIONARY
from aftersales.rules.conversation.tools import Scope
from aftersales.rules.vocabulary import Role, Status
from tests.aftersales.stages import STAGES, again, stage
from tests.aftersales.stored_tools import reply
from tests.aftersales.views.desk import LATER, address, seat, write
from tests.factories import opened, sold

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("six_hours_later")]
LISTING = "/replies/"


def asked_for(client, case, **params):
    """What the dialog holds: texts in their order."""
    response = client.get(address(case, "replies"), params, headers={"HX-Request": "true"})
    assert response.status_code == 200
    return [each.text for each in response.context["found"]]


@pytest.fixture
def style(db):
    return Team.objects.create(name="Style")


KNOWN_IN = {
    "waybill": {Status.RETURN_IN_TRANSIT, Status.INSPECTING, Status.REFUNDING, Status.REFUND_FAILED, Status.COMPLETED}
    | {Status.AWAITING_DISPATCH, Status.AWAITING_RECEIPT},
    "sent_waybill": {Status.AWAITING_RECEIPT},
    "offer": {Status.PENDING_BUYER},
    "refund": {Status.REFUNDING, Status.REFUND_FAILED, Status.COMPLETED},
}


@pytest.mark.parametrize("state", STAGES)
def test_every_state_fills_what_it_knows_and_leaves_the_rest_as_a_gap(state, order, people):
    case = again(stage(state, order, people))
    user = User.objects.get(pk=people.agent.user_id)
    everything = [word.shown for word in DICTIONARY]

    facts = {code: bool(text) for code, text in placeholder_values.of(everything, case, user, LATER).items()}

    for code, states in KNOWN_IN.items():
        assert facts[code] == (state in states), code
    assert all(facts[code] for code in ("buyer", "shop", "agent", "case", "order", "item", "type", "reason", "today"))
    assert facts["deadline"] == (case.due_at is not None and case.waits_for == Role.BUYER)
    assert facts["promise"] == (case.due_at is not None and case.waits_for != Role.BUYER)
    assert facts["freight_payer"] == case.goods_must_return
    assert facts["return_address"] == (case.goods_must_return and case.approved_at is not None)
    made = reply(people.supervisor, body_en=" ".join(everything))
    (filled,) = canned_replies.filled([made], case, user, LATER, language="en")
    assert filled.gaps == [word.shown for word in DICTIONARY if not facts[word.code]]


def test_money_dates_and_names_have_the_form_of_the_language(order, people):
    case = again(stage(Status.PENDING_BUYER, order, people))
    user = User.objects.get(pk=people.agent.user_id)
    made = reply(people.supervisor, body_en="{buyer} {offer} {today}", body_zh="{买家称呼} {协商金额} {今天}")

    said = {code: canned_replies.filled([made], case, user, LATER, language=code)[0].text for code in ("en", "zh")}

    assert said == {"en": "Mr/Ms 张 ¥40.00 March 10, 2026", "zh": "张先生/女士 ¥40.00 2026年3月10日"}
    assert "张小雨" not in "".join(said.values())


def test_the_buyers_language_is_spoken_until_another_is_chosen(case, agent, supervisor, buyer):
    reply(supervisor)
    client = seat(agent)

    by_the_goods = asked_for(client, case)
    messages.send(case.pk, "When do I get my money?", by=buyer, at=LATER)
    by_the_buyer = asked_for(client, case)
    chosen = asked_for(client, case, lang="zh")

    assert by_the_goods == chosen == ["张先生/女士，谢谢。"]
    assert by_the_buyer == ["Thank you, Mr/Ms 张."]


def test_replies_are_searched_by_title_shortcut_and_both_texts(case, agent, supervisor):
    reply(supervisor, title_en="Parcel", title_zh="包裹", body_en="Where it is", body_zh="在哪里", shortcut="way")
    reply(supervisor, title_en="Other", title_zh="其他", body_en="Mentions the way", body_zh="别的", shortcut="x")
    client = seat(agent)

    found = {
        q: asked_for(client, case, lang="en", q=q)
        for q in ("parcel", "包裹", "哪里", "where IT", "way", "nothing", "%")
    }

    assert found["parcel"] == found["包裹"] == found["哪里"] == found["where IT"] == ["Where it is"]
    assert found["way"] == ["Where it is", "Mentions the way"]
    assert found["nothing"] == found["%"] == []


def test_replies_for_the_reason_come_first_then_those_used_most(case, agent, supervisor):
    reply(supervisor, body_en="used", title_en="a")
    reply(supervisor, body_en="other reason", title_en="b", reasons=["broken"])
    reply(supervisor, body_en="this reason", title_en="c", reasons=[case.reason.code])
    reply(supervisor, body_en="other goods", title_en="d", categories=["shoes"])
    Reply.objects.filter(title_en="a").update(used_count=9)
    case.lines.get().order_line.__class__.objects.update(category="dresses")

    assert asked_for(seat(agent), case, lang="en") == ["this reason", "used", "other reason", "other goods"]


def test_people_see_their_own_replies_their_teams_and_everybodys(case, agent, agent2, supervisor, style):
    User.objects.get(pk=agent.user_id).teams.add(style)
    reply(supervisor, body_en="everybody's")
    reply(supervisor, body_en="Style's", scope=Scope.TEAM, team=style)
    reply(agent, body_en="mine", scope=Scope.PERSONAL)
    reply(supervisor, body_en="the supervisor's own", scope=Scope.PERSONAL)
    old = reply(supervisor, body_en="archived")
    tools.archive(old, is_archived=True, by=supervisor, at=LATER)

    assert set(asked_for(seat(agent), case, lang="en")) == {"everybody's", "Style's", "mine"}
    assert set(asked_for(seat(agent2), case, lang="en")) == {"everybody's"}
    assert set(asked_for(seat(supervisor), case, lang="en")) == {"everybody's", "the supervisor's own"}


@pytest.mark.parametrize("who", ["merchant", "finance", "warehouse", "admin"])
def test_who_does_not_write_for_the_desk_has_no_replies(who, order, people):
    case, client = opened(order, by=people.buyer), seat(getattr(people, who))

    statuses = [client.get(address(case, action)).status_code for action in ("replies", "macros")]

    assert set(statuses) == {403}
    assert client.get(LISTING).status_code == client.get("/replies/macros/").status_code == 403
    if who != "warehouse":
        page = client.get(address(case)).text
        assert 'data-key="/"' not in page
        assert 'data-key="m"' not in page


def test_without_scripts_a_reply_fills_the_composer_and_counts(case, agent, supervisor):
    made, client = reply(supervisor, body_en="Hello {buyer}, {waybill}"), seat(agent)

    listed = client.get(address(case, "replies"), {"lang": "en"})
    used = client.post(address(case, "replies"), {"reply": made.pk, "lang": "en"})
    page = client.get(used["Location"].partition("#")[0])

    assert "<html" in listed.text
    assert used.status_code == 302
    assert ">Hello Mr/Ms 张, {waybill}</textarea>" in page.text
    made.refresh_from_db()
    assert (made.used_count, made.last_used_at) == (1, LATER)


def test_looking_at_replies_counts_no_use_and_foreign_ones_are_not_found(case, agent, supervisor):
    theirs, client = reply(supervisor, scope=Scope.PERSONAL, body_en="Secret"), seat(agent)

    shown = client.get(address(case), {"reply": theirs.pk, "lang": "en"})
    used = client.post(address(case, "replies"), {"reply": theirs.pk})

    assert "Secret" not in shown.text
    assert used.status_code == 404
    theirs.refresh_from_db()
    assert theirs.used_count == 0
    for odd in ("x", "-1", "9" * 30, "½"):
        assert client.get(address(case), {"reply": odd}).status_code == 200
        assert client.post(address(case, "replies"), {"reply": odd}).status_code == 404


@pytest.mark.parametrize("kind", ["message", "note"])
def test_a_text_with_a_gap_is_not_sent_and_stays_in_the_composer(kind, case, agent):
    response = write(seat(agent), case, "Your parcel {waybill}, 单号 ｛退货单号｝", kind)

    assert response.status_code == 422
    assert "Still to be filled in: {waybill}, ｛退货单号｝." in response.text
    assert "Your parcel {waybill}, 单号 ｛退货单号｝</textarea>" in response.text
    assert not Message.objects.exists()


def test_the_reply_dialog_takes_as_many_queries_however_many_replies(case, agent, supervisor):
    client = seat(agent)
    counts = []

    for number in range(30):
        reply(supervisor, title_en=f"No. {number}", body_en="".join(word.shown for word in DICTIONARY))
        if number in (0, 29):
            asked_for(client, case, lang="en")
            with CaptureQueriesContext(connection) as queries:
                asked_for(client, case, lang="en")
            counts.append(len(queries))

    assert counts[0] == counts[1] <= 16


def test_the_page_of_a_case_makes_no_query_for_replies(case, agent, supervisor):
    client = seat(agent)
    client.get(address(case))
    with CaptureQueriesContext(connection) as before:
        client.get(address(case))

    for number in range(5):
        reply(supervisor, title_en=f"No. {number}")
    with CaptureQueriesContext(connection) as after:
        page = client.get(address(case))

    assert len(before) == len(after)
    assert not any("aftersales_reply" in each["sql"] or "aftersales_macro" in each["sql"] for each in after)
    assert 'data-key="/"' in page.text


def test_searching_replies_swaps_the_list_alone(case, agent, supervisor):
    reply(supervisor)

    part = seat(agent).get(
        address(case, "replies"), {"q": "感谢"}, headers={"HX-Request": "true", "HX-Target": "picked"}
    )

    assert part.text.count('role="option"') == 1
    assert 'id="picker"' not in part.text
    assert "<html" not in part.text


def test_markup_in_a_reply_stays_text(case, agent, supervisor):
    reply(supervisor, title_en="<b>", body_en='<img src=x onerror=alert(1)> "quoted"', shortcut="s")

    for page in (seat(agent).get(address(case, "replies"), {"lang": "en"}).text, seat(agent).get(LISTING).text):
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page


def test_a_case_that_one_may_not_see_has_no_replies(agent, supervisor, shop):
    elsewhere = Team.objects.create(name="Elsewhere")
    elsewhere.merchants.add(shop)
    foreign = opened(sold(merchant=shop), by=supervisor)
    foreign.__class__.objects.filter(pk=foreign.pk).update(team=elsewhere)

    for action in ("replies", "macros"):
        assert seat(agent).get(address(foreign, action)).status_code == 404
