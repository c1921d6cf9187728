"""The clock: Celery beat ticks, workers sweep. Rows are the queue, so a lost tick loses nothing."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("aftersales")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

SWEEP_SECONDS = 30

# A tick expires before the next one: after an outage there is one sweep to do, not a pile of them.
app.conf.beat_schedule = {
    "sweep": {
        "task": "aftersales.tasks.sweep",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS - 5},
    },
}
