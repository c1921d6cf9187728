"""The clock: Celery beat ticks, workers sweep. Rows are the queue, so a lost tick loses nothing."""

import os

from celery import Celery
from celery.signals import worker_process_init, worker_ready

from config.process import garbage_collection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("aftersales")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

SWEEP = "aftersales.tasks.sweep"
SWEEP_SECONDS = 30
MESSAGE_SECONDS = 5

# A tick expires before the next one: after an outage there is one sweep to do, not a pile of them.
app.conf.beat_schedule = {
    "sweep": {
        "task": SWEEP,
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS - 5},
    },
    # A message waits 15 seconds to be taken back, and then not half a minute more.
    "messages": {
        "task": "aftersales.tasks.send_messages",
        "schedule": MESSAGE_SECONDS,
        "options": {"expires": MESSAGE_SECONDS - 1},
    },
    # Apart from the sweep: an import may take minutes, and promises do not wait for it.
    "imports": {
        "task": "aftersales.tasks.run_imports",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS - 5},
    },
    # A worker is woken when somebody begins one; this takes up what a dead worker has left.
    "bulk": {
        "task": "aftersales.tasks.run_bulk",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS - 5},
    },
}


@worker_process_init.connect
def settle_memory(**_: object) -> None:
    """Each process of a worker is loaded by now."""
    garbage_collection.settle()


@worker_ready.connect
def sweep_at_once(**_: object) -> None:
    """After a stop there is work that was due meanwhile; it does not wait for the first tick."""
    app.send_task(SWEEP, expires=SWEEP_SECONDS - 5)
