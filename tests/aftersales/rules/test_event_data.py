"""What events carry: each kind its own keys, the words of the timeline and the types in step."""

import pytest

from aftersales import moves
from aftersales.moves import deciding
from aftersales.rules import event_data


def test_every_kind_with_data_has_words_in_the_timeline():
    assert moves.where(lambda act: act.carries is not event_data.Nothing) <= moves.where(lambda act: act.said)


def test_readers_of_any_event_know_the_keys_of_each_kind():
    keys = {key for act in moves.EVERY.values() for key in act.carries.__annotations__}
    keys |= event_data.ForBuyer.__annotations__.keys()

    assert keys == event_data.Details.__annotations__.keys()


def test_an_event_is_written_with_the_keys_of_its_kind():
    assert deciding.EXTEND.checked({"kind": "offer", "days": 2}) == {"kind": "offer", "days": 2}
    assert deciding.WITHDRAW.checked({}) == {}


@pytest.mark.parametrize(("action", "data"), [("extend", {"amount": "1"}), ("withdraw", {"days": 2})])
def test_a_key_that_nobody_would_read_is_refused(action, data):
    with pytest.raises(ValueError, match=f"“{action}” carries no {next(iter(data))}"):
        moves.EVERY[action].checked(data)
