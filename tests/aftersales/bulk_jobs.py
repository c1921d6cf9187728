"""Acts for many cases: selected, begun, and done to their end."""

from aftersales import sweeps
from aftersales.actions.console import bulk
from aftersales.queries.console.bulk import Selected
from aftersales.rules.vocabulary import CaseType
from tests.factories import NOON, opened, sold


def asked(order, buyer, count, amount=100):
    """So many cases that can be agreed to, each about an unshipped order of the same buyer."""
    shared = {"merchant": order.merchant, "buyer": order.buyer, "unshipped": True}
    orders = [sold(lines=[(2, amount)], **shared) for _each in range(count)]
    return [opened(each, by=buyer, type=CaseType.REFUND_ONLY) for each in orders]


def picked(*rows):
    return [Selected(row.pk, row.version) for row in rows]


def begun(action, rows, by, **terms):
    return bulk.begin(action, terms, picked(*rows), by=by, at=NOON)


def results(job, at=NOON):
    """Outcome and reason of each row by its case, once all is done."""
    while sweeps.run_bulk(at):
        continue
    job.refresh_from_db()
    assert not job.is_moving
    return {row.case_id: (row.outcome, row.reason) for row in job.rows.all()}


def only_outcomes(job, at=NOON):
    return [outcome for outcome, _reason in results(job, at).values()]
