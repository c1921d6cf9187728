"""The dialog of a move: what is done for the buyer asks for their consent."""

import pytest

from tests.aftersales.stages import again, stage
from tests.aftersales.views.desk import address, seat, sent
from tests.aftersales.views.move_table import S

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("six_hours_later")]


def test_what_is_done_for_the_buyer_asks_how_they_agreed(order, people):
    case = again(stage(S.PENDING_BUYER, order, people))
    client = seat(people.agent)

    form = client.get(address(case, "accept_offer"))
    silent = client.post(address(case, "accept_offer"), sent(case, **{"consent-channel": "", "consent-note": ""}))
    bare = client.post(address(case, "accept_offer"), sent(case, **{"consent-note": " "}))

    assert "You are acting for the buyer" in form.text and "Accept the offer, for the buyer" in form.text
    assert silent.status_code == bare.status_code == 422
    assert "Write down what the buyer said and when" in bare.text
    assert again(case).status == S.PENDING_BUYER
