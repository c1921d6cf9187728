"""Instants in the reader's words."""

from datetime import UTC, datetime, timedelta

import time_machine
from django.utils import translation

from aftersales.rules.console import moments

NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai


@time_machine.travel(NOON, tick=False)
def test_a_moment_of_today_has_no_date():
    with translation.override("en"):
        assert moments.moment(NOON + timedelta(hours=2, minutes=5)) == "14:05"


def test_a_moment_that_never_was_is_a_dash():
    assert moments.moment(None) == "–"
