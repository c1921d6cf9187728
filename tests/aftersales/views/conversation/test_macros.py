"""Macros where people keep them: made of typed steps, judged step by step, listed, archived."""

import re

import pytest
from django.urls import reverse

from aftersales.models import Macro, RejectReason, Team, User
from aftersales.rules.conversation.tools import Scope, StepKind, Whom
from tests.aftersales.stored_tools import TO_ME, macro, says
from tests.aftersales.views.desk import seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("six_hours_later")]
K = StepKind


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def step(number, **fields):
    names = (
        "kind",
        "text_zh",
        "text_en",
        "percent",
        "amount",
        "currency",
        "terms",
        "reject_reason",
        "whom",
        "team",
        "ticks",
    )
    return {f"step-{number}-{name}": fields.get(name, "") for name in names}


def form(*steps, **fields):
    rows = {}
    for number, each in enumerate(steps, start=1):
        rows |= step(number, **each)
    return {"whose": "personal", "title_en": "Mine", "title_zh": "", "rows": str(len(steps)), **rows, **fields}


def test_a_macro_is_made_of_typed_steps_and_read_back(agent):
    style = Team.objects.create(name="Style")
    window = RejectReason.objects.get(code="already_shipped")
    client = seat(agent)

    response = client.post(
        reverse("aftersales:macro-new"),
        form(
            {"kind": "offer", "percent": "20", "terms": "refund_only", "text_en": "20 %", "whom": "me"},
            {},
            {"kind": "reject", "reject_reason": window.pk, "text_zh": "超期"},
            {"kind": "offer", "amount": "１５．５０", "currency": "cny"},
            {"kind": "assign", "whom": "team", "team": style.pk},
            {"kind": "tick", "ticks": "了解原因并作说明\nOffer a coupon or a small compensation."},
            statuses=["pending_merchant"],
            case_types=["return_refund"],
        ),
    )

    assert response.status_code == 302
    made = Macro.objects.get()
    assert (made.owner_id, made.statuses, made.case_types) == (agent.user_id, ["pending_merchant"], ["return_refund"])
    first, second, third, fourth, fifth = made.steps.all()
    assert (first.kind, first.percent, first.terms, first.text_en, first.whom) == (
        K.OFFER,
        20,
        "refund_only",
        "20 %",
        "",
    )
    assert (second.reject_reason, second.text_zh) == (window, "超期")
    assert (third.amount, third.currency) == (15.5, "CNY")
    assert (fourth.whom, fourth.team) == (Whom.TEAM, style)
    assert fifth.ticks == ["Ask what does not fit, and explain.", "Offer a coupon or a small compensation."]
    page = client.get(reverse("aftersales:macro", args=[made.pk]))
    shown = [each.initial for each in page.context["form"].steps]
    assert [each["kind"] for each in shown] == [K.OFFER, K.REJECT, K.OFFER, K.ASSIGN, K.TICK]
    assert shown[2]["amount"] == "15.5"


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([{}], "A macro has at least one step."),
        ([{"kind": "message"}], "Write the text in one language at least."),
        ([{"kind": "extend"}], "Write the text in one language at least."),
        ([{"kind": "message", "text_en": "{waybil}"}], "Did you mean {waybill}?"),
        ([{"kind": "offer"}], "Enter a percentage or a sum, one of them."),
        ([{"kind": "offer", "percent": "20", "amount": "3", "currency": "CNY"}], "one of them."),
        ([{"kind": "offer", "percent": "0"}], "greater than or equal to 1"),
        ([{"kind": "offer", "percent": "101"}], "less than or equal to 100"),
        ([{"kind": "offer", "percent": "1e3"}], "Enter a whole number."),
        ([{"kind": "offer", "amount": "5"}], "Say in which currency"),
        ([{"kind": "offer", "amount": "5", "currency": "XYZ"}], "Say in which currency"),
        ([{"kind": "offer", "amount": "-1", "currency": "CNY"}], "amount"),
        ([{"kind": "offer", "amount": "NaN", "currency": "CNY"}], "amount"),
        ([{"kind": "offer", "amount": "0.001", "currency": "CNY"}], "decimal"),
        ([{"kind": "reject"}], "Choose a reason."),
        ([{"kind": "reject", "reject_reason": "987654"}], "Select a valid choice"),
        ([{"kind": "assign"}], "Say to whom."),
        ([{"kind": "assign", "whom": "team"}], "Choose a team."),
        ([{"kind": "tick"}], "Name a step at least."),
        (
            [{"kind": "tick", "ticks": "Apologise and look at the foto."}],
            "Did you mean “Apologise and look at the photo.”?",
        ),
        ([{"kind": "delete_everything"}], "Select a valid choice"),
    ],
)
def test_what_is_wrong_with_a_step_is_said_and_nothing_is_stored(steps, said, agent):
    response = seat(agent).post(reverse("aftersales:macro-new"), form(*steps))

    assert response.status_code == 422
    assert said in response.text
    assert not Macro.objects.exists()


