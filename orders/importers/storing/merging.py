"""What a source reports about an order that is known: whether it is newer, and which row it is about. Pure."""

from collections.abc import Hashable, Sequence
from datetime import datetime

from orders.importers.facts import LineFacts, OrderFacts
from orders.importers.sources import statuses
from orders.models.order import OrderLine, OrderStatus


def is_newer(facts: OrderFacts, *, as_of: datetime, known_as_of: datetime | None, known_status: str) -> bool:
    """Tell whether facts are newer than those stored: by their newest event, then by status.

    Equally new facts that differ are a correction, unless they come from a copy that lost its seconds.
    """
    if known_as_of is None:
        return True
    reported, known = (as_of, statuses.RANK[facts.status]), (known_as_of, statuses.RANK[known_status])
    return reported > known or (reported == known and not facts.is_coarse)


def status(facts: OrderFacts, known: str, *, cancelled_at: datetime | None = None) -> str:
    """Take the newer status, but never step back from one that we learnt otherwise, such as a signature.

    A cancelled order may go on after all; one whose cancelling is dated only when it was shipped.
    """
    is_step_back = statuses.RANK[facts.status] < statuses.RANK[known]
    goes_on = known == OrderStatus.CANCELLED and (cancelled_at is None or facts.shipped_at is not None)
    return known if is_step_back and not goes_on else facts.status


def moment(reported: datetime | None, known: datetime | None, *, is_coarse: bool) -> datetime | None:
    """Take the reported time; keep the known one if there is none, or if only its seconds were lost."""
    if reported is None or known is None:
        return reported or known
    return known if is_coarse and known.replace(second=0, microsecond=0) == reported else reported


def text(reported: str, known: str) -> str:
    """Take the reported text; an export that leaves it out or encrypts it does not erase it."""
    return reported or known


def matched(lines: Sequence[LineFacts], known: Sequence[OrderLine]) -> list[OrderLine | None]:
    """Find for each reported line the stored one: by number and SKU, then by what was bought, then by SKU alone."""
    found: list[OrderLine | None] = [None] * len(lines)
    free = list(known)
    for key in (_by_number, _by_goods, _by_sku):
        for position, line in enumerate(lines):
            if found[position] is None and (wanted := key(line)) is not None:
                stored = next((one for one in free if key(one) == wanted), None)
                if stored is not None:
                    found[position] = stored
                    free.remove(stored)
    return found


def _by_number(line: LineFacts | OrderLine) -> Hashable:
    return (line.external_id, line.sku, line.is_gift) if line.external_id else None


def _by_goods(line: LineFacts | OrderLine) -> Hashable:
    return line.sku, line.title, line.variant, line.is_gift


def _by_sku(line: LineFacts | OrderLine) -> Hashable:
    return (line.sku, line.is_gift) if line.sku else None
