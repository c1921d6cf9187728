"""How many repairs have failed: over all cases of a thing, by any fault or by the same one."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from aftersales.rules.replacements import failed_repairs
from aftersales.rules.replacements.failed_repairs import NO_FAULT, Attempt
from aftersales.rules.replacements.repair_kinds import RepairCause, RepairOutcome
from tests.factories import NOON

PERFORMANCE = [cause for cause in RepairCause if cause not in NO_FAULT]


def attempt(day, outcome="repaired", cause="sound", *, own=False, serial="SN", at_fault="merchant"):
    return Attempt(own, serial, cause, outcome, at_fault, NOON + timedelta(days=day))


attempts = st.lists(
    st.builds(
        attempt,
        st.integers(0, 300),
        st.sampled_from(RepairOutcome.values),
        st.sampled_from(["", *RepairCause.values]),
        own=st.booleans(),
        serial=st.sampled_from(["", "SN", "OTHER"]),
        at_fault=st.sampled_from(["merchant", "buyer", "carrier"]),
    ),
    unique_by=lambda each: each.diagnosed_at,
    max_size=7,
)


def test_what_was_repaired_twice_and_does_not_work_again_has_failed_twice():
    known = [attempt(1), attempt(2, cause="display"), attempt(3, "open", "power", own=True)]

    assert failed_repairs.number(known) == 2
    assert failed_repairs.number(known, same_fault=True) == 0


def test_what_works_again_and_has_not_come_back_has_not_failed():
    assert failed_repairs.number([attempt(1, own=True)]) == 0
    assert failed_repairs.number([attempt(1, "unrepaired"), attempt(2, own=True)]) == 0


def test_of_two_things_in_a_case_each_has_its_own_repairs():
    known = [attempt(1, serial="A"), attempt(2, serial="B")]
    known += [attempt(3, "open", own=True, serial="A"), attempt(4, "open", own=True, serial="B")]

    assert failed_repairs.number(known) == 1


def test_a_mistyped_number_does_not_make_two_things_of_one():
    known = [attempt(1, "failed", own=True, serial="SN"), attempt(2, "failed", own=True, serial="NS")]

    assert failed_repairs.number(known) == 1
    assert failed_repairs.number(known, is_single=True) == 2


@given(attempts)
def test_looks_and_what_the_buyer_broke_never_count(known):
    faults = [each for each in known if each.counts]

    assert failed_repairs.number(known) == failed_repairs.number(faults)
    assert all(each.cause not in NO_FAULT and each.at_fault != "buyer" for each in faults)


@given(attempts, st.randoms())
def test_the_order_in_which_they_are_read_does_not_matter(known, random):
    mixed = random.sample(known, len(known))

    assert failed_repairs.number(mixed) == failed_repairs.number(known)


@given(attempts)
def test_the_same_fault_is_never_more_than_any_fault(known):
    strict, usual = (failed_repairs.number(known, same_fault=same) for same in (True, False))

    assert 0 <= strict <= usual <= len(known)


@given(attempts, st.sampled_from(PERFORMANCE), st.integers(301, 400))
def test_one_more_attempt_given_up_in_the_case_is_one_more(known, cause, day):
    more = [*known, attempt(day, "failed", cause, own=True)]

    assert failed_repairs.number(more) >= max(failed_repairs.number(known), 1)
