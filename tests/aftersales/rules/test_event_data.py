"""What events carry: each kind its own keys, the words of the timeline and the types in step."""

import pytest

from aftersales.queries import case_words
from aftersales.rules import event_data


def test_every_kind_with_data_has_words_in_the_timeline():
    assert event_data.KINDS.keys() <= case_words.HAPPENED.keys()


def test_readers_of_any_event_know_the_keys_of_each_kind():
    keys = {key for shape in event_data.KINDS.values() for key in shape.__annotations__}

    assert keys == event_data.Details.__annotations__.keys()


def test_an_event_is_written_with_the_keys_of_its_kind():
    assert event_data.checked("extend", {"kind": "offer", "days": 2}) == {"kind": "offer", "days": 2}
    assert event_data.checked("withdraw", {}) == {}


@pytest.mark.parametrize(("action", "data"), [("extend", {"amount": "1"}), ("withdraw", {"days": 2})])
def test_a_key_that_nobody_would_read_is_refused(action, data):
    with pytest.raises(ValueError, match=f"“{action}” carries no {next(iter(data))}"):
        event_data.checked(action, data)
