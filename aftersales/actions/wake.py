"""Wakes the worker after a commit; when the broker is away the next beat does it."""

import logging

from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def after_commit(task: str) -> None:
    """Ask a worker to run a sweep now; losing the message loses nothing."""
    # Rows are the queue (docs/adr/0002): the message only saves the wait until the next beat.
    if settings.WAKE_WORKERS:
        transaction.on_commit(lambda: _send(f"aftersales.tasks.{task}"), robust=True)


def _send(name: str) -> None:
    try:
        current_app.send_task(name, ignore_result=True, retry=False, expires=30)
    except (OperationalError, OSError):
        log.warning("broker not reached: %s waits for the next beat", name)
