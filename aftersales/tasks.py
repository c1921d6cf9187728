"""Celery entry points: each reads the clock and calls a sweep."""

from celery import shared_task
from django.utils import timezone

from aftersales import sweeps
from aftersales.actions.conversation import outbox

BATCHES = 20  # then the next tick goes on: a task has its time


@shared_task(ignore_result=True)
def sweep() -> None:
    """Do everything that is due now."""
    sweeps.run(timezone.now())


@shared_task(ignore_result=True)
def send_refunds() -> None:
    """Send refunds that are queued, without waiting for the next sweep."""
    sweeps.send_refunds(timezone.now())


@shared_task(ignore_result=True)
def send_messages() -> None:
    """Send messages whose time to be taken back is over."""
    outbox.send_due(timezone.now())


@shared_task(ignore_result=True)
def run_imports() -> None:
    """Do imports that people have started."""
    sweeps.run_imports(timezone.now())


@shared_task(ignore_result=True)
def run_bulk() -> None:
    """What people asked to be done to many cases; each hundred rows have a moment of their own."""
    for _hundred in range(BATCHES):
        if not sweeps.run_bulk(timezone.now()):
            break


@shared_task(ignore_result=True)
def fold_board() -> None:
    """Fold counted changes into the board, so that its numbers are never older than a beat."""
    sweeps.fold_board()
