"""Cases that the platform decides, suspends, or takes up again."""

from datetime import datetime

from aftersales.actions.cases import decisions
from aftersales.actions.disputes import arbitration
from aftersales.demo import phrases
from aftersales.demo.fixtures import DAY, HOUR, Fixtures
from aftersales.demo.stories.answers import rejected_once
from aftersales.demo.stories.requests import Story
from aftersales.models import Case
from aftersales.rules.vocabulary import Fault, SuspensionCause


def judged(fixtures: Fixtures, at: datetime, reason: str, *, verdict: str = "") -> Story:
    """Rejected, taken to the platform, and decided, suspended for a cause or still open."""
    case = yield from rejected_once(fixtures, at, reason)
    at += 9 * HOUR
    yield at
    arbitration.escalate(case.pk, by=fixtures.buyer(case), at=at, why=fixtures.say(phrases.DISAGREE))
    yield at + 3 * HOUR
    fixtures.chat(case, phrases.REFUSAL, at + 3 * HOUR, by=fixtures.decider)
    yield at + 20 * HOUR
    _rule(fixtures, case, at + 20 * HOUR, verdict)


def _rule(fixtures: Fixtures, case: Case, at: datetime, verdict: str) -> None:
    by = fixtures.actors["supervisor"]
    if verdict == "buyer":
        arbitration.rule_for_buyer(case.pk, by=by, at=at, ruling=fixtures.say(phrases.RULING), liable=Fault.MERCHANT)
    elif verdict == "merchant":
        arbitration.rule_for_merchant(case.pk, by=by, at=at, ruling=fixtures.say(phrases.RULING_FOR_SHOP))
    elif verdict:
        cause = SuspensionCause(verdict)
        arbitration.suspend(case.pk, by=by, at=at, cause=cause, why=fixtures.say(phrases.SUSPENDED[cause]))


def reopened(fixtures: Fixtures, at: datetime, reason: str) -> Story:
    """Ruled for the merchant, then new proof came in."""
    case = yield from rejected_once(fixtures, at, reason)
    yield at + 9 * HOUR
    arbitration.escalate(case.pk, by=fixtures.buyer(case), at=at + 9 * HOUR, why=fixtures.say(phrases.DISAGREE))
    yield at + 30 * HOUR
    by = fixtures.actors["supervisor"]
    arbitration.rule_for_merchant(case.pk, by=by, at=at + 30 * HOUR, ruling=fixtures.say(phrases.RULING_FOR_SHOP))
    yield at + 4 * DAY
    decisions.reopen(case.pk, by=by, at=at + 4 * DAY, why=fixtures.say(phrases.REOPENED))
