"""Cases that become others: converted, split, merged."""

from datetime import datetime

from aftersales.actions.cases import decisions
from aftersales.actions.cases.applications import Application
from aftersales.actions.cases.reshaping import conversions, merges, splits
from aftersales.demo import phrases
from aftersales.demo.fixtures import HOUR, MINUTE, Fixtures
from aftersales.demo.stories.requests import Story, asked
from aftersales.models import Reason
from aftersales.rules.vocabulary import CaseType


def converted(fixtures: Fixtures, at: datetime, reason: str, type: CaseType) -> Story:
    """Asked for a return, talked over, and gone on with as something else."""
    case = yield from asked(fixtures, at, CaseType.RETURN_REFUND, reason)
    yield at + 3 * HOUR
    why = fixtures.say(phrases.RATHER)
    application = Application(case.order_id, type, Reason.objects.get(code=reason), {})
    conversions.convert(case.pk, application, by=fixtures.agent, at=at + 3 * HOUR, why=why)


def split(fixtures: Fixtures, at: datetime, reason: str) -> Story:
    """One of the units goes its own way: the rest is sent back."""
    case = yield from asked(fixtures, at, CaseType.RETURN_REFUND, reason, many=True)
    yield at + 4 * HOUR
    line = case.lines.get()
    splits.split(case.pk, {line.pk: 1}, by=fixtures.agent, at=at + 4 * HOUR, why=fixtures.say(phrases.ONE_APART))
    yield at + 6 * HOUR
    decisions.approve(case.pk, by=fixtures.decider, at=at + 6 * HOUR)


def merged(fixtures: Fixtures, at: datetime, reason: str) -> Story:
    """Asked twice about one order: the second request is merged into the first."""
    yield at
    order = fixtures.order("signed", at, pair=True)
    first = fixtures.apply(order, at, type=CaseType.RETURN_REFUND, reason=reason)
    fixtures.greet(first, at + 3 * MINUTE)
    yield at + 2 * HOUR
    second = fixtures.apply(order, at + 2 * HOUR, type=CaseType.RETURN_REFUND, reason=reason, position=2)
    fixtures.greet(second, at + 2 * HOUR + 4 * MINUTE)
    yield at + 3 * HOUR
    merges.merge(second.pk, first.pk, by=fixtures.agent, at=at + 3 * HOUR, why=fixtures.say(phrases.TOGETHER))
