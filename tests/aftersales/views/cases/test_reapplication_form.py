"""Applying again through the form: only what is possible is offered."""

from decimal import Decimal

import pytest

from tests.aftersales.stages import again, stage
from tests.aftersales.views.desk import address, seat, sent
from tests.aftersales.views.move_table import S

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("six_hours_later")]


def test_more_units_than_there_are_can_not_be_applied_for(order, people):
    case = again(stage(S.REJECTED, order, people))
    line = case.lines.get().order_line_id
    fields = {"type": "return_refund", "reason": case.reason_id, f"units_{line}": "3"}

    response = seat(people.agent).post(address(case, "reapply"), sent(case, **fields))

    assert response.status_code == 422
    assert again(case).status == S.REJECTED


def test_only_what_is_possible_is_offered_when_applying_again(order, people):
    case = again(stage(S.REJECTED, order, people))

    form = seat(people.agent).get(address(case, "reapply")).context["form"]

    line = case.lines.get().order_line_id
    assert form[f"units_{line}"].value() == 2
    assert form[f"amount_{line}"].value() == Decimal("100.00")
    codes = set(form.fields["reason"].queryset.values_list("code", flat=True))
    assert "broken" in codes
    assert "not_received" in codes
    assert "sent_late" not in codes
