"""Bars drawn as SVG."""

import re


def test_the_parts_of_a_bar_share_its_scale(rendered):
    parts = [{"label": "new", "value": 30, "meaning": "acc"}, {"label": "old", "value": 10, "meaning": "bad"}]

    drawn = rendered("{% stacked_bar parts 80 'Backlog' %}", parts=parts)

    assert re.findall(r'x="([\d.]+)" width="([\d.]+)"', drawn) == [("0.0", "375.0"), ("375.0", "125.0")]
    assert 'aria-label="Backlog"' in drawn


def test_a_bar_of_nothing_is_empty(rendered):
    parts = [{"label": "new", "value": 0, "meaning": "acc"}]

    assert 'width="0.0"' in rendered("{% stacked_bar parts 0 'Backlog' %}", parts=parts)
