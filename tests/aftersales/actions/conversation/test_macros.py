"""A macro does every step or none, and its preview tells what then happens."""

from decimal import Decimal

import pytest

from aftersales.actions.cases import decisions
from aftersales.actions.conversation import tools
from aftersales.actions.gate import Forbidden, Stale
from aftersales.actions.refunds import calculation
from aftersales.models import (
    ApprovalRequest,
    Event,
    MacroStep,
    Message,
    Notice,
    Offer,
    Refund,
    RejectReason,
    StepDone,
)
from aftersales.queries.conversation import macros as offers
from aftersales.rules.conversation.tools import StepKind
from aftersales.rules.refunds import settlement
from aftersales.rules.vocabulary import CaseType, DeadlineStatus, Status
from orders.models import Entry
from orders.refusals import Refused
from tests.aftersales.macro_runs import rehearsed, run, user_of
from tests.aftersales.stages import HOUR, again
from tests.aftersales.stored_tools import TO_ME, macro, says
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db


K = StepKind


AT = NOON + HOUR


@pytest.fixture
def asked(order, people):
    return opened(order, by=people.buyer)


@pytest.fixture
def unpaid(shop, order, people):
    """Asked for before anything was shipped: agreeing pays at once."""
    before = sold(merchant=shop, buyer=order.buyer, unshipped=True)
    return opened(before, by=people.buyer, type=CaseType.REFUND_ONLY)


def all_of(case):
    """All that a macro could have written."""
    return (
        again(case).status,
        again(case).version,
        again(case).assignee_id,
        *(
            model.objects.filter(case=case).count()
            for model in (Message, Event, Offer, Refund, Notice, ApprovalRequest)
        ),
        Entry.objects.count(),
        list(case.deadlines.order_by("pk").values_list("kind", "status", "due_at")),
        StepDone.objects.filter(case=case).count(),
    )


def later(case, name):
    """What a case that was agreed to will give back, once the goods are here."""
    return [settlement.total(calculation.trial(case))] if name == "agree" else []


def running(case):
    return {str(each.get_kind_display()): each.due_at for each in case.deadlines.filter(status=DeadlineStatus.PENDING)}


def test_agreeing_and_telling_where_to_is_one_act(asked, people):
    made = macro(people.supervisor, K.APPROVE, says("Dear {buyer}, to {return_address} before {deadline}, please."))

    case = run(asked, made, people.agent, version=asked.version, macro_version=made.version)

    body = Message.objects.get(case=asked).body
    assert case.status == Status.AWAITING_RETURN
    assert body == (
        "Dear Mr/Ms 张, to Zhejiang Hangzhou 1 Wenyi Road, Li Lei, 13800138000 before March 17, 2026, 1 p.m., please."
    )
    told = Event.objects.get(case=asked, action="macro")
    assert (told.data["macro"], told.user_id) == ("A macro", people.agent.user_id)
    made.refresh_from_db()
    assert (made.used_count, made.last_used_at) == (1, AT)


KINDS = {
    "agree": [K.APPROVE, says("{return_address} {deadline}")],
    "offer": [
        {"kind": K.OFFER, "percent": 20, "terms": CaseType.REFUND_ONLY, "text_en": "20 % and keep it"},
        says("{offer} until {deadline}"),
    ],
    "offer of a sum": [{"kind": K.OFFER, "amount": Decimal(15), "currency": "CNY"}],
    "reject": [{"kind": K.REJECT, "reject_reason": "already_shipped"}, says("Too late.")],
    "ask a second person": [{"kind": K.REQUEST_APPROVAL, "text_en": "Not usual."}],
    "words only": [says("{item}"), says("He waits.", K.NOTE), TO_ME],
}


@pytest.mark.parametrize("name", KINDS)
def test_a_rehearsal_says_what_then_happens(name, asked, people):
    steps = [
        step | {"reject_reason": RejectReason.objects.get(code=step["reject_reason"])}
        if isinstance(step, dict) and "reject_reason" in step
        else step
        for step in KINDS[name]
    ]
    made, before = macro(people.supervisor, *steps), all_of(asked)

    preview = rehearsed(asked, made, people.agent)
    untouched = all_of(asked)
    case = run(asked, made, people.agent, version=preview.version, macro_version=made.version)

    outcome = preview.outcome
    assert untouched == before
    assert preview.can_run and not preview.gaps
    assert outcome.after == case.get_status_display()
    assert dict(outcome.starts).items() <= running(case).items()
    sums = [
        Refund.objects.filter(case=case),
        Offer.objects.filter(case=case),
        ApprovalRequest.objects.filter(case=case),
    ]
    moved = [row.amount for rows in sums for row in rows.order_by("pk")]
    assert [each.amount for each in outcome.sums] == (moved or later(case, name))
    texts = [line.text for line in preview.lines if line.step.kind in (K.MESSAGE, K.NOTE)]
    assert texts == list(Message.objects.filter(case=case).order_by("pk").values_list("body", flat=True))
    assert bool(outcome.holder) == (case.assignee_id is not None)


