"""Deductions by property: parts sum to the whole, none makes a refund negative, bundles give back all in any order."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from aftersales.rules.refunds import settlement
from aftersales.rules.refunds.settlement import Found, Gift, Item, Stays

D = Decimal
CNY = "CNY"
fen = st.integers(0, 100_000).map(lambda count: D(count) / 100)
percents = st.integers(0, 5000).map(lambda count: D(count) / 100)
units = st.integers(1, 9)


def case_of(**fields):
    policy = {
        "deducts_missing_gifts": True,
        "reprices_bundles": True,
        "outbound_freight": D(0),
    } | fields.pop("policy", {})
    given = {
        "type": "return_refund",
        "fault": "buyer",
        "liable_party": "",
        "currency": CNY,
        "freight_payer": "buyer",
        "freight_rule": "buyer_fault",
        "goods_state": "unshipped",
        "return_freight_amount": D(0),
    }
    given |= fields
    return SimpleNamespace(**given, at_fault=given["liable_party"] or given["fault"], policy=SimpleNamespace(**policy))


FEES = ("restocking_percent", "restocking_used_percent", "restocking_late_percent", "depreciation_day_percent")


def policy_of(**fields):
    return SimpleNamespace(**{name: D(0) for name in FEES} | {"restocking_late_days": 7} | fields)


used_days = st.sampled_from([0, 1, 30, 400])


@st.composite
def settlements(draw):
    """A case, what comes back, and all that can be held against it."""
    case = case_of(
        fault=draw(st.sampled_from(["buyer", "merchant", "carrier", "unresolved"])),
        freight_payer=draw(st.sampled_from(["buyer", "merchant"])),
        freight_rule=draw(st.sampled_from(["buyer_fault", "free_freight_lost"])),
        goods_state="unshipped",
        return_freight_amount=draw(fen),
        policy={"outbound_freight": draw(fen)},
    )
    items = [
        Item(number, draw(units), draw(fen), policy_of(**{name: draw(percents) for name in FEES}), draw(used_days))
        for number in range(1, draw(st.integers(1, 4)) + 1)
    ]
    found = Found(
        used={item.line_id: draw(st.integers(0, 9)) for item in items},
        sent_after=draw(st.sampled_from([None, timedelta(days=1), timedelta(days=9)])),
        gifts=[Gift(8, 1, draw(fen))] if draw(st.booleans()) else [],
        stays={"set": [Stays(9, draw(units), draw(fen), draw(fen))]} if draw(st.booleans()) else {},
    )
    return case, items, found, draw(fen)


@given(settlements())
def test_parts_sum_to_the_whole_and_nothing_is_negative(drawn):
    case, items, found, freight = drawn

    drafts = settlement.work_out(case, items, freight=freight, agreed=None, source="offer", found=found)

    total = settlement.total(drafts)
    parts = settlement.spread(drafts, items, CNY)
    goods = sum(item.amount for item in items)
    assert freight <= total <= goods + freight
    assert sum(parts.values()) + freight == total
    assert all(0 <= parts[item.line_id] <= item.amount for item in items)
    assert all(draft.amount < 0 and draft.rule for draft in drafts if draft.kind not in ("goods", "freight"))


@given(settlements())
def test_at_the_merchants_fault_nothing_is_taken_for_condition_lateness_or_bundle(drawn):
    case, items, found, freight = drawn
    case.at_fault = "merchant"

    drafts = settlement.work_out(case, items, freight=freight, agreed=None, source="offer", found=found)

    assert not {draft.kind for draft in drafts} & {"restocking", "bundle"}


@st.composite
def torn_bundles(draw):
    """A bundle cheaper than its parts, and an order in which its units go back."""
    lines = draw(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 5000)), min_size=2, max_size=4))
    alone = [D(price) / 100 for _units, price in lines]
    discount = draw(st.integers(0, 100))
    paid = [(D(count * price) / 100 * discount / 100).quantize(D("0.01")) for count, price in lines]
    turns = draw(st.permutations([number for number, (count, _price) in enumerate(lines) for _unit in range(count)]))
    return [count for count, _price in lines], alone, paid, turns


@given(torn_bundles())
def test_a_bundle_taken_apart_gives_all_back_in_any_order(drawn):
    counts, alone, paid, turns = drawn
    left, money_left, given_back = list(counts), list(paid), []

    for turn in turns:
        share = (
            money_left[turn] if left[turn] == 1 else (money_left[turn] / left[turn]).quantize(D("0.01"), "ROUND_DOWN")
        )
        left[turn] -= 1
        money_left[turn] -= share
        stays = [
            Stays(number, left[number], money_left[number], alone[number])
            for number in range(len(counts))
            if left[number]
        ]
        found = Found(stays={"set": stays} if stays else {})
        drafts = settlement.work_out(
            case_of(), [Item(turn, 1, share)], freight=D(0), agreed=None, source="offer", found=found
        )
        total = settlement.total(drafts)
        withheld = share - total
        for number, short in settlement.shortfalls(stays).items():
            moved = min(short, withheld)
            money_left[number] += moved
            withheld -= moved
        assert withheld == 0
        assert total >= 0
        given_back.append(total)

    assert sum(given_back) == sum(paid)


def test_used_units_pay_the_worst_rate_that_fits_them():
    policy = policy_of(restocking_percent=D(10), restocking_used_percent=D(30), restocking_late_percent=D(20))
    items = [Item(1, 2, D(100), policy)]

    drafts = settlement.restocking_fees(case_of(), items, Found(used={1: 1}, sent_after=timedelta(days=8)))

    assert [(draft.amount, draft.rule) for draft in drafts] == [
        (D("-10.00"), "restocking_late:20"),
        (D("-15.00"), "restocking_used:30"),
    ]


@given(settlements(), st.randoms())
def test_what_an_item_costs_in_fees_depends_on_no_other_item_and_no_order(drawn, random):
    case, items, found, _freight = drawn
    shuffled = random.sample(items, len(items))

    together = settlement.restocking_fees(case, shuffled, found)
    alone = [fee for item in items for fee in settlement.restocking_fees(case, [item], found)]

    assert sorted(together, key=repr) == sorted(alone, key=repr)
    parts = settlement.spread(
        [*(settlement.Draft("goods", each.amount, each.line_id) for each in items), *together], items, CNY
    )
    for item in items:
        fees = sum(fee.amount for fee in together if fee.line_id == item.line_id)
        assert parts[item.line_id] == item.amount + fees


def test_what_comes_off_one_item_is_never_more_than_it_costs():
    worn = policy_of(restocking_percent=D(50), depreciation_day_percent=D(1))
    items = [Item(1, 1, D(60), worn, 90), Item(2, 1, D(40), policy_of())]

    drafts = settlement.work_out(case_of(), items, freight=D(0), agreed=None, source="offer")

    off = [(draft.kind, draft.line_id, draft.amount) for draft in drafts if draft.amount < 0]
    assert off == [("restocking", 1, D(-30)), ("depreciation", 1, D(-30))]
    assert settlement.spread(drafts, items, CNY) == {1: D(0), 2: D(40)}
