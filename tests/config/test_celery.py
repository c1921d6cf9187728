"""The ticks of the clock."""

from config.celery import app


def test_ticks_expire_before_the_next_one():
    for entry in app.conf.beat_schedule.values():
        assert 0 < entry["options"]["expires"] < entry["schedule"]


def test_every_tick_has_its_task():
    app.loader.import_default_modules()

    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)
