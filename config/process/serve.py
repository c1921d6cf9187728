"""The web server: translations compiled, database renewed or migrated, on a first start the demo shop, then gunicorn.

One process does it all, so that Django is loaded once before the first page. Arguments are gunicorn's.
"""

import os

import django
from django.core.management import call_command, get_commands

from config import catalogue


def prepare() -> None:
    """Everything that must be there before the first page, in the order in which one part needs the other."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    catalogue.compile_all()
    django.setup()
    from config.process import renewal

    renewal.renew_outdated()
    call_command("migrate", interactive=False, verbosity=0)
    _fill()


def _fill() -> None:
    """Collected files in production, the demo shop on the first start of a demo."""
    from django.conf import settings

    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    if settings.IS_PRODUCTION:
        call_command("collectstatic", interactive=False, verbosity=0)
    elif _is_first_start() and "seed_demo" in get_commands():
        print("First start: making a demo shop …", flush=True)
        call_command("seed_demo")


def _is_first_start() -> bool:
    from django.contrib.auth import get_user_model

    return not get_user_model().objects.exists()


def serve() -> None:
    """Serve until told to stop; gunicorn forks its workers from this loaded process."""
    from django.db import connections
    from gunicorn.app.wsgiapp import WSGIApplication

    connections.close_all()
    WSGIApplication().run()


if __name__ == "__main__":
    prepare()
    serve()
