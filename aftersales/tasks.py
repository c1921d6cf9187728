"""Celery entry points: each reads the clock and calls a sweep."""

from celery import shared_task
from django.utils import timezone

from aftersales import sweeps
from aftersales.actions import notices, outbox


@shared_task(ignore_result=True)
def sweep() -> None:
    """Everything that is due."""
    sweeps.run(timezone.now())


@shared_task(ignore_result=True)
def send_refunds() -> None:
    """Refunds that are queued."""
    sweeps.send_refunds(timezone.now())


@shared_task(ignore_result=True)
def deliver_notices() -> None:
    """Notices that wait in the outbox."""
    notices.deliver_due(timezone.now())


@shared_task(ignore_result=True)
def send_messages() -> None:
    """Messages that nobody has taken back."""
    outbox.send_due(timezone.now())


@shared_task(ignore_result=True)
def run_imports() -> None:
    """Imports that people have started."""
    sweeps.run_imports(timezone.now())


@shared_task(ignore_result=True)
def fold_board() -> None:
    """Counted changes that are not folded yet."""
    sweeps.fold_board()
