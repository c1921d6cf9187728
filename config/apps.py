"""The platform as an app, so that every Django process knows the clock's Celery app."""

from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """Make config.celery the app that shared tasks are sent through."""
        from config import celery  # noqa: F401 - importing it is what registers it
