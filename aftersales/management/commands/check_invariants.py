"""Look whether everything that must hold does."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from aftersales.queries.oversight import invariants, outside_invariants
from aftersales.queries.oversight.invariant import Verdict


class Command(BaseCommand):
    """`manage.py check_invariants [--json]`: each invariant and how often it is broken; exit 1 when one is."""

    help = "Check what must hold: entitlements, books, deadlines, the log, the board, the gateway's ledger, files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --json."""
        parser.add_argument("--json", action="store_true", help="one JSON list for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check all; SystemExit(1) when an invariant is broken."""
        verdicts = [*invariants.check_all(), *outside_invariants.verdicts()]
        if options["json"]:
            self.stdout.write(json.dumps([asdict(verdict) for verdict in verdicts], ensure_ascii=False))
        else:
            self._tell(verdicts)
        if any(verdict.count for verdict in verdicts):
            sys.exit(1)

    def _tell(self, verdicts: list[Verdict]) -> None:
        for verdict in verdicts:
            self.stdout.write(f"{verdict.count:>8}  {verdict.name}")
            if verdict.count:
                self.stdout.write(f"{'':>10}{', '.join(verdict.examples)} …")
        broken = sum(1 for verdict in verdicts if verdict.count)
        self.stdout.write(_("%(all)d invariants, %(broken)d broken.") % {"all": len(verdicts), "broken": broken})
