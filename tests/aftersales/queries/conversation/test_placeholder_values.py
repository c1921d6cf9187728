"""What a canned text says of moments: by the clock of the shop, which the buyer knows, whoever writes it."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from aftersales.models import User
from aftersales.queries.conversation import placeholder_values
from orders.models import BusinessCalendar
from tests.aftersales.stages import again
from tests.factories import opened

pytestmark = pytest.mark.django_db
EVENING = datetime(2026, 3, 10, 2, tzinfo=UTC)  # 22:00 of the 9th in New York, 10:00 in Shanghai


def filled(case, agent):
    user = User.objects.get(pk=agent.user_id)
    return placeholder_values.of(["{promise} {today}"], again(case), user, EVENING)


def test_a_moment_in_a_text_is_that_of_the_shop_and_names_its_place(order, people):
    case = opened(order, by=people.buyer, at=EVENING)
    BusinessCalendar.objects.update(time_zone="America/New_York")

    with timezone.override("Asia/Shanghai"):
        said = filled(case, people.agent)

    assert (said["promise"], said["today"]) == ("March 11, 2026, 10 p.m. (New York time)", "March 9, 2026")


def test_where_everybody_is_no_place_is_named(order, people):
    case = opened(order, by=people.buyer, at=EVENING)

    with timezone.override("America/New_York"):
        said = filled(case, people.agent)

    assert (said["promise"], said["today"]) == ("March 12, 2026, 10 a.m.", "March 10, 2026")
