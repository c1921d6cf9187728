"""Invariants that reach beyond the database: the sandbox bank's own books, and the files of photos."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path

from django.conf import settings

from aftersales.models import Evidence, Refund
from aftersales.models.refunds.refund import AT_GATEWAY
from aftersales.queries.oversight.invariant import EXAMPLES, Verdict
from aftersales.rules.vocabulary import RefundStatus
from orders.gateways.sandbox import books
from orders.money import from_minor

BANK = "the sandbox bank paid each number once, and what we call paid"
FILES = "every photo has its file"
# The bank may have paid these, and its answer not have reached us yet.
POSSIBLY_PAID = {*AT_GATEWAY, RefundStatus.QUEUED}


def verdicts() -> Iterator[Verdict]:
    """Those that can be looked at: a bank that was never called and a missing folder are skipped."""
    if books.path().exists():
        yield _verdict(BANK, _misbooked())
    if Path(settings.EVIDENCE_ROOT).is_dir():
        yield _verdict(FILES, _missing_files())


def _verdict(name: str, culprits: Iterable[str]) -> Verdict:
    found = list(culprits)
    return Verdict(name, len(found), tuple(found[:EXAMPLES]))


def _misbooked() -> Iterator[str]:
    paid, twice, unfetched = _bank()
    yield from twice
    ours = Refund.objects.filter(gateway="sandbox").only(
        "number", "amount", "status", "hand_confirmed_by", "chargeback"
    )
    known = set()
    for refund in ours.iterator(chunk_size=20_000):
        known.add(refund.number)
        moved = paid.get(refund.number, Decimal(0))
        is_due = refund.status == RefundStatus.SUCCEEDED and not refund.is_paid_past_gateway
        may_be_paid = refund.status in POSSIBLY_PAID and moved == refund.amount
        if moved != (refund.amount if is_due else 0) and not (refund.number in unfetched or may_be_paid):
            yield refund.number
    # Money that left the bank under a number which we never gave out is the worst kind.
    yield from (number for number, moved in paid.items() if moved and number not in known)


def _bank() -> tuple[dict[str, Decimal], list[str], set[str]]:
    """What each number moved in all; numbers paid twice; numbers with news that we have not fetched."""
    with books.transaction() as file:
        rows = file.execute(
            "SELECT number, currency, sum(amount) AS moved, sum(kind = 'refund') AS times FROM ledger"
            " WHERE kind <> 'top_up' GROUP BY number, currency"
        ).fetchall()
        unfetched = {row["number"] for row in file.execute("SELECT number FROM notice WHERE NOT delivered")}
    paid = {row["number"]: from_minor(row["moved"], row["currency"]) for row in rows}
    return paid, [row["number"] for row in rows if row["times"] > 1], unfetched


def _missing_files() -> Iterator[str]:
    root = Path(settings.EVIDENCE_ROOT)
    paths = Evidence.objects.values_list("path", flat=True).iterator(chunk_size=20_000)
    return (path for path in paths if not (root / path).is_file())
