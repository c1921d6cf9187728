"""What tests of instant refunds do with the goods, and the sums they look at."""

from aftersales.actions.returns import inspections
from aftersales.rules.vocabulary import Condition
from tests.aftersales.stages import DAY, HOUR, found, picture, refusal
from tests.factories import NOON


def judged(case, accepted, people, *, at=NOON + DAY + HOUR):
    """So many of the received units pass, the others do not."""
    line = case.lines.get()
    findings = found(line, accepted) + found(line, line.units_received - accepted, accepted=False)
    return inspections.pass_inspection(case.pk, findings, by=people.warehouse, at=at)


def failed(case, people, *, at=NOON + DAY + HOUR):
    line = case.lines.get()
    findings = found(line, line.units_received, accepted=False, condition=Condition.USED, photos=(picture(),))
    return inspections.fail_inspection(
        case.pk, findings, by=people.warehouse, at=at, reason=refusal(), note="Worn for weeks."
    )


def sums(case):
    """What is with the buyer, and what is asked back."""
    paid = sum(refund.amount for refund in case.refunds.filter(status="succeeded"))
    return paid, sum(receivable.amount for receivable in case.receivables.filter(kind="clawback"))
