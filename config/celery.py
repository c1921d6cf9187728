"""The clock: Celery beat ticks, workers sweep. Rows are the queue, so a lost tick loses nothing."""

import os

from celery import Celery
from celery.signals import worker_process_init, worker_ready

from config.process import garbage_collection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("aftersales")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Messages are ticks, not work, so a lost or late one is simply dropped. What was begun by a worker that died is begun
# again: each row has its own savepoint, so what it had done stays done.
app.conf.update(
    broker_transport_options={
        "global_keyprefix": "desk:",
        "socket_connect_timeout": 2,
        "socket_timeout": 10,
        "visibility_timeout": 600,
    },
    broker_connection_retry_on_startup=True,
    # For ever: a broker that is away for an hour must not leave a desk without a clock.
    broker_connection_max_retries=None,
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    # A person who acts does not wait for the broker; the next tick finds the row.
    task_publish_retry=False,
    # Both below visibility_timeout, after which the broker gives the message to a second worker.
    task_soft_time_limit=540,
    task_time_limit=570,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_cancel_long_running_tasks_on_connection_loss=False,
)

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
