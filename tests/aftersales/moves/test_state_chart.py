"""The state chart, cell by cell: every state × action × role is either listed in chart_table or refused."""

from datetime import timedelta
from decimal import Decimal

import pytest

from aftersales import moves
from aftersales.actions.cases import decisions, negotiation
from aftersales.actions.refunds import intents
from aftersales.actions.returns import receipts
from aftersales.models import Refund
from aftersales.rules import actor
from aftersales.rules.actor import Actor
from aftersales.rules.vocabulary import CaseType, Role, Status
from tests.aftersales.moves.chart_cells import DO, outcome
from tests.aftersales.moves.chart_table import AGENTS, AGENTS_AND_MERCHANT, BUYER, MOVES, WHO, expected
from tests.aftersales.stages import HOUR, MINUTE, again, picture, stage
from tests.factories import NOON, opened, sold

pytestmark = pytest.mark.django_db


def test_the_table_speaks_of_every_action_state_and_role():
    assert set(MOVES) == set(Status.values)
    assert set(WHO) == set(moves.CHART) >= set(DO)
    assert {role for roles in WHO.values() for role in roles.split()} == set(Role.values) - {"admin"}


@pytest.mark.parametrize("state", MOVES)
def test_every_cell_of_a_state(state, order, people):
    case = stage(Status(state), order, people)
    at = case.moved_at + MINUTE
    assert case.status == state

    wrong = [
        f"{role} {action}: {came}, not {listed}"
        for action in WHO
        for role in Role.values
        if (came := outcome(case, action, getattr(people, role), at)) != (listed := expected(state, action, role))
    ]

    assert wrong == []
    assert again(case).version == case.version


@pytest.mark.parametrize(
    ("goods", "type", "action", "state"),
    [
        ("unshipped", "refund_only", "approve", "refunding"),
        ("unsigned", "refund_only", "approve", "intercepting"),
        ("order", "refund_only", "approve", "refunding"),
        ("order", "return_refund", "approve", "awaiting_return"),
    ],
)
def test_where_an_agreement_leads_depends_on_the_goods(goods, type, action, state, request, people):
    case = opened(request.getfixturevalue(goods), by=people.buyer, type=type)

    assert outcome(case, action, people.merchant, NOON + MINUTE) == state


def test_a_paid_refund_completes_the_case(order, people):
    case = stage(Status.REFUNDING, order, people)
    intents.paid(Refund.objects.get(case=case), at=NOON + 5 * HOUR)

    assert outcome(case, "settle", people.gateway, NOON + 5 * HOUR) == "completed"


def test_what_is_missing_is_received_while_the_rest_is_inspected(order, people):
    three = sold(merchant=order.merchant, buyer=order.buyer, lines=[(3, 90)])
    case = opened(three, by=people.buyer)
    decisions.approve(case.pk, by=people.merchant, at=NOON + HOUR)
    line = case.lines.get()

    receipts.receive(case.pk, by=people.warehouse, at=NOON + 2 * HOUR, units={line.pk: 2})
    receipts.receive(case.pk, by=people.warehouse, at=NOON + 3 * HOUR, units={line.pk: 1})

    assert again(case).status == "inspecting"
    assert case.lines.get().units_received == 3


def test_another_shop_and_another_buyer_may_do_nothing(order, people):
    case = stage(Status.PENDING_MERCHANT, order, people)
    other = sold()
    strangers = [
        Actor(frozenset({Role.MERCHANT}), user_id=people.merchant.user_id, merchant_id=other.merchant_id),
        actor.buyer(other.buyer_id),
    ]

    allowed = [
        f"{by} {action}: {came}"
        for action in DO
        for by in strangers
        if (came := outcome(case, action, by, NOON + MINUTE)) != "forbidden"
    ]

    assert allowed == []


