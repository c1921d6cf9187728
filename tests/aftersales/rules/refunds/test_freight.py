"""Who pays the freight, row by row of the rules."""

from decimal import Decimal

import pytest

from aftersales.rules.refunds import freight

SUBJECTIVE, QUALITY, LOGISTICS, AGREED = 1, 4, 6, 7


def paid(problem_class=SUBJECTIVE, fault="buyer", reason_payer="buyer", case_type="return_refund", **more):
    found = freight.payers(
        problem_class=problem_class, fault=fault, reason_payer=reason_payer, case_type=case_type, **more
    )
    return found.back, found.out, found.rule


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ("buyer", "buyer", "buyer_fault")),
        ({"has_free_freight": True}, ("buyer", "merchant", "free_freight")),
        ({"has_free_freight": True, "still_free": False}, ("buyer", "buyer", "free_freight_lost")),
        ({"case_type": "exchange"}, ("buyer", "buyer", "exchange_by_choice")),
        ({"case_type": "exchange", "has_free_freight": True}, ("buyer", "buyer", "exchange_by_choice")),
        (
            {"problem_class": QUALITY, "fault": "merchant", "reason_payer": "merchant"},
            ("merchant", "merchant", "merchant_fault"),
        ),
        (
            {"problem_class": QUALITY, "fault": "merchant", "reason_payer": "merchant", "case_type": "exchange"},
            ("merchant", "merchant", "merchant_fault"),
        ),
        (
            {"problem_class": LOGISTICS, "fault": "carrier", "reason_payer": "merchant"},
            ("merchant", "merchant", "carrier_fault"),
        ),
        ({"problem_class": AGREED, "fault": "unresolved"}, ("merchant", "merchant", "agreed")),
        ({"problem_class": QUALITY, "fault": "unresolved"}, ("buyer", "merchant", "unresolved")),
        ({"reason_payer": "merchant"}, ("merchant", "buyer", "reason_merchant")),
        ({"reason_payer": "merchant", "has_free_freight": True}, ("merchant", "merchant", "reason_merchant")),
        ({"problem_class": QUALITY, "fault": "merchant"}, ("buyer", "merchant", "reason_buyer")),
    ],
)
def test_each_rule_says_who_pays_the_freight(asked, found):
    assert paid(**asked) == found


@pytest.mark.parametrize(
    ("stays", "free_from", "is_free"), [(98, 99, False), (99, 99, True), (0, 99, True), (1, None, True)]
)
def test_free_shipping_is_lost_below_its_threshold(stays, free_from, is_free):
    assert freight.earns_free(Decimal(stays), None if free_from is None else Decimal(free_from)) == is_free


def test_each_rule_is_said_in_a_sentence():
    assert all(freight.why(rule).endswith(".") for rule in freight.WHY)
    assert freight.why("") == ""
