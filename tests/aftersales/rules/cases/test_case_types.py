"""The records of the types, beside what the domain (§2) says of each by hand."""

import pytest

from aftersales.models import Policy
from aftersales.rules.cases import case_types
from aftersales.rules.cases.case_types import CASE_TYPES
from aftersales.rules.vocabulary import CaseType, GivenAs, GoodsState
from aftersales.templatetags.icons import icon

# Whether units are held, goods come back, something is sent, something is repaired; where the goods can be.
TRAITS = {
    "refund_only": ("holds", "", "", "", "unshipped shipped signed"),
    "return_refund": ("holds", "returns", "", "", "shipped signed"),
    "exchange": ("holds", "returns", "sends", "", "signed"),
    "repair": ("holds", "returns", "sends", "repairs", "signed"),
    "reship": ("holds", "", "sends", "", "shipped signed"),
    "price_protection": ("", "", "", "", "unshipped shipped signed"),
    "compensation": ("", "", "", "", "unshipped shipped signed"),
    "order_change": ("holds", "", "", "", "unshipped shipped"),
}


def named(record):
    return (
        "holds" if record.holds_units else "",
        "returns" if record.returns else "",
        "sends" if record.sends else "",
        "repairs" if record.repairs else "",
        " ".join(state for state in GoodsState.values if state in record.goods),
    )


def test_every_type_has_a_record_in_the_order_of_lists():
    assert list(CASE_TYPES) == CaseType.values


def test_what_is_held_comes_back_and_is_sent():
    assert {kind: named(record) for kind, record in CASE_TYPES.items()} == TRAITS


@pytest.mark.parametrize("kind", CaseType)
def test_a_record_can_be_used(kind):
    record = case_types.of(kind)

    assert "<svg" in icon(record.icon)
    assert len(record.key) == 1
    assert record.given_as[0] == GivenAs.MONEY
    assert set(record.offered_while) | set(record.instant_while) <= set(GoodsState)
    assert not record.window or Policy._meta.get_field(record.window)
    assert not record.repairs or (record.returns and record.sends)
    assert not record.may_send_first or (record.returns and record.sends_from_stock)
    for said in (record.consequence, record.consequence_sent_first):
        assert str(said) % {"days": 7, "hours": 72, "amount": "9.00"} or not said


def test_no_key_opens_two_forms():
    keys = [record.key for record in CASE_TYPES.values()]
    assert len(set(keys)) == len(keys)


def test_the_checks_of_the_database_name_the_same_types():
    """case_change_of_order_changes_only and case_in_kind_is_compensation say it in SQL, type by type."""
    assert [kind for kind, record in CASE_TYPES.items() if record.changes] == [CaseType.ORDER_CHANGE]
    assert [kind for kind, record in CASE_TYPES.items() if record.may_be_in_kind] == [CaseType.COMPENSATION]
