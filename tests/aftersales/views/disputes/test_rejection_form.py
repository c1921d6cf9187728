"""The dialog to reject a request: what the facts speak against is named, not offered."""

import pytest

from tests.aftersales.views.desk import address, seat
from tests.aftersales.views.move_table import reason
from tests.factories import NOON, opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("six_hours_later")]


def test_the_dialog_to_reject_names_what_the_facts_speak_against_and_does_not_offer_it(order, people):
    case = opened(order, by=people.buyer, at=NOON)
    client = seat(people.merchant)

    response = client.get(address(case, "reject"))

    form = response.context["form"]
    offered = {value for value, _label in form["reason"].field.choices}
    assert [each.code for each, _why in form.unavailable] == ["window_over"]
    assert not {str(each.pk) for each, _why in form.unavailable} & offered
    assert str(reason("goods_fine")) in offered
    assert "does not apply: the buyer applied on" in response.text
