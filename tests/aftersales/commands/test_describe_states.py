"""The page of rules is what the code says, or the check fails."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import translation

from aftersales.management.commands import describe_states
from aftersales.models import Policy
from aftersales.moves import CHART
from aftersales.queries.policies import state_tables
from aftersales.rules.vocabulary import Status


def described():
    out = StringIO()
    call_command("describe_states", stdout=out)
    return out.getvalue()


def test_docs_are_what_the_code_says():
    call_command("describe_states", "--check")


def test_a_stale_page_fails_the_check(tmp_path, monkeypatch):
    page = tmp_path / "states.md"
    monkeypatch.setattr(describe_states, "PAGE", page)

    with pytest.raises(SystemExit) as missing:
        call_command("describe_states", "--check", stderr=StringIO())
    call_command("describe_states", "--write")
    call_command("describe_states", "--check")
    page.write_text(page.read_text() + "edited by hand")
    with pytest.raises(SystemExit) as stale:
        call_command("describe_states", "--check", stderr=StringIO())

    assert (missing.value.code, stale.value.code) == (1, 1)


def test_every_state_action_and_number_is_there_in_any_language():
    with translation.override("zh-hans"):
        text = described()

    assert text == described()
    assert all(f"`{status}`" in text for status in Status)
    assert all(f"(`{action}`)" in text for action in CHART)
    assert "Merchant's answer: 48 hours → Agree" in text
    assert "2 business days → Platform pays" in text


def test_a_policy_of_ones_own_shows_its_numbers():
    strict = Policy(response_hours=1, refund_business_days=1)

    with translation.override("en"):
        texts = {length.kind: str(length.text) for row in state_tables.states(strict) for length in row.starts}

    assert texts["merchant_response"] == "1 hour"
    assert texts["refund"] == "1 business day"
