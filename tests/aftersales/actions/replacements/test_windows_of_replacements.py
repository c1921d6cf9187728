"""What was sent in an exchange has a time to ask of its own, and a warranty of its own (domain 3a, 三包)."""

import pytest

from aftersales import sweeps
from aftersales.actions.cases import decisions
from aftersales.actions.replacements import dispatches
from aftersales.models import Policy
from aftersales.queries.cases import applications
from aftersales.rules.vocabulary import CaseType
from orders.models import Order
from orders.refusals import Refused
from tests.aftersales.actions.replacements.test_exchanges import came_back, exchange, sent
from tests.aftersales.stages import DAY, HOUR, MINUTE, again, broken, picture, refusal
from tests.factories import NOON, opened

pytestmark = pytest.mark.django_db
ARRIVED = NOON + 20 * DAY  # the first ones were signed for two days before NOON: their week is over


@pytest.fixture
def exchanged(order, people):
    """One of two units was exchanged; the new one arrived long after the first two."""
    case = exchange(order, people, units={order.lines.get().pk: 1})
    came_back(case, people)
    sent(case, people)
    dispatches.confirm(case.pk, by=people.buyer, at=ARRIVED)
    assert again(case).status == "completed"
    return Order.objects.get(pk=order.pk)


def asks(order, people, *, at, units=1, **fields):
    return opened(order, by=people.buyer, at=at, units={order.lines.get().pk: units}, **fields)


def test_a_replacement_is_returned_within_a_week_of_its_own_signature(exchanged, people):
    case = asks(exchanged, people, at=ARRIVED + DAY)

    assert (case.status, case.lines.get().replaced_at) == ("pending_merchant", ARRIVED)
    assert not broken()


def test_its_week_ends_too(exchanged, people):
    with pytest.raises(Refused, match="The time to ask for this ended"):
        asks(exchanged, people, at=ARRIVED + 8 * DAY)


def test_only_as_many_units_as_were_sent_have_the_later_time(exchanged, people):
    with pytest.raises(Refused, match="The time to ask for this ended"):
        asks(exchanged, people, at=ARRIVED + DAY, units=2)


def test_a_policy_may_count_from_the_first_signature(exchanged, people):
    Policy.objects.update(replacement_counts_anew=False)

    with pytest.raises(Refused, match="The time to ask for this ended"):
        asks(exchanged, people, at=ARRIVED + DAY)


@pytest.mark.parametrize("is_anew", [True, False])
def test_the_warranty_is_always_its_own(exchanged, people, is_anew):
    Policy.objects.update(warranty_days=30, replacement_counts_anew=is_anew)
    broken_one = {"type": CaseType.REPAIR, "reason": "broken", "photos": [picture()]}

    assert asks(exchanged, people, at=ARRIVED + 30 * DAY, **broken_one).status == "pending_merchant"


def test_the_price_is_protected_from_the_first_signature(exchanged):
    kind = CaseType.PRICE_PROTECTION
    option = applications.options(exchanged, list(exchanged.lines.all()), ARRIVED + DAY)[kind]

    assert not option.reasons


def test_what_was_asked_in_the_first_week_goes_by_the_first_signature(order, people):
    assert asks(order, people, at=NOON).lines.get().replaced_at is None


def test_the_form_offers_it_until_the_later_time(exchanged):
    option = applications.options(exchanged, list(exchanged.lines.all()), ARRIVED + DAY)[CaseType.RETURN_REFUND]

    offered = next(each for each in option.reasons if each.reason.code == "changed_mind")
    assert ARRIVED + 7 * DAY < offered.closes_at <= ARRIVED + 8 * DAY


def test_silence_agrees_and_nobody_rejects_it_as_too_late(exchanged, people):
    case = asks(exchanged, people, at=ARRIVED + DAY)

    with pytest.raises(Refused):
        decisions.reject(case.pk, by=people.merchant, at=ARRIVED + DAY + HOUR, reason=refusal("window_over"))
    sweeps.fire_deadlines(case.due_at + MINUTE)

    assert again(case).status == "awaiting_return"
