"""What a dialog announces is what happens: it speaks of the goods as they are now, and asks again when they move."""

import pytest

from aftersales.rules.vocabulary import CaseType
from orders import delivery
from tests.aftersales.stages import HOUR, again
from tests.aftersales.views.desk import address, seat, sent
from tests.factories import NOON, opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("six_hours_later")]


@pytest.fixture
def asked(unshipped, buyer):
    return opened(unshipped, by=buyer, type=CaseType.REFUND_ONLY)


def test_goods_that_left_since_it_was_asked_are_said_before_it_is_confirmed(asked, merchant):
    delivery.note_shipped(asked.order_id, NOON + HOUR)

    page = seat(merchant).get(address(asked, "approve"))

    assert page.context["preview"] == (
        "When this was asked the goods were: Not shipped; now they are: Shipped, not signed for. "
        "The carrier is asked to stop the parcel; ¥100.00 goes back once it is stopped."
    )


def test_goods_that_arrived_come_back_and_the_dialog_asks_where_to(asked, merchant):
    delivery.note_signed(asked.order_id, NOON + HOUR, NOON + HOUR)

    page = seat(merchant).get(address(asked, "approve"))

    assert "The buyer sends the goods back within 7 days" in page.context["preview"]
    assert "address" in page.context["form"].fields
    assert page.context["label"] == "Agree to the return"


def test_facts_that_move_while_a_dialog_is_open_are_read_before_it_is_confirmed(asked, merchant):
    client = seat(merchant)
    seen = client.get(address(asked, "approve")).context["preview"]
    delivery.note_signed(asked.order_id, NOON + HOUR, NOON + HOUR)

    stopped = client.post(address(asked, "approve"), sent(asked, outcome=seen, why="Of course."))
    unmoved = again(asked)
    done = client.post(address(asked, "approve"), sent(asked, outcome=stopped.context["preview"], why="Of course."))

    assert (stopped.status_code, unmoved.status) == (422, "pending_merchant")
    assert "has changed since you opened it" in stopped.text
    assert "Of course." in stopped.text
    assert (done.status_code, again(asked).status) == (302, "awaiting_return")


def test_a_request_that_came_too_late_by_the_dates_known_now_is_said(unsigned, buyer, merchant):
    case = opened(unsigned, by=buyer, type=CaseType.RETURN_REFUND)
    delivery.note_signed(case.order_id, NOON - 720 * HOUR, NOON - 720 * HOUR)

    page = seat(merchant).get(address(case, "approve"))

    assert "By the dates known now the time to ask ended" in page.context["preview"]
