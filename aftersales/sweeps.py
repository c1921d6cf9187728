"""Rows that are due become actions: one savepoint each, the outcome written on the row."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from aftersales.actions.clock import fire_deadlines
from aftersales.actions.console import bulk, distribution
from aftersales.actions.conversation import outbox
from aftersales.actions.oversight import outages
from aftersales.actions.parties import notices
from aftersales.actions.refunds import gateway_notices, refund_worker
from aftersales.actions.returns import pickup_processing, scan_processing
from aftersales.actions.returns.goods import goods_back
from aftersales.models import ClockBeat, Outage
from aftersales.queries.policies import policy_choice
from logistics import sweeps as carriers
from logistics.messages import parsing
from logistics.parcels import imported
from orders import receipt
from orders.importers import runs


def judge(at: datetime) -> None:
    """What `run` does before deadlines, as far as nobody outside is asked: the sleep, outages, and what is told."""
    note_sleep(at)
    apply_outages(at)
    parsing.read_due(at)
    pickup_processing.process_due(at)
    scan_processing.process_due(at)


def run(at: datetime) -> Counter[str]:
    """Everything that is due; answers how much of each.

    The order matters:

    1. Outages move deadlines before the clock acts on them: nobody is late for what we could not serve.
    2. What carriers and couriers told is judged before deadlines: goods that arrived in time are no missed promise.
    3. Deadlines that have passed.
    4. Refunds, also those that a deadline has just begun; then what gateways tell unasked.
    5. Cases are handed out as they now stand; messages and notices tell of all of the above.
    6. Receipts and counts, which nothing waits for. The beat last: what failed on the way leaves a trace.
    """
    done: Counter[str] = Counter()
    note_sleep(at)
    done["outages"] = apply_outages(at)
    done += carriers.run(at)
    done["pickups"] = pickup_processing.process_due(at)
    done["scans"] = scan_processing.process_due(at)
    done += fire_deadlines(at)
    done["goods"] = goods_back.note_overdue(at)
    done["refunds"] = send_refunds(at)
    done["told"] = gateway_notices.apply_notices(at)
    done["handed"] = distribution.run(at)
    done["messages"] = outbox.send_due(at)
    done["notices"] = notices.deliver_due(at)
    done["receipts"] = confirm_receipts(at)
    done["files"] = runs.remove_old_files(at)
    fold_board()
    ClockBeat.objects.update_or_create(pk=1, defaults={"beat_at": at})
    return done


@transaction.atomic
def note_sleep(at: datetime) -> None:
    """When the clock itself slept, nobody could be served by it: that is an outage."""
    beat = ClockBeat.objects.select_for_update().filter(pk=1).first()
    # Deadlines that passed while nobody could act must not all fire at the first beat after a night's outage.
    if beat and at - beat.beat_at > settings.CLOCK_SLEPT_AFTER:
        Outage.objects.create(started_at=beat.beat_at, ended_at=at, reason=_("The clock had stopped."))
        # With the outage, so that neither a second sweep nor the one after a failure counts the same sleep again.
        ClockBeat.objects.filter(pk=1).update(beat_at=at)


def apply_outages(at: datetime) -> int:
    """Move deadlines for outages that have ended and were not counted yet."""
    waiting = Outage.objects.filter(applied_at__isnull=True, ended_at__lte=at).order_by("started_at")
    return sum(outages.apply(outage, at=at) for outage in waiting)


def send_refunds(at: datetime, limit: int = 200) -> int:
    """Send what is queued and ask after what is unknown; one refund a turn."""
    return _count(lambda: refund_worker.send_next(at), limit)


def run_imports(at: datetime, limit: int = 20) -> int:
    """Do up to `limit` imports that wait, one after the other."""
    return _count(lambda: runs.perform_next(at, record=imported.record), limit)


def run_bulk(at: datetime, limit: int = 100) -> int:
    """Do up to `limit` rows of bulk jobs, in the order in which people started them."""
    return _count(lambda: bulk.perform_next(at), limit)


def confirm_receipts(at: datetime) -> int:
    """Date the receipt of orders that were signed for, and complete those whose time has come."""
    # Confirming a receipt is no case and has no scope.
    general = policy_choice.general(at)
    if general is not None:
        receipt.date_signed(general.confirm_days)
    return receipt.confirm_due(at)


def fold_board() -> int:
    """Fold counted changes into the counts of the board; answers how many counts changed. See docs/adr/0005."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FOLD)
        return cursor.rowcount


def _count(turn: Callable[[], bool], limit: int) -> int:
    return sum(1 for _turn in _while(turn, limit))


def _while(turn: Callable[[], bool], limit: int) -> Iterable[int]:
    for number in range(limit):
        if not turn():
            return
        yield number


FOLD = """
WITH taken AS (
    DELETE FROM aftersales_boarddelta
    WHERE id IN (SELECT id FROM aftersales_boarddelta ORDER BY id LIMIT 50000 FOR UPDATE SKIP LOCKED)
    RETURNING status, merchant_id, assignee_id, opened_on, delta
), summed AS (
    SELECT side.kind, status, side.subject, sum(delta) AS delta FROM taken
    CROSS JOIN LATERAL (
        VALUES ('day', (opened_on - date '1970-01-01')::bigint), ('assignee', assignee_id), ('merchant', merchant_id)
    ) AS side (kind, subject)
    GROUP BY 1, 2, 3 HAVING sum(delta) <> 0 ORDER BY 1, 2, 3
)
INSERT INTO aftersales_boardcount AS b (kind, status, subject, count) SELECT kind, status, subject, delta FROM summed
ON CONFLICT (kind, status, subject) DO UPDATE SET count = b.count + excluded.count
"""
