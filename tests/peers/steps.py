"""Steps that the stories of the field share."""

from aftersales.actions.cases import decisions
from aftersales.rules.vocabulary import CaseType
from tests.aftersales.stages import again, pay
from tests.factories import NOON, opened


def given_back(order, line, people, *, units=1, at=NOON, **fields):
    """A refund of so many units, agreed and paid."""
    case = opened(order, by=people.buyer, units={line.pk: units}, type=CaseType.REFUND_ONLY, at=at, **fields)
    decisions.approve(case.pk, by=people.merchant, at=at)
    pay(at, times=3)
    return again(case)
