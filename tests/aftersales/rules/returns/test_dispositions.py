"""Where a returned unit goes: what follows from its condition never contradicts it."""

import pytest

from aftersales.rules.returns import dispositions
from aftersales.rules.vocabulary import Condition, Disposition


@pytest.mark.parametrize("condition", Condition)
@pytest.mark.parametrize("is_accepted", [True, False])
@pytest.mark.parametrize("repairs", [True, False])
def test_what_is_presumed_is_allowed(condition, is_accepted, repairs):
    goes_to = dispositions.usual(condition, is_accepted=is_accepted, repairs=repairs)

    if goes_to and not (condition == Condition.EMPTY and is_accepted):
        assert dispositions.contradiction(condition, goes_to, is_accepted=is_accepted, repairs=repairs) is None


@pytest.mark.parametrize(
    ("condition", "goes_to"),
    [("as_new", "restock"), ("opened", "restock"), ("used", "repair"), ("damaged", "scrap"), ("empty", "scrap"),
     ("wrong_item", None), ("swapped", None)],
)  # fmt: skip
def test_an_accepted_unit_goes_where_its_condition_says(condition, goes_to):
    assert dispositions.usual(condition, is_accepted=True) == goes_to


@pytest.mark.parametrize("condition", Condition)
def test_only_what_can_be_sold_as_new_is_restocked(condition):
    refused = dispositions.contradiction(condition, Disposition.RESTOCK, is_accepted=True)

    assert (refused is None) == (condition in (Condition.AS_NEW, Condition.OPENED))
