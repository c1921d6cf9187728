"""A refund that was agreed to, and the smallest time that decides."""

from datetime import timedelta

from aftersales.actions.cases import decisions
from aftersales.rules.vocabulary import CaseType
from tests.factories import opened

SECOND = timedelta(seconds=1)


def refund_case(order, people, at):
    case = opened(order, by=people.buyer, type=CaseType.REFUND_ONLY, at=at)
    return decisions.approve(case.pk, by=people.merchant, at=at)
