"""Two people, one case; the clock and a person, one deadline: one outcome. Each has its control without locks."""

import random
from collections import Counter
from datetime import timedelta
from functools import partial

import pytest

from aftersales import sweeps
from aftersales.actions import clock
from aftersales.actions.cases import decisions as decision_actions
from aftersales.models import Case, Deadline, Event, Policy, Round
from aftersales.moves import admission
from aftersales.rules import actor
from tests.aftersales.stages import HOUR, refusal
from tests.factories import NOON, opened, sold
from tests.races.clones import cloned
from tests.races.together import at_once, locks, nothing_broken, patiently, pausing, refusals, unlock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def decided_twice(asked):
    """Cases that were both agreed to and rejected, or twice the same."""
    decisions = Counter(
        Event.objects.filter(case__in=asked, action__in=["approve", "reject"]).values_list("case_id", flat=True)
    )
    return [pk for pk, count in decisions.items() if count > 1]


@locks
def test_one_agrees_and_one_rejects_a_hundred_times(locked, order, people, monkeypatch):
    # A hundred agreements of one person are above what an agent decides in a day.
    Policy.objects.update(authority_agent_day=None)
    template = opened(order, by=people.buyer)
    asked = cloned(template, 100 if locked else 25)
    reason = refusal()
    pausing(monkeypatch, admission, "first_refusal")
    if not locked:
        unlock(monkeypatch)

    def agreeing(case):
        return lambda: patiently(lambda: decision_actions.approve(case.pk, by=people.agent, at=NOON + HOUR, version=1))

    def rejecting(case):
        return lambda: patiently(
            lambda: decision_actions.reject(case.pk, by=people.merchant, at=NOON + HOUR, version=1, reason=reason)
        )

    answers = [at_once(agreeing(case), rejecting(case)) for case in asked]

    if not locked:
        assert decided_twice(asked), "without locks both must have won somewhere, or this race proves nothing"
        return
    assert [len(refusals(pair)) for pair in answers] == [1] * 100
    assert decided_twice(asked) == []
    assert Event.objects.filter(case__in=asked, action="attempt").count() == 100
    for case in Case.objects.filter(pk__in=[each.pk for each in asked]):
        won = "agreed" if case.status == "awaiting_return" else "rejected"
        assert Round.objects.get(case=case).outcome == won
        assert (case.reject_reason is None) == (won == "agreed")
        assert (case.approved_at is None) == (won == "rejected")
        live = case.deadlines.filter(status="pending").exclude(kind="first_reply")
        assert [deadline.kind for deadline in live] == ["ship_return" if won == "agreed" else "rejected"]
        assert case.version == 2
    nothing_broken()


def ended(asked, status):
    """Cases whose promise of an answer ended so."""
    promises = Deadline.objects.filter(case__in=asked, kind="merchant_response", status=status)
    return set(promises.values_list("case_id", flat=True))


def answer(cases, replies, reason, people):
    """A merchant rejects each at its own moment; the ids of those it was in time for, and of those it was not."""
    won, lost = set(), set()
    for case in cases:
        try:
            patiently(partial(decision_actions.reject, case.pk, by=people.merchant, at=replies[case.pk], reason=reason))
            won.add(case.pk)
        except decision_actions.Refused:
            lost.add(case.pk)
    return won, lost


@locks
def test_four_sweepers_and_replies_around_the_cut_off(locked, order, people, monkeypatch):
    """The clock sees the deadline pass while people answer within 0.6 s of it."""
    rng = random.Random(5)
    count = 320 if locked else 60
    template = opened(order, by=people.buyer)
    asked = cloned(template, count)
    due, reason = template.due_at, refusal()
    pausing(monkeypatch, admission, "wrong_state" if locked else "first_refusal")
    due_now = clock.due
    monkeypatch.setattr(clock, "due", lambda at: due_now(at, 12))
    if not locked:
        unlock(monkeypatch)
    replies = {case.pk: due + timedelta(seconds=rng.uniform(-0.6, 0.6)) for case in asked}

    won, lost = set(), set()

    def sweeping():
        while sweeps.fire_deadlines(due + clock.GRACE).total():
            pass

    def answering(mine):
        in_time, too_late = answer(mine, replies, reason, people)
        won.update(in_time)
        lost.update(too_late)

    shuffled = rng.sample(asked, len(asked))
    answers = at_once(*[sweeping] * 4, *[partial(answering, shuffled[n::4]) for n in range(4)])
    if not locked:
        assert decided_twice(asked), "without locks the clock and a person must both have won somewhere"
        return
    assert refusals(answers) == []
    sweeps.fire_deadlines(due + clock.GRACE)
    assert decided_twice(asked) == []
    assert ended(asked, "met") == won
    assert ended(asked, "fired") == lost
    assert all(replies[pk] <= due for pk in won)
    tried = set(Event.objects.filter(case__in=asked, action="attempt").values_list("case_id", flat=True))
    assert tried == lost
    assert min(len(won), len(lost)) > 5
    nothing_broken()


def test_two_clocks_after_a_sleep_count_one_outage(order, people):
    sweeps.run(NOON)
    case = opened(order, by=people.buyer)

    at_once(*[lambda: sweeps.note_sleep(NOON + 6 * HOUR)] * 4)
    at_once(*[lambda: sweeps.apply_outages(NOON + 6 * HOUR)] * 4)

    assert Case.objects.get(pk=case.pk).due_at == case.due_at + 6 * HOUR


def test_the_stranger_in_the_race_changes_nothing(order, people):
    case = opened(order, by=people.buyer)
    stranger = actor.buyer(sold().buyer_id)

    answers = at_once(
        *[lambda: decision_actions.withdraw(case.pk, by=stranger, at=NOON + HOUR)] * 3,
        lambda: patiently(lambda: decision_actions.withdraw(case.pk, by=people.buyer, at=NOON + HOUR)),
    )

    assert len(refusals(answers)) == 3
    assert Case.objects.get(pk=case.pk).status == "closed"
