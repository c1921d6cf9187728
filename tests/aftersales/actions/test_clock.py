"""What the clock does in a batch leaves what the same verb leaves for one case: there is one path."""

import pytest
from django.db import transaction

from aftersales.actions import clock, record
from aftersales.models import ApprovalRequest, Deadline, Event, Notice, Policy, Round
from aftersales.queries.cases import timeline
from aftersales.rules.actor import CLOCK
from aftersales.rules.policies.clocks import CLOCKS
from aftersales.rules.vocabulary import CaseType, DeadlineKind, Status
from logistics.models import Parcel
from orders.refusals import Refused
from tests.aftersales.actions.disputes.dispute_clocks import at_clock
from tests.aftersales.moves.chart_cells import Undone
from tests.aftersales.stages import MINUTE, again, picture, stage
from tests.factories import opened, sold

pytestmark = pytest.mark.django_db
EACH_CLOCK_AND_STATE = [(kind, state) for kind, each in CLOCKS.items() for state in each.states]
TRACES = (Event, Round, Deadline, Notice, ApprovalRequest)


@pytest.fixture(autouse=True)
def prepaid_labels(db):
    Policy.objects.update(has_prepaid_label=True)


@pytest.fixture
def few_are_a_batch(monkeypatch):
    """What a batch writes narrowly, it writes narrowly for these few cases too."""
    monkeypatch.setattr(record, "BATCH_FROM", 1)


def staged(state, order, people, count=2, kind=""):
    """Cases of one shop that reached the state, and run under the clock, at the same times."""
    orders = [order, *(sold(merchant=order.merchant, buyer=order.buyer) for _number in range(count - 1))]
    is_disputed = state == Status.ARBITRATION
    cases = [at_clock(kind, each, people) if is_disputed else stage(state, each, people) for each in orders]
    Parcel.objects.filter(sent_cases__case__in=cases).update(signed_at=cases[0].moved_at)
    return cases


def trace(case):
    """Everything that is on record of a case, but for the numbers of the rows."""
    rows = [list(model.objects.filter(case=case).order_by("pk").values()) for model in TRACES]
    told, _rest = timeline.page(again(case), is_insider=True, evidence=(), rounds=list(case.rounds.all()))
    return {
        "case": {name: value for name, value in vars(again(case)).items() if name != "_state"},
        "rows": [[{name: row[name] for name in row if name != "id"} for row in found] for found in rows],
        "refunds": list(case.refunds.order_by("pk").values("status", "amount", "payer", "tries")),
        "words": [(entry.who, entry.event, entry.details, entry.why, entry.moved) for entry in told],
    }


def left_by(act, cases):
    """What an act leaves on each case; afterwards all is as it was."""
    try:
        with transaction.atomic():
            act()
            found = [trace(case) for case in cases]
            raise Undone
    except Undone:
        return found


def one_by_one(kind, cases, at):
    def act():
        clock.miss_first_replies(at)
        for case in sorted(cases, key=lambda each: each.pk):
            clock.VERBS[CLOCKS[kind].action](case.pk, by=CLOCK, at=at)

    return act


@pytest.mark.parametrize(("kind", "state"), EACH_CLOCK_AND_STATE)
def test_a_batch_and_single_moves_leave_the_same(kind, state, order, people, few_are_a_batch):
    cases = staged(state, order, people, kind=kind)
    at = max(case.deadlines.get(kind=kind, status="pending").due_at for case in cases) + 2 * MINUTE

    single = left_by(one_by_one(kind, cases, at), cases)
    batch = left_by(lambda: clock.fire_deadlines(at), cases)

    assert batch == single
    assert all(each["case"]["version"] == case.version + 1 for each, case in zip(batch, cases, strict=True))


def test_silence_about_every_type_in_one_batch_leaves_what_each_alone_leaves(order, people, few_are_a_batch):
    shop = {"merchant": order.merchant, "buyer": order.buyer}
    cases = [
        opened(order, by=people.buyer),
        opened(sold(**shop), by=people.buyer),
        opened(sold(**shop), by=people.buyer, type=CaseType.REPAIR, reason="broken", photos=[picture()]),
        opened(sold(**shop), by=people.buyer, type=CaseType.EXCHANGE),
        opened(sold(**shop, unshipped=True), by=people.buyer, type=CaseType.REFUND_ONLY),
        opened(sold(**shop, unsigned=True), by=people.buyer, type=CaseType.REFUND_ONLY),
    ]
    at = max(case.due_at for case in cases) + 2 * MINUTE

    single = left_by(one_by_one(DeadlineKind.MERCHANT_RESPONSE, cases, at), cases)
    batch = left_by(lambda: clock.fire_deadlines(at), cases)

    assert batch == single


def test_silence_tells_of_the_prepaid_label_as_a_merchant_does(order, people, monkeypatch):
    cases = staged(Status.PENDING_MERCHANT, order, people)
    together = []
    agree = clock.FOR_MANY["approve"]

    def counted(many, live, **how):
        together.append(len(many))
        agree(many, live, **how)

    monkeypatch.setitem(clock.FOR_MANY, "approve", counted)

    clock.fire_deadlines(cases[0].due_at + 2 * MINUTE)

    assert together == [len(cases)]
    for case in cases:
        assert case.events.get(action="approve").data == {"label": "prepaid"}
        assert "The return label is prepaid: the merchant pays the way back." in trace(case)["words"][0][2]


def test_one_that_is_refused_leaves_the_others_of_its_batch_agreed_to(order, people):
    cases = staged(Status.PENDING_MERCHANT, order, people, count=3)
    refused = cases[1]
    agree = clock.VERBS["approve"]

    def poisoned(case_id, **how):
        if case_id == refused.pk:
            raise Refused("No.")
        return agree(case_id, **how)

    def none_together(*_cases, **_how):
        raise Refused("No.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(clock.FOR_MANY, "approve", none_together)
        patch.setitem(clock.VERBS, "approve", poisoned)
        clock.fire_deadlines(cases[0].due_at + 2 * MINUTE)

    assert [again(case).status for case in cases] == ["awaiting_return", "pending_merchant", "awaiting_return"]
    assert refused.deadlines.get(kind="merchant_response").last_error == "No."


def test_every_move_of_a_clock_has_its_verb():
    assert set(clock.VERBS) == {each.action for each in CLOCKS.values()}
    assert set(clock.FOR_MANY) <= set(clock.VERBS)