def test_a_completed_case_is_reopened_for_what_is_left(order, people):
    case = opened(order, by=people.buyer, type=CaseType.REFUND_ONLY, reason="stain_or_smell", photos=[picture()])
    negotiation.offer(case.pk, by=people.merchant, at=NOON + HOUR, amount=Decimal(20))
    negotiation.accept(case.pk, by=people.buyer, at=NOON + 2 * HOUR)
    intents.paid(case.refunds.get(), at=NOON + 3 * HOUR)
    intents.settle(case.pk, by=people.gateway, at=NOON + 3 * HOUR)

    assert outcome(case, "reopen", people.supervisor, NOON + 4 * HOUR) == "pending_merchant"


# Rights that move no case, and who has them (§7).
OTHER_RIGHTS = {
    "apply": f"{BUYER} merchant",
    "message": f"{BUYER} merchant",
    "note": AGENTS,
    "tick": AGENTS,
    "evidence": f"{BUYER} merchant warehouse",
    "release_refund": "finance",
    "query_refund": "finance",
    "settle_by_hand": "finance",
    "move_guarantee": "finance",
    "dispute_payment": "finance",
    "assign": AGENTS,
    "reassign": "supervisor",
    "use_tools": AGENTS,
    "keep_own_tools": AGENTS,
    "keep_team_tools": "senior supervisor",
    "keep_all_tools": "supervisor",
    "claim": AGENTS,
    "skip": AGENTS,
    "prioritise": AGENTS,
    "distribute": "clock",
    "release": "clock",
    "share_view": AGENTS,
    "share_view_with_all": "supervisor",
    "declare_outage": "supervisor",
    "finish_invoice_task": f"{AGENTS_AND_MERCHANT} finance",
    "correct_stock": "warehouse supervisor merchant",
    "record_parcel": "warehouse supervisor merchant",
    "settle_parcel": "warehouse supervisor merchant",
    "import_orders": "supervisor",
    "tell_goods": "agent senior supervisor merchant",
    "confirm_exclusion": "agent senior supervisor",
    "open_window": "supervisor",
    "try_again": "supervisor",
    "print_label": f"{BUYER} merchant warehouse",
    "reveal": f"{AGENTS_AND_MERCHANT} finance warehouse",
    "sandbox": "admin",
    "keep_accounts": "admin",
    "keep_invoice": f"{AGENTS_AND_MERCHANT} finance",
    "settle_receivable": f"{AGENTS_AND_MERCHANT} finance",
    "waive_receivable": "finance",
    "claim_carrier": f"{AGENTS_AND_MERCHANT} warehouse",
    "claim_return_freight": f"{BUYER} merchant",
    "set_aside_goods": "warehouse supervisor merchant",
    "send_goods_back": "warehouse supervisor merchant",
    "give_up_goods": "agent senior supervisor",
    "miss_goods": "clock",
}


@pytest.mark.parametrize("action", OTHER_RIGHTS)
def test_rights_that_move_no_case(action):
    for role in Role.values:
        assert (role in moves.EVERY[action].who) == (role in OTHER_RIGHTS[action].split()), role


def test_no_action_is_without_a_row_in_the_table_of_rights():
    assert moves.where(lambda act: act.who) == set(WHO) | set(OTHER_RIGHTS)


@pytest.mark.parametrize("action", ["offer", "reject", "accept_offer", "reapply", "escalate", "ship_return"])
def test_after_the_cut_off_the_promise_decides(action, order, people):
    state = {
        "offer": "pending_merchant",
        "reject": "pending_merchant",
        "accept_offer": "pending_buyer",
        "reapply": "rejected",
        "escalate": "rejected",
        "ship_return": "awaiting_return",
    }[action]
    case = stage(Status(state), order, people)
    by = people.merchant if action in ("offer", "reject") else people.buyer

    assert outcome(case, action, by, case.due_at) == MOVES[state][action]
    assert outcome(case, action, by, case.due_at + timedelta(microseconds=1)) == "not from here"
