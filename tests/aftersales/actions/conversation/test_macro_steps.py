"""Each step of a macro does what people do one by one."""

from decimal import Decimal

import pytest

from aftersales.actions.console import assignment
from aftersales.actions.conversation import messages
from aftersales.models import (
    Message,
    StepDone,
    Team,
)
from aftersales.rules.conversation.tools import StepKind, Whom
from aftersales.rules.vocabulary import CaseType, Status
from orders.refusals import Refused
from tests.aftersales.macro_runs import rehearsed, run
from tests.aftersales.stages import HOUR, again, stage
from tests.aftersales.stored_tools import TO_ME, macro, says
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db


K = StepKind


AT = NOON + HOUR


@pytest.fixture
def asked(order, people):
    return opened(order, by=people.buyer)


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


def test_steps_of_a_macro_do_what_the_verbs_do(order, people):
    case = again(stage(Status.AWAITING_RETURN, order, people))
    english = [key for key, _shown in case.reason.steps]
    made = macro(
        people.supervisor, says("Ill for a week.", K.EXTEND), {"kind": K.TICK, "ticks": [english[0], "No such step."]}
    )
    due = case.due_at

    preview = rehearsed(case, made, people.agent)
    run(case, made, people.agent)

    assert (again(case).due_at - due).days == 3
    assert preview.outcome.starts == [("Buyer ships the return", again(case).due_at)]
    assert [done.step for done in StepDone.objects.filter(case=case)] == [english[0]]


def test_a_case_is_given_back_to_nobody_or_to_a_team(asked, people):
    style = Team.objects.create(name="Style")
    to_team = macro(people.supervisor, {"kind": K.ASSIGN, "whom": Whom.TEAM, "team": style})
    to_nobody = macro(people.supervisor, {"kind": K.ASSIGN, "whom": Whom.NOBODY})
    assignment.take(asked.pk, by=people.agent, at=AT)

    with pytest.raises(Refused, match="works on this case"):
        run(asked, to_nobody, people.agent2)
    run(asked, to_nobody, people.agent)
    assert again(asked).assignee_id is None
    run(asked, to_team, people.agent)
    assert (again(asked).assignee_id, again(asked).team) == (None, style)


def test_no_placeholder_is_ever_stored_by_our_people(asked, people):
    for write in (messages.send, messages.note):
        for by in (people.agent, people.merchant) if write is messages.send else (people.agent,):
            with pytest.raises(Refused, match=r"Still to be filled in: {退货单号}, {deadline}"):
                write(asked.pk, "{退货单号} {deadline}", by=by, at=AT)
    messages.send(asked.pk, "I see {order} in your mail", by=people.buyer, at=AT)

    assert Message.objects.get(case=asked).body == "I see {order} in your mail"
