"""The platform decides: evidence, suspension, rulings for the buyer and for the merchant."""

from datetime import timedelta
from decimal import Decimal

import pytest

from aftersales import sweeps
from aftersales.actions.disputes import arbitration
from aftersales.actions.returns import inspections, receipts, shipments
from aftersales.models import Charge
from aftersales.rules.vocabulary import Condition, Fault
from orders.refusals import Refused
from tests.aftersales.stages import DAY, HOUR, MINUTE, again, found, pay, picture, refusal, stage
from tests.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def disputed(order, people):
    return stage("arbitration", order, people)


def ruled(case, by, at=NOON + 4 * HOUR, **fields):
    return arbitration.rule_for_buyer(
        case.pk, by=by, at=at, ruling="The photo shows it.", liable=Fault.MERCHANT, **fields
    )


def test_buyer_and_merchant_have_a_day_for_evidence_before_the_case_is_decided_on_file(disputed):
    assert (disputed.due_kind, disputed.due_at) == ("evidence", NOON + 2 * HOUR + DAY)

    sweeps.fire_deadlines(disputed.due_at + MINUTE)

    case = again(disputed)
    assert (case.status, case.due_kind) == ("arbitration", "decision")
    assert case.deadlines.get(kind="evidence").status == "fired"


def test_a_ruling_is_given_in_writing(disputed, supervisor):
    with pytest.raises(Refused, match="in writing"):
        arbitration.rule_for_merchant(disputed.pk, by=supervisor, at=NOON + DAY, ruling="  ")


def test_a_ruling_for_the_buyer_takes_the_place_of_the_merchants_approval(disputed, supervisor):
    case = ruled(disputed, supervisor)

    assert (case.status, case.liable_party) == ("awaiting_return", "merchant")
    assert case.return_address is not None
    assert case.events.last().why == "The photo shows it."


@pytest.mark.parametrize("amount", ["0", "-1", "100.01", "0.001"])
def test_a_ruling_gives_no_more_than_was_asked(amount, disputed, supervisor):
    with pytest.raises(Refused):
        ruled(disputed, supervisor, amount=Decimal(amount))


def test_a_ruled_sum_is_paid_as_ruled(order, people):
    case = stage("arbitration", order, people)
    ruled(case, people.supervisor, amount=Decimal(60))
    shipments.ship(case.pk, by=people.buyer, at=NOON + 5 * HOUR, carrier="SF", waybill="SF1")
    line = case.lines.get()
    receipts.receive(case.pk, by=people.warehouse, at=NOON + DAY, units={line.pk: 2})
    inspections.pass_inspection(case.pk, found(line, 2), by=people.warehouse, at=NOON + DAY)
    pay(NOON + DAY)

    assert again(case).agreed_amount == Decimal(60)
    assert list(Charge.objects.values_list("kind", "amount")) == [("goods", Decimal(100)), ("ruling", Decimal(-40))]


def test_goods_that_are_here_are_paid_for_at_once(order, people):
    case = stage("inspecting", order, people)
    line = case.lines.get()
    refused = found(line, 2, accepted=False, condition=Condition.USED, photos=[picture()])
    inspections.fail_inspection(
        case.pk, refused, by=people.warehouse, at=NOON + 4 * HOUR, reason=refusal("unsaleable"), note="Worn."
    )
    arbitration.escalate(case.pk, by=people.buyer, at=NOON + 5 * HOUR)

    case = ruled(case, people.supervisor, at=NOON + 6 * HOUR)

    assert case.status == "refunding"
    # The merchant was found at fault and pays both ways: the freight of the way out goes back too.
    assert again(case).agreed_amount == Decimal(110)


def test_a_ruling_for_the_merchant_closes_the_case_and_frees_what_it_held(disputed, order, supervisor):
    case = arbitration.rule_for_merchant(disputed.pk, by=supervisor, at=NOON + DAY, ruling="The goods are fine.")

    assert (case.status, case.close_reason) == ("closed", "ruled_for_merchant")
    assert order.lines.get().units_left == 2


def test_a_suspended_case_keeps_the_time_that_was_left_for_evidence(disputed, supervisor):
    with pytest.raises(Refused, match="why"):
        arbitration.suspend(disputed.pk, by=supervisor, at=NOON + 3 * HOUR, cause="police", why="")
    case = arbitration.suspend(disputed.pk, by=supervisor, at=NOON + 3 * HOUR, cause="police", why="It looks.")
    assert (case.status, case.due_kind, case.due_at) == ("suspended", "suspension", NOON + 3 * HOUR + 30 * DAY)

    case = arbitration.resume(disputed.pk, by=supervisor, at=NOON + 10 * DAY)

    assert case.due_at == NOON + 10 * DAY + timedelta(hours=23)


def test_a_suspension_ends_after_thirty_days(order, people):
    case = stage("suspended", order, people)

    sweeps.fire_deadlines(case.due_at + MINUTE)

    assert again(case).status == "arbitration"


def test_evidence_that_was_closed_is_not_opened_by_a_suspension(disputed, supervisor):
    sweeps.fire_deadlines(disputed.due_at + MINUTE)
    arbitration.suspend(disputed.pk, by=supervisor, at=NOON + 2 * DAY, cause="police", why="It asks.")

    case = arbitration.resume(disputed.pk, by=supervisor, at=NOON + 4 * DAY)

    assert (case.due_kind, case.deadlines.filter(kind="evidence").count()) == ("decision", 1)
