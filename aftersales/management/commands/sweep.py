"""Do what is due, once; or say what would be done."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from aftersales import sweeps
from aftersales.actions import clock
from aftersales.models import Deadline
from aftersales.rules.policies.clocks import CLOCKS
from aftersales.rules.vocabulary import DeadlineKind, DeadlineStatus


def moment(text: str) -> datetime:
    """A moment as 2026-02-13T10:00 or with a zone; without one, the shop's."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise ArgumentTypeError(_("%(text)s is no moment: write it like 2026-02-13T10:00.") % {"text": text})
    return timezone.make_aware(found) if timezone.is_naive(found) else found


class Command(BaseCommand):
    """`manage.py sweep [--dry-run] [--at MOMENT] [--json]`: what the clock does every half minute."""

    help = "Do everything that is due: deadlines, refunds, notices, counts; --dry-run lists and writes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --dry-run, --at and --json."""
        parser.add_argument("--dry-run", action="store_true", help="list what the clock would do, change nothing")
        parser.add_argument("--at", type=moment, metavar="MOMENT", help="as if it were then (now)")
        parser.add_argument("--json", action="store_true", help="one JSON value for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what is due, or with --dry-run list what would be done."""
        at = options["at"] or timezone.now()
        if options["dry_run"]:
            self._tell_due(list(_due(at)), is_json=options["json"])
            return
        self._tell_done({name: number for name, number in sweeps.run(at).items() if number}, is_json=options["json"])

    def _tell_done(self, done: dict[str, int], *, is_json: bool) -> None:
        if is_json:
            self.stdout.write(json.dumps(done))
            return
        if not done:
            self.stdout.write(_("Nothing was due."))
        for name, number in done.items():
            self.stdout.write(f"{number:>8}  {name}")

    def _tell_due(self, due: list[dict[str, str]], *, is_json: bool) -> None:
        if is_json:
            self.stdout.write(json.dumps(due))
            return
        for one in due:
            self.stdout.write(f"{one['due']}  {one['case']}  {one['kind']} → {one['action']}")
        self.stdout.write(_("%(count)d deadlines are due; nothing was changed.") % {"count": len(due)})


def _due(at: datetime) -> Iterator[dict[str, str]]:
    """Deadlines that the clock would act on, in its order; late first replies are only marked."""
    # All that is due; a sweep itself takes a limited number a turn.
    acted_on = clock.due(at, limit=100_000)
    late = Deadline.objects.filter(kind=DeadlineKind.FIRST_REPLY, status=DeadlineStatus.PENDING, due_at__lte=at)
    ids = [*late.order_by("due_at", "pk").values_list("pk", flat=True), *(one.deadline_id for one in acted_on)]
    found = Deadline.objects.select_related("case").in_bulk(ids)
    yield from (_reported(found[pk]) for pk in ids)


def _reported(deadline: Deadline) -> dict[str, str]:
    kind = DeadlineKind(deadline.kind)
    return {
        "kind": kind.value,
        "case": deadline.case.number,
        "due": deadline.due_at.isoformat(),
        "action": CLOCKS[kind].action if kind in CLOCKS else "miss",
    }
