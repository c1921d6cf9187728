"""Celery entry points: each reads the clock and calls a sweep."""

from celery import shared_task
from django.utils import timezone

from aftersales import sweeps
from aftersales.actions.conversation import outbox

BATCHES = 20  # then the next tick goes on: a task has its time


@shared_task(ignore_result=True)
def sweep() -> None:
    """Everything that is due."""
    sweeps.run(timezone.now())


@shared_task(ignore_result=True)
def send_refunds() -> None:
    """Refunds that are queued."""
    sweeps.send_refunds(timezone.now())


@shared_task(ignore_result=True)
def send_messages() -> None:
    """Messages that nobody has taken back."""
    outbox.send_due(timezone.now())


@shared_task(ignore_result=True)
def run_imports() -> None:
    """Imports that people have started."""
    sweeps.run_imports(timezone.now())


@shared_task(ignore_result=True)
def run_bulk() -> None:
    """What people asked to be done to many cases; each hundred rows have a moment of their own."""
    for _hundred in range(BATCHES):
        if not sweeps.run_bulk(timezone.now()):
            break


@shared_task(ignore_result=True)
def fold_board() -> None:
    """Counted changes that are not folded yet."""
    sweeps.fold_board()
