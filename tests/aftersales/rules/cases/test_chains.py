"""Where each type goes on, written by hand from the chains of the domain (§2), and that the chart allows every step."""

from itertools import product
from types import SimpleNamespace

import pytest

from aftersales.moves import CHART
from aftersales.moves.record import Part
from aftersales.rules.cases import chains
from aftersales.rules.cases.case_types import CASE_TYPES
from aftersales.rules.vocabulary import CaseType, ChangeKind, GivenAs, GoodsState

# type, and what tells its variants apart → where an agreement leads while goods are unshipped, shipped, signed for.
AGREED = {
    ("refund_only", ""): ("refunding", "intercepting", "refunding"),
    ("return_refund", ""): ("awaiting_return",) * 3,
    ("exchange", ""): ("awaiting_return",) * 3,
    ("exchange", "fast"): ("awaiting_dispatch",) * 3,
    ("repair", ""): ("awaiting_return",) * 3,
    ("reship", ""): ("awaiting_dispatch",) * 3,
    ("price_protection", ""): ("refunding",) * 3,
    ("compensation", "money"): ("refunding",) * 3,
    ("compensation", "coupon"): ("completed",) * 3,
    ("compensation", "points"): ("completed",) * 3,
    ("compensation", "freight"): ("completed",) * 3,
    ("order_change", "address"): ("completed", "intercepting", "completed"),
    ("order_change", "cancel"): ("refunding", "intercepting", "refunding"),
}
# Where goods that came back and passed lead: as asked, and once it is known that nothing can be sent.
INSPECTED = {
    ("return_refund", ""): ("refunding", "refunding"),
    ("exchange", ""): ("awaiting_dispatch", "refunding"),
    ("exchange", "fast"): ("completed", "refunding"),
    ("repair", ""): ("repairing", "refunding"),
}


def case_of(kind, variant, goods="signed", *, here=False, failed=False, owed=0):
    return SimpleNamespace(
        type=kind,
        given_as=variant if variant in GivenAs.values else GivenAs.MONEY,
        change=variant if variant in ChangeKind.values else "",
        dispatches_first=variant == "fast",
        goods_state=goods,
        goods_are_here=here,
        replacement_failed_at="yesterday" if failed else None,
        owed_difference=owed,
    )


def test_the_table_speaks_of_every_type():
    assert {kind for kind, _variant in AGREED} == set(CaseType.values)
    assert {kind for kind, _variant in INSPECTED} == {kind for kind, record in CASE_TYPES.items() if record.returns}


@pytest.mark.parametrize("chain", AGREED)
def test_where_an_agreement_leads(chain):
    led = tuple(chains.after_agreement(case_of(*chain, goods)) for goods in GoodsState.values)

    assert led == AGREED[chain]


@pytest.mark.parametrize("chain", INSPECTED)
def test_where_a_passed_inspection_leads(chain):
    led = tuple(chains.after_inspection(case_of(*chain, here=True, failed=failed)) for failed in (False, True))

    assert led == INSPECTED[chain]


def test_a_difference_that_is_owed_is_paid_at_the_end():
    assert chains.after_receipt(case_of("exchange", "", here=True, owed=5)) == "refunding"
    assert chains.after_receipt(case_of("exchange", "", here=True)) == "completed"
    assert chains.after_inspection(case_of("exchange", "fast", here=True, owed=5)) == "refunding"


def test_after_a_fast_exchange_the_old_goods_are_awaited():
    assert chains.after_receipt(case_of("exchange", "fast")) == "awaiting_return"
    assert chains.after_failed_replacement(case_of("exchange", "fast")) == "awaiting_return"
    assert chains.after_failed_replacement(case_of("exchange", "", here=True)) == "refunding"


@pytest.mark.parametrize("chain", AGREED)
def test_the_chart_allows_every_step_that_a_chain_takes(chain):
    """A ruling, an offer or the clock may take any case to where its chain leads."""
    for goods, here, failed, owed in product(GoodsState.values, (False, True), (False, True), (0, 5)):
        case = case_of(*chain, goods, here=here, failed=failed, owed=owed)
        agreed, inspected = chains.after_agreement(case), chains.after_inspection(case)

        for action in ("approve", "allow", "accept_offer"):
            assert agreed in CHART[action].targets
        ruled = inspected if here and CASE_TYPES[case.type].returns else agreed
        assert ruled in CHART["rule_for_buyer"].targets
        for action in ("pass_inspection", "presume_received"):
            assert inspected in CHART[action].targets
        assert chains.after_receipt(case) in CHART["confirm_receipt"].targets
        assert chains.after_failed_replacement(case) in CHART["give_money_instead"].targets


@pytest.mark.parametrize("part", Part)
def test_a_case_has_the_parts_of_its_chain_and_no_others(part):
    for kind, chain in CASE_TYPES.items():
        assert chains.has(case_of(kind, "cancel"), part) == getattr(chain, part)


def test_a_new_address_is_sent_to_though_its_type_sends_nothing():
    assert chains.has(case_of("order_change", "address"), Part.SENDS)