def test_the_money_of_a_rehearsal_is_the_money_of_the_refund(unpaid, people):
    made = macro(people.supervisor, K.APPROVE, says("{refund} goes back."))

    preview = rehearsed(unpaid, made, people.agent)
    assert not Refund.objects.filter(case=unpaid).exists()
    run(unpaid, made, people.agent)

    refund = Refund.objects.get(case=unpaid)
    assert [each.amount for each in preview.outcome.sums] == [refund.amount] == [Decimal(110)]
    assert preview.outcome.sums[0].label == "Refund, sent at once"
    assert "¥110.00 goes back to the buyer at once." in preview.lines[0].says
    assert Message.objects.get(case=unpaid).body == "¥110.00 goes back."


def test_above_the_limit_the_preview_says_who_decides_and_it_can_not_be_run(shop, people):
    dear = sold(merchant=shop, lines=[(2, 900)])
    case = opened(dear, by=people.supervisor)
    made = macro(people.supervisor, K.APPROVE, says("We agree."))
    before = all_of(case)

    preview = rehearsed(case, made, people.agent)

    assert not preview.can_run
    assert "above your limit of ¥200.00" in preview.lines[0].refusal
    assert preview.lines[0].may_instead == "May decide it: Senior agent, Supervisor, Finance."
    assert not preview.lines[1].is_tried
    with pytest.raises(Refused, match=r"Step 1, “Agree to what is asked”: .*above your limit"):
        run(case, made, people.agent)
    assert all_of(case) == before


def test_whom_the_preview_names_could_decide_it_with_what_the_order_gave_already(shop, people):
    dear = sold(merchant=shop, lines=[(1, 900), (1, 190)], freight_amount=0)
    first, second = (opened(dear, by=people.supervisor, units={line.pk: 1}) for line in dear.lines.order_by("pk"))
    decisions.approve(second.pk, by=people.agent, at=NOON)
    made = macro(people.supervisor, K.APPROVE)

    preview = rehearsed(first, made, people.agent)

    assert preview.lines[0].may_instead == "May decide it: Supervisor, Finance."


@pytest.mark.parametrize(
    "last",
    [
        says("Send it to us: {waybill}"),
        {"kind": K.OFFER, "percent": 5, "terms": CaseType.REFUND_ONLY},
        says("", K.NOTE) | {"text_en": "x" * 5001},
    ],
    ids=["a gap", "a move that does not start here", "a note too long"],
)
def test_a_macro_whose_last_step_fails_leaves_nothing(last, unpaid, people):
    made = macro(people.supervisor, K.APPROVE, says("It goes back."), TO_ME, says("noted", K.NOTE), last)
    before = all_of(unpaid)

    with pytest.raises(Refused, match="Step 5, "):
        run(unpaid, made, people.agent)

    assert all_of(unpaid) == before
    made.refresh_from_db()
    assert made.used_count == 0


def test_a_gap_is_tried_with_dots_and_blocks_until_it_is_filled(asked, people):
    made = macro(people.supervisor, K.APPROVE, says("Your parcel {waybill}"))

    preview = rehearsed(asked, made, people.agent)
    filled = rehearsed(asked, made, people.agent, texts={2: "Your parcel SF1"})

    assert preview.can_run
    assert preview.gaps == ["{waybill}"]
    assert not filled.gaps
    with pytest.raises(Refused, match=r"Step 2, “Send a message”: Still to be filled in: \{waybill\}"):
        run(asked, made, people.agent)
    run(asked, made, people.agent, {2: "Your parcel SF1"})
    assert Message.objects.get(case=asked).body == "Your parcel SF1"


def test_a_case_that_has_changed_since_the_preview_is_not_touched(asked, people):
    made = macro(people.supervisor, says("Hello."))
    seen = rehearsed(asked, made, people.agent).version
    decisions.reject(asked.pk, by=people.merchant, at=AT, reason=RejectReason.objects.get(code="already_shipped"))

    with pytest.raises(Stale):
        run(asked, made, people.agent, version=seen)

    assert not Message.objects.filter(case=asked).exists()


def test_a_macro_that_has_changed_since_the_preview_is_not_run(asked, people):
    made = macro(people.supervisor, says("Hello."))
    seen = made.version
    bye = [MacroStep(kind=K.MESSAGE, text_en="Bye.")]
    again_made = tools.store_macro(made, bye, by=people.supervisor, at=AT, seen=made.changed_at)

    with pytest.raises(tools.Changed):
        run(asked, made, people.agent, macro_version=seen)

    assert again_made.version == seen + 1
    assert not Message.objects.filter(case=asked).exists()


def test_a_macro_is_not_run_without_the_right(asked, people):
    made = macro(people.supervisor, says("Hello."))

    for by in (people.merchant, people.finance, people.warehouse, people.admin):
        assert offers.offered(asked, user_of(by)) == []
        with pytest.raises(Forbidden):
            run(asked, made, by)
