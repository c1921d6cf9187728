"""A moment by two clocks: the reader's first, the shop's beside it where it shows another time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from aftersales.rules.console import zones
from aftersales.rules.phrases import moment_text

SHANGHAI, NEW_YORK, SINGAPORE = (ZoneInfo(name) for name in ("Asia/Shanghai", "America/New_York", "Asia/Singapore"))
MIDNIGHT = datetime(2026, 3, 11, 4, tzinfo=UTC)  # in New York


def test_who_is_elsewhere_reads_their_own_time_and_that_of_the_shop():
    with timezone.override(SHANGHAI):
        said = zones.by_both(MIDNIGHT, NEW_YORK, moment_text)

    assert said == "11 Mar 2026, 12:00 (11 Mar 2026, 00:00 in New York)"


def test_who_reads_the_same_clock_reads_one_time():
    with timezone.override(SINGAPORE):
        assert zones.by_both(MIDNIGHT, SHANGHAI, moment_text) == "11 Mar 2026, 12:00"
    with timezone.override(NEW_YORK):
        assert zones.by_both(MIDNIGHT, NEW_YORK, moment_text) == "11 Mar 2026, 00:00"


def test_in_chinese_the_place_is_named_in_chinese():
    with timezone.override(SHANGHAI), translation.override("zh-hans"):
        assert "纽约时间" in zones.by_both(MIDNIGHT, NEW_YORK, moment_text)


def test_who_has_no_clock_we_know_reads_that_of_the_shop():
    with timezone.override(SINGAPORE):
        assert zones.by_shop(MIDNIGHT, "America/New_York", moment_text) == "11 Mar 2026, 00:00 (New York time)"
        assert zones.by_shop(MIDNIGHT, "Asia/Shanghai", moment_text) == "11 Mar 2026, 12:00"


@pytest.mark.parametrize(
    ("name", "place"),
    [("America/Argentina/Buenos_Aires", "Argentina / Buenos Aires"), ("UTC", "UTC"), ("Europe/Berlin", "Berlin")],
)
def test_a_zone_is_named_after_its_place(name, place):
    assert str(zones.place(name)) == place
