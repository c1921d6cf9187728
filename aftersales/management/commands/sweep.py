"""Do what is due, once; or say what would be done."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from aftersales import sweeps
from aftersales.actions import clock
from aftersales.models import Deadline, Event, Outage
from aftersales.rules.policies.clocks import CLOCKS
from aftersales.rules.vocabulary import DeadlineKind, DeadlineStatus, Role


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
            self._tell_due(_rehearsed(at), is_json=options["json"])
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
            self.stdout.write(_line(one))
        count = sum(one["kind"] != "outage" for one in due)
        self.stdout.write(_("%(count)d deadlines are due; nothing was changed.") % {"count": count})


def _line(one: dict[str, str]) -> str:
    if one["kind"] == "outage":
        return _("%(due)s  outage until %(until)s, %(moves)s deadlines move") % one
    line = f"{one['due']}  {one['case']}  {one['kind']} → {one['action']}"
    return f"{line}: {one['fails']}" if "fails" in one else line


@transaction.atomic
def _rehearsed(at: datetime) -> list[dict[str, str]]:
    """What a sweep would do at that moment: it is done as far as nobody outside hears of it, and taken back."""
    known = set(Outage.objects.values_list("pk", flat=True))
    last = Event.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    sweeps.judge(at)
    # All that is due; a sweep itself takes a limited number a turn.
    late = Deadline.objects.filter(kind=DeadlineKind.FIRST_REPLY, status=DeadlineStatus.PENDING, due_at__lte=at)
    due = [each.deadline_id for each in clock.due(at, limit=100_000)]
    ids = [*late.order_by("due_at", "pk").values_list("pk", flat=True), *due]
    before = Deadline.objects.in_bulk(ids)
    clock.fire_deadlines(at)
    after = Deadline.objects.select_related("case").in_bulk(ids)
    outages = [_declared(outage) for outage in Outage.objects.exclude(pk__in=known).order_by("started_at")]
    made = _moves_since(last)
    told = [
        _reported(before[pk], after[pk], made.get(after[pk].case_id, ()))
        for pk in ids
        if _has_acted(before[pk], after[pk])
    ]
    transaction.set_rollback(True)
    return [*outages, *told]


def _moves_since(event_id: int) -> Mapping[int, list[str]]:
    """The moves that the clock made after an event, by case: not always the one that a deadline was set for."""
    made: dict[int, list[str]] = defaultdict(list)
    events = Event.objects.filter(pk__gt=event_id, role=Role.CLOCK).order_by("pk")
    for case_id, action in events.values_list("case_id", "action"):
        made[case_id].append(action)
    return made


def _has_acted(before: Deadline, after: Deadline) -> bool:
    """Whether the clock acted, or tried to: not where an earlier move of the case has met the deadline."""
    is_over = after.status in (DeadlineStatus.FIRED, DeadlineStatus.MISSED)
    return is_over or after.tries > before.tries or after.due_at != before.due_at


def _declared(outage: Outage) -> dict[str, str]:
    return {
        "kind": "outage",
        "due": outage.started_at.isoformat(),
        "until": outage.ended_at.isoformat() if outage.ended_at else "",
        "moves": str(outage.moved_count),
    }


def _reported(before: Deadline, after: Deadline, made: Sequence[str]) -> dict[str, str]:
    kind = DeadlineKind(before.kind)
    promised = CLOCKS[kind].action if kind in CLOCKS else "miss"
    told = {
        "kind": kind.value,
        "case": after.case.number,
        "due": before.due_at.isoformat(),
        "action": promised if kind not in CLOCKS or promised in made or not made else made[0],
    }
    return told | ({"fails": after.last_error} if after.tries > before.tries else {})
