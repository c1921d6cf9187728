"""Macros are offered in the cases that they are meant for, to people who may run them."""

from decimal import Decimal

import pytest

from aftersales.actions.conversation import tools
from aftersales.queries.conversation import macros as offers
from aftersales.rules.conversation.tools import StepKind
from aftersales.rules.vocabulary import CaseType, Status
from tests.aftersales.macro_runs import run, user_of
from tests.aftersales.stages import HOUR, again, stage
from tests.aftersales.stored_tools import TO_ME, macro, says
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db


K = StepKind


AT = NOON + HOUR


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


def test_a_macro_is_offered_in_its_cases_only_and_run_in_no_other(order, people):
    made = macro(people.supervisor, says("Hello."), statuses=[Status.PENDING_MERCHANT], case_types=[CaseType.REPAIR])
    wide = macro(people.supervisor, says("Hello."), statuses=[Status.PENDING_MERCHANT])
    case = opened(order, by=people.buyer)

    assert offers.offered(again(case), user_of(people.agent)) == [wide]
    with pytest.raises(tools.Changed):
        run(case, made, people.agent)
    rejected = stage(Status.REJECTED, sold(merchant=order.merchant, buyer=order.buyer), people)
    assert offers.offered(again(rejected), user_of(people.agent)) == []
