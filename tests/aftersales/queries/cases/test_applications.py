"""What could be asked for an order: the same answer as applying gives, with the sentence for what could not."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from aftersales.actions.cases import decisions
from aftersales.queries.cases import applications
from aftersales.rules.vocabulary import CaseType
from orders.refusals import Refused
from tests.factories import NOON, asks, opened, sold, tiny_photo

pytestmark = pytest.mark.django_db
REFUND, RETURN = CaseType.REFUND_ONLY, CaseType.RETURN_REFUND


def possible(order, at=NOON):
    return applications.options(order, order.lines.order_by("position"), at)


@pytest.mark.parametrize("kind", CaseType)
@pytest.mark.parametrize("goods", ["order", "unsigned", "unshipped"])
def test_a_reason_is_offered_exactly_when_applying_takes_it(kind, goods, request, buyer):
    sold_one = request.getfixturevalue(goods)

    for days in (0, 5, 6, 14, 16, 40):
        offered_as_taken(kind, sold_one, NOON + timedelta(days=days), buyer)


def offered_as_taken(kind, sold_one, at, buyer):
    """Each reason that is offered is taken, each other one refused in the words of the form."""
    option = possible(sold_one, at)[kind]
    for fit in option.reasons:
        asked = asks(sold_one, type=kind, reason=fit.reason.code, price_now=Decimal(10), photos=[tiny_photo()])
        with transaction.atomic():
            assert decisions.apply(asked, by=buyer, at=at).policy == fit.policy
            transaction.set_rollback(True)
    for reason, sentence in option.unfit:
        asked = asks(sold_one, type=kind, reason=reason.code, price_now=Decimal(10), photos=[tiny_photo()])
        with pytest.raises(Refused) as refused:
            decisions.apply(asked, by=buyer, at=at)
        assert str(refused.value) == sentence


def test_a_return_of_goods_not_shipped_is_not_possible(unshipped):
    assert possible(unshipped)[RETURN].refusal == "Not while the goods are: Not shipped."
    assert possible(unshipped)[REFUND].refusal == ""


def test_when_the_window_has_closed_the_sentence_says_when(order):
    refusal = possible(order, NOON + timedelta(days=60))[RETURN].refusal

    assert refusal.startswith("The time to ask for this ended at ")


def test_a_line_says_which_units_are_in_a_case_and_which_are_free(order, buyer):
    case = opened(order, by=buyer, units={order.lines.get().pk: 1})

    offers = [possible(order)[kind].lines[0] for kind in (RETURN, REFUND)]

    assert [offer.where for offer in offers] == [f"1 in case {case.number}, 1 free"] * 2
    assert [offer.units(RETURN) for offer in offers] == [1, 1]
    assert not any(offer.refusal for offer in offers)


def test_a_line_whose_units_are_all_in_cases_says_in_which(order, buyer):
    line = order.lines.get()
    cases = [opened(order, by=buyer, units={line.pk: 1}) for _unit in range(2)]

    option = possible(order)[RETURN]

    places = " · ".join(f"1 in case {case.number}" for case in cases)
    assert option.refusal == option.lines[0].refusal
    assert option.refusal == f"{line.title}: 0 of 2 can still be asked for. In cases: {places}."


@pytest.mark.parametrize("kind", [CaseType.COMPENSATION, CaseType.PRICE_PROTECTION])
def test_units_that_are_in_a_case_about_money_alone_can_still_be_returned(kind, order, buyer):
    line = order.lines.get()
    reason = "price_dropped" if kind == CaseType.PRICE_PROTECTION else "stain_or_smell"
    case = opened(
        order, by=buyer, type=kind, reason=reason, units={line.pk: 1}, price_now=Decimal(40), photos=[tiny_photo()],
    )  # fmt: skip

    options = possible(order)

    assert options[kind].lines[0].units(kind) == 1
    assert options[RETURN].lines[0].units(RETURN) == 2
    assert options[kind].lines[0].where == f"1 in case {case.number} ({kind.label}), 2 free"


def test_units_are_worth_their_share_and_the_last_take_the_rest(shop):
    order = sold(merchant=shop, lines=[(3, 10)])
    offer = possible(order)[RETURN].lines[0]

    assert [str(offer.worth(units, "CNY")) for units in (1, 2, 3)] == ["3.33", "6.66", "10.0000"]
    assert offer.worth(0, "CNY") == offer.worth(4, "CNY") == 0


def test_freight_goes_back_only_when_nothing_was_shipped(order, unshipped, shop):
    assert applications.freight_note(unshipped) == ""
    assert applications.freight_note(order) == "The freight stays paid: goods were shipped."
    assert applications.freight_note(sold(merchant=shop, freight_amount=0)) == "No freight was paid."


def test_it_takes_eight_queries_however_many_items(shop, django_assert_num_queries):
    small, large = sold(merchant=shop), sold(merchant=shop, lines=[(1, 10)] * 8)

    for order in (small, large):
        lines = list(order.lines.all())
        with django_assert_num_queries(8):
            dict(applications.options(order, lines, NOON))
