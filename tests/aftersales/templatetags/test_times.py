"""Clocks, and instants relative to now."""

from datetime import timedelta

import pytest
from django.template import Context, Template

from tests.aftersales.templatetags.noon import NOON


@pytest.mark.parametrize(
    ("left", "look", "text"),
    [
        (timedelta(hours=3, minutes=12, seconds=4), "chip", "3 h 12 min"),
        (timedelta(hours=3, minutes=12, seconds=4), "long", "3 h 12 min left"),
        (timedelta(hours=3, minutes=12, seconds=4), "loud", "3:12:04"),
        (timedelta(minutes=-18), "chip", "18 min over"),
        (timedelta(minutes=-18), "loud", "0:18:00"),
        (timedelta(days=2, hours=1), "loud", "2 d 1 h"),
    ],
)
def test_a_clock_says_what_is_left_or_over(rendered, left, look, text):
    shown = rendered("{% clock due look=look %}", due=NOON + left, look=look)

    assert f">{text}</time>" in shown
    assert f'datetime="{(NOON + left):%Y-%m-%dT%H:%M:%SZ}"' in shown
    assert " data-due" in shown


def test_a_clock_without_an_instant_in_the_page_reads_the_server_s():
    shown = Template("{% load desk %}{% clock due %}").render(Context({"due": NOON + timedelta(minutes=5)}))

    assert ">5 min<" in shown


def test_a_paused_clock_does_not_tick(rendered):
    shown = rendered("{% clock due look='long' paused=kept %}", due=NOON, kept=timedelta(hours=30))

    assert "paused, 1 d 6 h left" in shown
    assert "is-paused" in shown
    assert "data-due" not in shown


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(hours=2), "2 h ago"),
        (timedelta(hours=-2), "in 2 h"),
        (timedelta(days=30), "8 Feb, 12:00"),
        (timedelta(days=100), "30 Nov 2025, 12:00"),
    ],
)
def test_an_instant_is_relative_for_a_week_then_a_date(rendered, ago, text):
    shown = rendered("{% when at %}", at=NOON - ago)

    assert f">{text}</time>" in shown
    assert 'title="' in shown
