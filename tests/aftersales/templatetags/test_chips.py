"""States are said in words, shape and colour."""

import pytest

from aftersales.rules.vocabulary import RefundStatus, Status
from aftersales.templatetags import chips


@pytest.mark.parametrize("status", Status)
def test_every_case_state_is_said_in_words_and_has_a_meaning(rendered, status):
    badge = rendered("{% state_badge status %}", status=status)

    assert str(status.label) in badge
    assert chips.CASE_MEANINGS[status] in ("", "acc", "good", "warn", "bad", "mute")


@pytest.mark.parametrize("status", RefundStatus)
def test_every_refund_state_is_said_in_words_and_has_a_meaning(rendered, status):
    badge = rendered("{% refund_badge status %}", status=status)

    assert str(status.label) in badge
    assert chips.REFUND_MEANINGS[status] in ("", "acc", "good", "warn", "bad", "mute")


def test_a_failed_refund_and_a_paid_one_do_not_look_alike(rendered):
    assert 'class="chip mark bad"' in rendered("{% refund_badge 'failed' %}")
    assert 'class="chip mark good"' in rendered("{% refund_badge 'succeeded' %}")