@pytest.mark.parametrize("rows", ["", "x", "0", "-3", "9" * 20, "500"])
def test_a_broken_number_of_rows_shows_one(rows, agent):
    response = seat(agent).post(reverse("aftersales:macro-new"), form({"kind": "message", "text_en": "x"}, rows=rows))

    assert response.status_code in (302, 422)
    assert Macro.objects.count() <= 1


def test_a_step_is_added_and_moved_up_without_scripts_and_nothing_typed_is_lost(agent):
    client, page = seat(agent), reverse("aftersales:macro-new")
    typed = form({"kind": "message", "text_en": "one"}, {"kind": "note", "text_en": "two {typo}"}, title_en="Kept")

    more = client.post(page, typed | {"more": "1"})
    up = client.post(page, typed | {"up": "2"})

    assert (more.status_code, up.status_code) == (200, 200)
    assert [each.initial.get("kind", "") for each in more.context["form"].steps] == ["message", "note", ""]
    assert [each.initial["text_en"] for each in up.context["form"].steps] == ["two {typo}", "one"]
    assert 'value="Kept"' in up.text
    assert "error" not in re.sub(
        r'class="[^"]*"', "", up.text.partition('<form class="card form"')[2].partition("</form>")[0]
    )
    assert not Macro.objects.exists()
    for odd in ("", "x", "99", "-1", "½"):
        assert client.post(page, typed | {"up": odd}).status_code == 200


@pytest.mark.parametrize(
    ("who", "scope", "may"),
    [
        ("agent", Scope.PERSONAL, True),
        ("agent", Scope.EVERYBODY, False),
        ("senior", Scope.EVERYBODY, False),
        ("supervisor", Scope.EVERYBODY, True),
    ],
)
def test_macros_are_stored_by_who_may(who, scope, may, people):
    by = getattr(people, who)
    made = macro(by if scope == Scope.PERSONAL else people.supervisor, says("x"), scope=scope)
    client, page = seat(by), reverse("aftersales:macro", args=[made.pk])

    assert client.get(page).status_code == (200 if may else 403)
    changed = client.post(
        page, form({"kind": "note", "text_en": "y"}, whose=str(scope), seen=made.changed_at.isoformat())
    )
    archived = client.post(reverse("aftersales:macro-archive", args=[made.pk]))

    assert [changed.status_code, archived.status_code] == ([302, 302] if may else [403, 403])
    fresh = Macro.objects.get(pk=made.pk)
    assert (fresh.version > 1, fresh.archived_at is not None) == (may, may)


def test_the_list_of_macros_names_their_steps(agent, supervisor):
    agree = macro(supervisor, K.APPROVE, says("Yes."), title_en="Agree and say where")
    macro(supervisor, TO_ME, title_en="Take it")

    page = seat(agent).get("/replies/macros/")

    assert "Agree to what is asked → Send a message" in words(page)
    assert "Take it" in page.text
    assert page.text.count(f'href="{reverse("aftersales:macro", args=[agree.pk])}"') == 0
    assert User.objects.get(pk=supervisor.user_id).display_name in page.text
