"""The components that pages are made of, and the pages of errors, by themselves."""

import re
from datetime import timedelta

import pytest
from django.template.loader import render_to_string

from aftersales.views.buttons import Button
from tests.aftersales.templatetags.noon import NOON


def test_the_clock_card_says_what_happens_and_how_much_is_used():
    card = render_to_string(
        "components/case/clock.html",
        {
            "now": NOON,
            "due_at": NOON + timedelta(hours=12),
            "started_at": NOON - timedelta(hours=36),
            "says": "Approves by itself at midnight",
            "basis": "48 h, policy v7",
        },
    )

    assert "12:00:00" in card
    assert "Approves by itself at midnight" in card
    assert "48 h, policy v7" in card
    assert 'value="75"' in card


def test_what_people_typed_stays_text():
    entry = {"kind": "buyer", "who": "<b>", "at": NOON, "text": "<script>alert(1)</script>"}

    shown = render_to_string("components/case/timeline_entry.html", {"entry": entry, "now": NOON})

    assert "<script" not in shown
    assert "&lt;script&gt;" in shown


def test_actions_that_are_not_possible_say_why():
    shown = render_to_string(
        "components/case/next_step.html",
        {
            "primary": Button("Agree", "/agree/", "g", css="primary", is_dialog=True),
            "unavailable": [{"label": "Refund", "reason": "The goods are not back yet."}],
        },
    )

    assert '<a class="btn primary" href="/agree/" hx-get="/agree/"' in shown
    assert "<kbd" in shown
    assert "The goods are not back yet." in shown


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_the_last_resort_pages_stand_without_any_context(name, settings):
    settings.STORAGES = {"staticfiles": {"BACKEND": "nowhere.Missing"}}

    shown = render_to_string(name)

    assert "<h1>" in shown


@pytest.mark.parametrize("name", ["403.html", "404.html", "409.html", "422.html", "429.html"])
def test_error_pages_say_what_happened_and_offer_a_way_on(name):
    shown = render_to_string(name)

    assert re.search(r"<h1>\s*\S", shown)
    assert 'class="btn primary" href="/' in shown
