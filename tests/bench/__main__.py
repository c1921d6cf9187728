"""`python -m tests.bench --cases N [--rounds 5] [--only queue,flow]`: exit 1 when a target is missed."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from config.process import garbage_collection
from tests.bench import places
from tests.bench.report import Figure, table, write

ROUNDS = 5
WHOLE = 1000  # cases or deadlines of a measurement, where there is time


def main() -> int:
    """Seed, measure, report."""
    asked = argparse.ArgumentParser(prog="make bench", description=__doc__)
    asked.add_argument("--cases", type=int, default=1_000_000)
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    asked.add_argument(
        "--only",
        default="",
        help="parts: pages, peek, search, board, moves, claims, sweep, celery, flow, labels, import, carriers, live (with commas)",
    )
    asked.add_argument("--out", type=Path, default=places.BASE / "var" / "bench.json")
    asked.add_argument("--database", default="desk_bench", help="made anew unless it was filled today in this size")
    options = asked.parse_args()
    folder = places.settle(options.database)
    only = {part for part in options.only.split(",") if part}
    figures = []
    for figure in run(options.database, options.cases, options.rounds, only):
        figures.append(figure)
        print(f"  {figure.name}: {figure.value:.4g} {figure.unit}", file=sys.stderr, flush=True)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    write(figures, options.out)
    (folder / "table.md").write_text(table(figures) + "\n", encoding="utf-8")
    print(table(figures))
    missed = [figure.name for figure in figures if not figure.ok]
    print(f"{len(missed)} targets missed: {'; '.join(missed)}" if missed else "All targets are met.")
    return 1 if missed else 0


def run(database: str, cases: int, rounds: int, only: set[str]) -> Iterator[Figure]:
    """Every measurement, one after the other; Django starts here."""
    import django
    from django.conf import settings

    (settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    settings.ROOT_URLCONF = "tests.bench.lean"
    django.setup()
    from tests.bench.data import seed

    small = f"{database}_tenth"
    yield from _seeded(small, max(cases // 10, 200))
    yield from _seeded(database, cases)
    _lift_limits()
    garbage_collection.settle()  # as a web server does once it is loaded
    for broken in seed.broken():
        raise RuntimeError(broken)
    for name, measure in _parts(small, cases, rounds).items():
        if not only or name in only:
            print(f"{name} …", file=sys.stderr, flush=True)
            seed.calm()
            yield from measure()


def _lift_limits() -> None:
    """A bench decides more in a minute than a person may in a day."""
    from aftersales.models import Policy

    Policy.objects.update(authority_agent_day=None, authority_senior_day=None, authority_supervisor_day=None)


def _seeded(name: str, cases: int) -> Iterator[Figure]:
    from tests.bench.data import database

    started = time.perf_counter()
    is_new = database.ready(name, cases)
    if is_new:
        yield Figure(f"seed of {cases:,} cases", time.perf_counter() - started, "s")


def _parts(small: str, cases: int, rounds: int) -> dict[str, Callable[[], Iterator[Figure]]]:
    from tests.bench.parts import (
        board,
        carriers,
        claims,
        flow,
        flow_cost,
        imports,
        labels,
        live,
        moves,
        pages,
        quick_view,
        searching,
        sweeps,
    )

    size = WHOLE if cases >= 50_000 else max(cases // 50, 8)
    return {
        "pages": lambda: pages.measure(rounds, 10 if size == WHOLE else 2, small),
        "search": lambda: searching.measure(rounds, 5 if size == WHOLE else 1),
        "peek": lambda: quick_view.measure(rounds, 30 if size == WHOLE else 5),
        "board": lambda: board.measure(rounds, size // 4 * 4),
        "moves": lambda: moves.measure(rounds, size // 4 * 4),
        "claims": lambda: claims.measure(rounds, min(size // 2, 400)),
        "sweep": lambda: sweeps.measure(rounds, 2 * size),
        "celery": lambda: sweeps.through_celery(rounds, 2 * size),
        "flow": lambda: flow.measure(rounds, min(size // 8 * 4, 40) or 4),
        "flow_cost": lambda: flow_cost.measure(rounds, 20 if size == WHOLE else 2),
        "labels": lambda: labels.measure(rounds, 25),
        "import": lambda: imports.measure(rounds, 5 * size),
        "carriers": lambda: carriers.measure(rounds, 2 * size),
        "live": lambda: live.measure(rounds, 200, 400 if size == WHOLE else 40),
    }


if __name__ == "__main__":
    sys.exit(main())
