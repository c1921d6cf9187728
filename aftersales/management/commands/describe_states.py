"""Print the transition tables as Markdown."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from aftersales.queries.policies import states_markdown

PAGE = settings.BASE_DIR / "docs" / "states.md"


class Command(BaseCommand):
    """`manage.py describe_states [--write | --check]`: what may move where, from the code itself."""

    help = "Print states, moves, clocks, refunds and parcels as Markdown."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --write and --check."""
        where = parser.add_mutually_exclusive_group()
        where.add_argument("--write", action="store_true", help="write docs/states.md")
        where.add_argument("--check", action="store_true", help="exit 1 when docs/states.md is not what the code says")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print, write or compare; SystemExit(1) when the page is stale."""
        text = states_markdown.document()
        if options["write"]:
            PAGE.write_text(text, encoding="utf-8")
        elif not options["check"]:
            self.stdout.write(text, ending="")
        elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
            self.stderr.write(_("docs/states.md is stale: run “manage.py describe_states --write”."))
            sys.exit(1)
