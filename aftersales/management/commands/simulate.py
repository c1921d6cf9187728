"""Play virtual days over the orders that are there, then check everything that must hold."""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count
from django.utils.translation import gettext as _

from aftersales.models import Case, Refund
from aftersales.queries.oversight import invariants, outside_invariants
from aftersales.queries.oversight.invariant import Verdict
from aftersales.simulation import world
from aftersales.simulation.play import play
from aftersales.simulation.tally import Tally

SHOWN = 25


def day(text: str) -> date:
    """A date written like 2018-03-01; ArgumentTypeError for any other text."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(_("%(text)s is no date: write it like 2018-03-01.") % {"text": text}) from None


def positive(text: str) -> float:
    """A number above zero, at most 100,000; ArgumentTypeError for any other text."""
    try:
        number = float(text)
    except ValueError:
        number = 0
    if not 0 < number <= 100_000:
        raise ArgumentTypeError(_("%(text)s is not a number between 0 and 100000.") % {"text": text})
    return number


class Command(BaseCommand):
    """`manage.py simulate --days N --seed S`: never touches the real time or the pulse of the real clock."""

    help = "Play virtual days of buyers, merchants, agents, warehouse, finance, carriers and the clock, then check all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare length, seed, start and density."""
        parser.add_argument("--days", type=positive, default=60, help="virtual days to play (60)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed on the same data plays the same (1)")
        parser.add_argument("--start", type=day, help="first day; else the busiest stretch of the orders")
        parser.add_argument("--rate", type=positive, default=12, help="requests a day (12)")
        parser.add_argument("--quiet", action="store_true", help="only the last line")
        parser.add_argument("--keep-going", action="store_true", help="go on after a bug, to find more of them")

    def handle(self, *args: Any, **options: Any) -> None:
        """Play and check; SystemExit(1) at a bug or a broken invariant, CommandError without orders."""
        if settings.IS_PRODUCTION:
            raise CommandError(_("A simulation makes up cases and people: it has no place in production."))
        game = self._game(options)
        tally = play(**game)
        verdicts = [*invariants.check_all(), *outside_invariants.verdicts()]
        if not options["quiet"]:
            self._tell(tally)
        self._tell_faults(tally, verdicts, options["seed"])
        self._tell_result(game, tally, verdicts)
        if tally.bugs or any(verdict.count for verdict in verdicts):
            sys.exit(1)

    def _game(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """What `play` takes, as the command line has it."""
        days = max(int(options["days"]), 1)
        given = {name: options[name] for name in ("rate", "seed", "keep_going")}
        return {"start": self._start(options["start"], days), "days": days, **given}

    def _start(self, chosen: date | None, days: int) -> datetime:
        try:
            return world.midnight(chosen) if chosen else world.busiest_start(days)
        except world.NoOrders:
            raise CommandError(
                _("There are no orders to play with: import some first, for example with import_orders olist.")
            ) from None

    def _tell(self, tally: Tally) -> None:
        self._table(_("Done by people"), tally.done)
        self._table(_("Done by the clock"), tally.clock)
        self._table(_("Refused"), tally.sentences)
        self._table(_("Cases now"), Counter(dict(Case.objects.values_list("status").annotate(Count("pk")))))
        self._table(_("Cases by type"), Counter(dict(Case.objects.values_list("type").annotate(Count("pk")))))
        self._table(_("Refunds now"), Counter(dict(Refund.objects.values_list("status").annotate(Count("pk")))))

    def _tell_faults(self, tally: Tally, verdicts: Sequence[Verdict], seed: int) -> None:
        # With the seed the same game, and so the same bug, is played again.
        for bug in tally.bugs:
            self.stdout.write(f"BUG {bug.at.isoformat()} {bug.action} {bug.about} --seed {seed}\n{bug.error}")
        for verdict in verdicts:
            if verdict.count:
                self.stdout.write(f"BROKEN {verdict.count} {verdict.name}: {', '.join(verdict.examples)}")

    def _tell_result(self, game: Mapping[str, Any], tally: Tally, verdicts: Sequence[Verdict]) -> None:
        numbers = {
            "days": game["days"],
            "start": game["start"].date(),
            "seed": game["seed"],
            "done": tally.done.total(),
            "bugs": len(tally.bugs),
            "broken": sum(1 for verdict in verdicts if verdict.count),
            "all": len(verdicts),
        }
        text = _(
            "%(days)d days from %(start)s, seed %(seed)d: %(done)d moves, %(bugs)d bugs, "
            "%(broken)d of %(all)d invariants broken."
        )
        self.stdout.write(text % numbers)

    def _table(self, title: str, counts: Counter[str]) -> None:
        self.stdout.write(f"{title}:")
        for name, number in counts.most_common(SHOWN):
            if number:
                self.stdout.write(f"{number:>8}  {name}")
