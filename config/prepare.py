"""Before serving: translations compiled, database migrated, on a first start the demo shop sown."""

import os
import sys

import django
from django.core.management import call_command, get_commands

from config import catalogue


def prepare() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    catalogue.compile_all()
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
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


if __name__ == "__main__":
    prepare()
    sys.stdout.flush()
