"""Two people and one case that becomes another: one outcome, nothing held twice. With its control without locks."""

from collections import Counter
from functools import partial

import pytest

from aftersales.actions.cases import decisions
from aftersales.actions.cases.applications import Application
from aftersales.actions.cases.reshaping import conversions, merges, splits
from aftersales.models import Case, Event, Reason
from aftersales.moves import admission
from aftersales.rules.vocabulary import CaseType
from tests.aftersales.stages import HOUR
from tests.factories import NOON, opened, sold
from tests.races.together import at_once, locks, nothing_broken, patiently, pausing, refusals, unlock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def ended_twice(asked):
    """Cases that were both converted and withdrawn."""
    ends = Counter(
        Event.objects.filter(case__in=asked, action__in=["convert", "withdraw"]).values_list("case_id", flat=True)
    )
    return [pk for pk, count in ends.items() if count > 1]


@locks
def test_one_converts_and_one_withdraws(locked, shop, people, monkeypatch):
    orders = [sold(merchant=shop) for _order in range(40 if locked else 15)]
    asked = [opened(order, by=people.agent, reason="agreed") for order in orders]
    reason = Reason.objects.get(code="agreed")
    pausing(monkeypatch, admission, "first_refusal")
    if not locked:
        unlock(monkeypatch)

    def converting(case):
        return patiently(
            partial(
                conversions.convert,
                case.pk,
                Application(case.order_id, CaseType.REFUND_ONLY, reason, {}),
                by=people.agent,
                at=NOON + HOUR,
                version=1,
            )
        )

    def withdrawing(case):
        return patiently(partial(decisions.withdraw, case.pk, by=people.agent2, at=NOON + HOUR, version=1))

    answers = [at_once(partial(converting, case), partial(withdrawing, case)) for case in asked]

    if not locked:
        both = ended_twice(asked) or [answer for pair in answers for answer in pair if isinstance(answer, Exception)]
        assert both, "without locks both must have won somewhere, or this race proves nothing"
        return
    assert [len(refusals(pair)) for pair in answers] == [1] * len(asked)
    assert ended_twice(asked) == []
    for case in Case.objects.filter(pk__in=[each.pk for each in asked]):
        assert case.children.count() == (case.close_reason == "converted")
    nothing_broken()


def test_two_merge_each_others_case(shop, people):
    orders = [sold(merchant=shop, lines=[(1, 40), (1, 60)]) for _order in range(15)]
    pairs = [
        [opened(order, by=people.agent, reason="agreed", units={line.pk: 1}) for line in order.lines.order_by("pk")]
        for order in orders
    ]

    def merging(case, into, by):
        return patiently(partial(merges.merge, case.pk, into.pk, by=by, at=NOON + HOUR))

    answers = [
        at_once(partial(merging, one, two, people.agent), partial(merging, two, one, people.agent2))
        for one, two in pairs
    ]

    assert [len(refusals(pair)) for pair in answers] == [1] * len(pairs)
    assert Case.objects.filter(close_reason="merged").count() == len(pairs)
    nothing_broken()


def test_two_split_and_one_approves(shop, people):
    orders = [sold(merchant=shop, lines=[(3, 10)], payments=[("wallet", 20)]) for _order in range(15)]
    asked = [opened(order, by=people.agent, reason="agreed") for order in orders]

    def splitting(case, by):
        units = {case.lines.get().pk: 2}
        return patiently(partial(splits.split, case.pk, units, by=by, at=NOON + HOUR, version=1))

    def approving(case):
        return patiently(partial(decisions.approve, case.pk, by=people.merchant, at=NOON + HOUR, version=1))

    answers = [
        at_once(
            partial(splitting, case, people.agent), partial(splitting, case, people.agent2), partial(approving, case)
        )
        for case in asked
    ]

    assert [len(refusals(three)) for three in answers] == [2] * len(asked)
    nothing_broken()
